import type { EntityManager } from 'typeorm';
import { BATCH, type Batch, type BulkJobEntity, type BulkStep } from '@qingnang/corpus';
import { notFound } from '@qingnang/kernel';
import { notify } from '@qingnang/queue';
import { countSubjects, makeTasks, type TaskSubjects } from './make-tasks.js';
import { drawSample } from './rules/draw-sample.js';
import { TaskSetEntity } from './task-set.entity.js';

/** How a job makes tasks: at most so many; or those of a rule's sample, all at once. */
interface Settings {
  limit?: number | null;
  draw?: 'sample';
}

/**
 * Fills a task set, a batch of tasks at a time; they are handed out as they come. Taking it back removes what nobody has had
 * in hand, and closes the set. `subjects` names those of every kind of set.
 */
export function taskSetStep(subjects: (set: TaskSetEntity) => TaskSubjects): BulkStep {
  return {
    kind: 'make_task_set',
    async count(tx, job) {
      const { limit = null, draw } = job.settings as Settings;
      if (draw) return limit!;
      return countSubjects(tx, subjects(await setOf(tx, job)), limit);
    },
    async batch(tx, job) {
      const set = await setOf(tx, job);
      const { limit = null, draw } = job.settings as Settings;
      await notify(tx, job.projectId, 'task-sets', set.id);
      if (draw) return { afterId: null, done: await drawSample(tx, set), left: {} };
      const room = limit === null ? BATCH : Math.min(BATCH, limit - job.done);
      if (room <= 0) return { afterId: null, done: 0, left: {} };
      const { made, seen, last } = await makeTasks(tx, set, subjects(set), { after: job.afterId, limit: room });
      return { afterId: seen < room ? null : last, done: made, left: {} };
    },
    undo: removeTasks,
  };
}

async function setOf(tx: EntityManager, { projectId, aboutId }: BulkJobEntity): Promise<TaskSetEntity> {
  const set = await tx.findOneBy(TaskSetEntity, { projectId, id: aboutId! });
  if (!set) throw notFound('task set', aboutId!);
  return set;
}

/** Slots first, as whoever claims one has it: what somebody has taken at this moment is seen to be taken. */
async function removeTasks(tx: EntityManager, job: BulkJobEntity): Promise<Batch> {
  const rows: { id: string; subject_id: string; record_id: string | null; touched: boolean }[] = await tx.query(
    `select id, subject_id, record_id from task where task_set_id = $1 and ($2::uuid is null or subject_id > $2)
     order by subject_id limit ${BATCH}`,
    [job.aboutId, job.afterId],
  );
  const ids = rows.map(({ id }) => id);
  await tx.query('select from slot where task_id = any($1::uuid[]) order by id for update', [ids]);
  const touched: { task_id: string }[] = await tx.query(
    `select distinct s.task_id from slot s join assignment a on a.slot_id = s.id where s.task_id = any($1::uuid[])`,
    [ids],
  );
  const kept = new Set(touched.map(({ task_id }) => task_id));
  const gone = rows.filter(({ id }) => !kept.has(id));
  await remove(tx, gone);
  await tx.query(`update task_set set state = 'closed', revision = revision + 1 where id = $1 and state = 'open'`, [
    job.aboutId,
  ]);
  await notify(tx, job.projectId, 'task-sets', job.aboutId!);
  return {
    afterId: rows.length < BATCH ? null : rows.at(-1)!.subject_id,
    done: gone.length,
    left: kept.size > 0 ? { worked_on: kept.size } : {},
  };
}

async function remove(tx: EntityManager, tasks: readonly { id: string; record_id: string | null }[]): Promise<void> {
  const ids = tasks.map(({ id }) => id);
  await tx.query('delete from slot where task_id = any($1::uuid[])', [ids]);
  await tx.query('delete from task where id = any($1::uuid[])', [ids]);
  await tx.query(
    `update record set state = 'imported', updated_at = now()
     where id = any($1::uuid[]) and state = 'in_work' and not exists (select from task t where t.record_id = record.id)`,
    [tasks.flatMap(({ record_id }) => record_id ?? [])],
  );
}
