import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { writeAudit } from '@qingnang/audit';
import {
  type Actor,
  type CreateTaskSet,
  type KindOfAlarm,
  type ListReply,
  MOST_AT_ONCE,
  type TaskSet,
  type TaskSetQuery,
  type UpdateTaskSet,
} from '@qingnang/contracts';
import { orderBulkJob } from '@qingnang/corpus';
import { inState, keptCount, listPage, type Queryable } from '@qingnang/database';
import { DomainError, notFound, staleRevision } from '@qingnang/kernel';
import { notify } from '@qingnang/queue';
import { alarmsOfSet, quietKindsSql } from './facts/answer-facts.js';
import { countSubjects, insertTaskSet, makeTaskSet, polishedRecords, type TaskSubjects } from './make-tasks.js';
import { TaskSetEntity } from './task-set.entity.js';

function kept(topic: 'task' | 'slot', ...states: string[]): string {
  const where = states.length > 0 ? { where: inState(...states) } : {};
  return keptCount(topic, { project: 'ts.project_id', scope: 'ts.id', ...where });
}

const COLUMNS = `ts.id, ts.name, ts.kind, ts.filter, ts.overlap, ts.roles, ts.departments, ts.deadline::text as deadline,
  ts.state, ts.created_at as "createdAt", ts.revision, (ts.settings ->> 'evaluationId')::uuid as "evaluationId",
  (ts.settings ->> 'ruleId')::uuid as "ruleId",
  (select jsonb_build_object('jobId', j.id, 'state', j.state, 'done', j.done, 'total', j.total) from bulk_job j
    where j.about_id = ts.id and j.state <> 'done' order by j.created_at desc limit 1) as making,
  ${quietKindsSql('ts')} as "quietKinds",
  ${kept('task')} as tasks, ${kept('task', 'to_adjudicate')} as "toAdjudicate", ${kept('slot', 'open', 'returned')} as open,
  ${kept('slot', 'leased')} as leased, ${kept('slot', 'answered', 'accepted')} as answered`;

/** Batches of work for people. */
@Injectable()
export class TaskSetService {
  constructor(private readonly dataSource: DataSource) {}

  list(actor: Actor, query: TaskSetQuery): Promise<ListReply<TaskSet>> {
    const params: unknown[] = [actor.projectId];
    const where = ['ts.project_id = $1'];
    if (query.kind) where.push(`ts.kind = $${params.push(query.kind)}`);
    if (query.state) where.push(`ts.state = $${params.push(query.state)}`);
    return listPage<TaskSet, TaskSet>(this.dataSource, {
      select: COLUMNS,
      from: 'task_set ts',
      where,
      params,
      sortable: { createdAt: { sql: 'ts.created_at', type: 'timestamptz' } },
      id: { sql: 'ts.id', type: 'uuid' },
      query,
      map: (row) => row,
    });
  }

  async get(actor: Actor, id: string, db: Queryable = this.dataSource): Promise<TaskSet> {
    const [found] = await db.query<TaskSet[]>(
      `select ${COLUMNS} from task_set ts where ts.project_id = $1 and ts.id = $2`,
      [actor.projectId, id],
    );
    if (!found) throw notFound('task set', id);
    return found;
  }

  /** How often alarms of each kind are let stand. */
  async alarms(actor: Actor, id: string): Promise<KindOfAlarm[]> {
    const { quietKinds } = await this.get(actor, id);
    return alarmsOfSet(this.dataSource, id, quietKinds);
  }

  /** Polish reviews of the records that a filter selects. */
  createPolishReview(actor: Actor, input: CreateTaskSet): Promise<TaskSet> {
    return this.create(actor, input, (id) => polishedRecords(actor.projectId, id, input));
  }

  /**
   * A set over subjects that the caller names: libraries above bring their own kinds of task. Where they are too many for a
   * request, the set is there at once and a job fills it.
   * @throws `task_set.empty` (422) where nothing is selected.
   */
  create(actor: Actor, input: CreateTaskSet, subjects: (id: string) => TaskSubjects): Promise<TaskSet> {
    return this.dataSource.transaction(async (tx) => {
      const wanted = await countSubjects(tx, subjects(actor.projectId), MOST_AT_ONCE + 1);
      if (wanted === 0) throw nothingToDo();
      const byJob = Math.min(wanted, input.limit ?? wanted) > MOST_AT_ONCE;
      const id = byJob ? await orderTaskSet(tx, actor, input) : (await makeTaskSet(tx, actor, input, subjects)).id;
      const set = await this.get(actor, id, tx);
      await writeAudit(tx, actor, {
        action: 'task_set.create',
        subjectType: 'task_set',
        subjectId: id,
        after: { kind: input.kind, tasks: byJob ? null : set.tasks, overlap: input.overlap },
      });
      return set;
    });
  }

  update(actor: Actor, id: string, revision: number, { quietKinds, ...input }: UpdateTaskSet): Promise<TaskSet> {
    return this.dataSource.transaction(async (tx: EntityManager) => {
      const before = await tx.findOne(TaskSetEntity, {
        where: { projectId: actor.projectId, id },
        lock: { mode: 'pessimistic_write' },
      });
      if (!before) throw notFound('task set', id);
      if (before.revision !== revision) throw staleRevision('task set', before.revision);
      const settings = quietKinds ? { ...before.settings, quietKinds } : before.settings;
      await tx.update(TaskSetEntity, { id }, { ...input, settings: settings as object, revision: revision + 1 });
      await notify(tx, actor.projectId, 'task-sets', id);
      await writeAudit(tx, actor, {
        action: 'task_set.update',
        subjectType: 'task_set',
        subjectId: id,
        before: { state: before.state, ...quietOf(quietKinds && before.settings.quietKinds) },
        after: { fields: Object.keys(input), state: input.state ?? before.state, ...quietOf(quietKinds) },
      });
      return this.get(actor, id, tx);
    });
  }
}

/** Too many for a request: a job fills the set. */
async function orderTaskSet(tx: EntityManager, actor: Actor, { limit, ...columns }: CreateTaskSet): Promise<string> {
  const id = await insertTaskSet(tx, actor, columns);
  const settings = { limit: limit ?? null };
  await orderBulkJob(tx, actor, { kind: 'make_task_set', filter: columns.filter, settings, aboutId: id });
  return id;
}

/** Which alarms are off is said in the log where it was changed. */
const quietOf = (kinds: unknown): { quietKinds?: unknown } => (kinds === undefined ? {} : { quietKinds: kinds });

function nothingToDo(): DomainError {
  return new DomainError({
    code: 'task_set.empty',
    status: 422,
    field: 'filter',
    detail:
      'The filter selects nothing that waits for such work; widen it, or run the step before (polish, candidates) first.',
  });
}
