import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { writeAudit } from '@qingnang/audit';
import type {
  Actor,
  BulkItem,
  BulkItemQuery,
  BulkJob,
  BulkJobQuery,
  BulkState,
  CreateBulkJob,
  ListReply,
} from '@qingnang/contracts';
import { listPage, type Queryable } from '@qingnang/database';
import { DomainError, notFound } from '@qingnang/kernel';
import { enqueue, notify } from '@qingnang/queue';
import { bulkRunJob } from '../corpus.jobs.js';
import { cancelBulkJob, orderBulkJob } from './order-bulk-job.js';

/** Ended in any way but by being taken back; or the taking back broke off. */
const CAN_UNDO = `(j.state in ('done', 'failed', 'cancelled') and j.done > 0 or j.state = 'undoing' and j.failure is not null)`;

const COLUMNS = `j.id, j.kind, j.state, j.filter, j.reason, j.about_id as "aboutId", j.total, j.seen, j.done,
  j.left_out as left, j.undone, j.kept,
  jsonb_build_object('left', coalesce(j.reasons -> 'left', '{}'), 'kept', coalesce(j.reasons -> 'kept', '{}')) as reasons,
  ${CAN_UNDO} as "canUndo", j.failure, p.display_name as "createdBy", j.created_at as "createdAt",
  j.started_at as "startedAt", j.ended_at as "endedAt"`;
const FROM = 'bulk_job j left join person p on p.id = j.created_by';

/** Orders to do something to many records, and what came of them. */
@Injectable()
export class BulkJobService {
  constructor(private readonly dataSource: DataSource) {}

  list(actor: Actor, query: BulkJobQuery): Promise<ListReply<BulkJob>> {
    const params: unknown[] = [actor.projectId];
    const where = ['j.project_id = $1'];
    for (const column of ['kind', 'state'] as const) {
      if (query[column]) where.push(`j.${column} = $${params.push(query[column])}`);
    }
    return listPage<BulkJob, BulkJob>(this.dataSource, {
      select: COLUMNS,
      from: FROM,
      where,
      params,
      sortable: { createdAt: { sql: 'j.created_at', type: 'timestamptz' } },
      id: { sql: 'j.id', type: 'uuid' },
      query,
      map: (row) => row,
    });
  }

  async get(actor: Actor, id: string, db: Queryable = this.dataSource): Promise<BulkJob> {
    const [found] = await db.query<BulkJob[]>(`select ${COLUMNS} from ${FROM} where j.project_id = $1 and j.id = $2`, [
      actor.projectId,
      id,
    ]);
    if (!found) throw notFound('bulk job', id);
    return found;
  }

  /** Records by what the job did with them. */
  async items(actor: Actor, id: string, query: BulkItemQuery): Promise<ListReply<BulkItem>> {
    const { done, left, undone, kept } = await this.get(actor, id);
    const counts = { done: done - undone - kept, left, undone, kept };
    return listPage<BulkItem, BulkItem>(this.dataSource, {
      select: `i.record_id as id, i.outcome, i.reason, coalesce((select left(t ->> 'text', 120)
        from jsonb_array_elements(v.turns) with ordinality as x (t, i)
        where t ->> 'role' = 'patient' order by i limit 1), '') as question, r.state`,
      from: 'bulk_item i join record r on r.id = i.record_id join version v on v.id = r.latest_version_id',
      where: ['i.bulk_job_id = $1', 'i.outcome = $2'],
      params: [id, query.outcome],
      sortable: { id: { sql: 'i.record_id', type: 'uuid' } },
      id: { sql: 'i.record_id', type: 'uuid' },
      query,
      map: (row) => row,
      total: () => Promise.resolve(counts[query.outcome]),
    });
  }

  create(actor: Actor, { kind, filter, reason, how }: CreateBulkJob): Promise<BulkJob> {
    return this.dataSource.transaction(async (tx) => {
      const settings = how === undefined ? {} : { how };
      const id = await orderBulkJob(tx, actor, { kind, filter, reason, settings });
      return this.get(actor, id, tx);
    });
  }

  /** @throws `bulk_job.ended` (409) */
  cancel(actor: Actor, id: string): Promise<BulkJob> {
    return this.change(actor, id, 'cancel', async (tx) => {
      if (!(await cancelBulkJob(tx, { projectId: actor.projectId, id }))) throw hasEnded();
    });
  }

  /** Goes on with one that was cancelled or broke off. @throws `bulk_job.not_stopped` (409) */
  resume(actor: Actor, id: string): Promise<BulkJob> {
    return this.change(actor, id, 'resume', async (tx, { state }) => {
      if (state !== 'cancelled' && state !== 'failed') throw notStopped();
      await queueAgain(tx, actor, id, `state = 'queued'`);
    });
  }

  /** @throws `bulk_job.running` (409) while it is at work; `bulk_job.nothing_to_undo` (409) */
  undo(actor: Actor, id: string): Promise<BulkJob> {
    return this.change(actor, id, 'undo', async (tx, { state, canUndo }) => {
      if (state === 'queued' || state === 'running') throw atWork();
      if (!canUndo) throw nothingToUndo();
      // One that broke off goes on where it stopped.
      await queueAgain(tx, actor, id, state === 'undoing' ? '' : `state = 'undoing', after_id = null`);
    });
  }

  private change(
    actor: Actor,
    id: string,
    act: 'cancel' | 'resume' | 'undo',
    make: (tx: EntityManager, before: BulkJob) => Promise<void>,
  ): Promise<BulkJob> {
    return this.dataSource.transaction(async (tx) => {
      await tx.query('select from bulk_job where project_id = $1 and id = $2 for update', [actor.projectId, id]);
      const before = await this.get(actor, id, tx);
      await make(tx, before);
      await writeAudit(tx, actor, {
        action: `bulk_job.${act}`,
        subjectType: 'bulk_job',
        subjectId: id,
        before: { kind: before.kind, state: before.state satisfies BulkState, done: before.done },
      });
      return this.get(actor, id, tx);
    });
  }
}

async function queueAgain(tx: EntityManager, { projectId }: Actor, id: string, changes: string): Promise<void> {
  const columns = ['failure = null', 'ended_at = null', ...(changes === '' ? [] : [changes])].join(', ');
  await tx.query(`update bulk_job set ${columns} where id = $1`, [id]);
  await enqueue(tx, bulkRunJob, { projectId, jobId: id });
  await notify(tx, projectId, 'bulk-jobs', id);
}

function hasEnded(): DomainError {
  return new DomainError({
    code: 'bulk_job.ended',
    status: 409,
    detail: 'This job has ended, so there is nothing to stop; take it back if it should not have been done.',
  });
}

function notStopped(): DomainError {
  return new DomainError({
    code: 'bulk_job.not_stopped',
    status: 409,
    detail: 'Only a job that was stopped or broke off can go on; order a new one for more records.',
  });
}

function atWork(): DomainError {
  return new DomainError({
    code: 'bulk_job.running',
    status: 409,
    detail: 'This job is still at work: stop it first, then take it back.',
  });
}

function nothingToUndo(): DomainError {
  return new DomainError({
    code: 'bulk_job.nothing_to_undo',
    status: 409,
    detail:
      'This job did nothing that could be taken back, or is being taken back already; its lists say what it left.',
  });
}
