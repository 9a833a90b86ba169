import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { writeAudit } from '@qingnang/audit';
import type {
  Actor,
  CreateTaskSet,
  KindOfAlarm,
  ListReply,
  TaskSet,
  TaskSetQuery,
  UpdateTaskSet,
} from '@qingnang/contracts';
import { inState, keptCount, listPage, type Queryable } from '@qingnang/database';
import { DomainError, notFound, staleRevision } from '@qingnang/kernel';
import { notify } from '@qingnang/queue';
import { alarmsOfSet, quietKindsSql } from './facts/answer-facts.js';
import { makeTaskSet, polishedRecords, type TaskSubjects } from './make-tasks.js';
import { TaskSetEntity } from './task-set.entity.js';

function kept(topic: 'task' | 'slot', ...states: string[]): string {
  const where = states.length > 0 ? { where: inState(...states) } : {};
  return keptCount(topic, { project: 'ts.project_id', scope: 'ts.id', ...where });
}

const COLUMNS = `ts.id, ts.name, ts.kind, ts.filter, ts.overlap, ts.roles, ts.departments, ts.deadline::text as deadline,
  ts.state, ts.created_at as "createdAt", ts.revision, (ts.settings ->> 'evaluationId')::uuid as "evaluationId",
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
   * A set over subjects that the caller names: libraries above bring their own kinds of task.
   * @throws `task_set.empty` (422) where nothing is selected.
   */
  create(actor: Actor, input: CreateTaskSet, subjects: (id: string) => TaskSubjects): Promise<TaskSet> {
    return this.dataSource.transaction(async (tx) => {
      const { id, made } = await makeTaskSet(tx, actor, input, subjects);
      if (made === 0) throw nothingToDo();
      await writeAudit(tx, actor, {
        action: 'task_set.create',
        subjectType: 'task_set',
        subjectId: id,
        after: { kind: input.kind, tasks: made, overlap: input.overlap },
      });
      return this.get(actor, id, tx);
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
