import type { EntityManager } from 'typeorm';
import type { CreateTaskSet, TaskKind } from '@qingnang/contracts';
import { recordFilterSql } from '@qingnang/corpus';
import { uuidv7 } from '@qingnang/kernel';
import { notify } from '@qingnang/queue';
import { TaskSetEntity } from './task-set.entity.js';

/**
 * Subjects of tasks as SQL: columns `subject_id`, `record_id` (null where a subject has none); `$1` is the project, `$2`
 * the task set. All but records have their row in `subject` already.
 */
export interface TaskSubjects {
  sql: string;
  params: unknown[];
}

/** Records of the filter that have a polish nobody decided on yet. */
export function polishedRecords(projectId: string, taskSetId: string, input: CreateTaskSet): TaskSubjects {
  const params: unknown[] = [projectId, taskSetId];
  const where = recordFilterSql(input.filter, params);
  return {
    params,
    sql: `select r.id as subject_id, r.id as record_id from record r
      where r.project_id = $1 and ${where} and r.state in ('imported', 'in_work', 'approved')
        and exists (select from version v where v.record_id = r.id and v.kind = 'polish'
          and not exists (select from answer a where a.shown_version_id = v.id))`,
  };
}

export type NewTaskSet = Omit<CreateTaskSet, 'kind'> & { kind: TaskKind; settings?: { evaluationId: string } };

/** A set with its tasks, in the caller's transaction. Who may, and that it holds something, is the caller's to see to. */
export async function makeTaskSet(
  tx: EntityManager,
  who: { projectId: string; personId: string | null },
  { limit, ...columns }: NewTaskSet,
  subjects: (id: string) => TaskSubjects,
): Promise<{ id: string; made: number }> {
  const id = uuidv7();
  const { projectId } = who;
  await tx.insert(TaskSetEntity, { ...columns, id, projectId, createdBy: who.personId });
  const made = await makeTasks(tx, { id, projectId, overlap: columns.overlap, limit: limit ?? null }, subjects(id));
  await notify(tx, projectId, 'task-sets', id);
  return { id, made };
}

/**
 * Writes tasks and their slots out, once: the filter is never read again. Each slot of a polish review shows one of the
 * newest polishes of the record, one a prompt version, drawn by a hash of task and slot, so that nobody can tell or
 * steer which. Returns the number of tasks.
 */
async function makeTasks(
  tx: EntityManager,
  set: { id: string; projectId: string; overlap: number; limit: number | null },
  subjects: TaskSubjects,
): Promise<number> {
  const params = [...subjects.params];
  const limit = `$${params.push(set.limit)}`;
  const made = await tx.query<unknown[]>(
    `with chosen as (${subjects.sql} order by subject_id limit ${limit}),
     records as (
       insert into subject (id, project_id, kind, record_id)
       select subject_id, $1, 'record', record_id from chosen where subject_id = record_id order by subject_id
       on conflict (id) do nothing)
     insert into task (id, project_id, task_set_id, subject_id, record_id)
     select gen_random_uuid(), $1, $2, subject_id, record_id from chosen
     on conflict (task_set_id, subject_id) do nothing returning id`,
    params,
  );
  await tx.query(
    `insert into slot (id, project_id, task_set_id, task_id, subject_id, record_id, n, shown_version_id)
     select gen_random_uuid(), t.project_id, t.task_set_id, t.id, t.subject_id, t.record_id, n,
       case when t.subject_id = t.record_id then (
         select polish.id from (
           select distinct on (v.prompt_version_id) v.id from version v
           where v.record_id = t.record_id and v.kind = 'polish' order by v.prompt_version_id, v.created_at desc, v.id desc
         ) polish order by md5(t.id::text || n || polish.id) limit 1) end
     from task t, generate_series(1, $3) n
     where t.project_id = $1 and t.task_set_id = $2
       and not exists (select from slot s where s.task_id = t.id)`,
    [set.projectId, set.id, set.overlap],
  );
  await tx.query(
    `update record set state = 'in_work', updated_at = now()
     where state = 'imported' and id in (select record_id from task where task_set_id = $1)`,
    [set.id],
  );
  return made.length;
}
