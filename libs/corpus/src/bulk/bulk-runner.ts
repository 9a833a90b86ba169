import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { writeAudit } from '@qingnang/audit';
import { systemActor } from '@qingnang/contracts';
import { enqueue, type JobAttempt, notify } from '@qingnang/queue';
import { bulkRunJob } from '../corpus.jobs.js';
import { BulkJobEntity } from './bulk-job.entity.js';
import { cancelBulkJob } from './order-bulk-job.js';
import type { Batch, BulkStep, Reasons } from './bulk-step.js';

const GAVE_UP =
  'bulk_job.broke_off: It broke off several times on an internal error, which the log of the worker names; what was done so far stands. Go on with it, or take it back, once that is mended.';

interface Which {
  projectId: string;
  jobId: string;
}

/**
 * Does bulk jobs, and takes them back, batch by batch; killed anywhere, it goes on after the last committed batch. A cancelled
 * one ends between two batches.
 */
@Injectable()
export class BulkRunner {
  constructor(private readonly dataSource: DataSource) {}

  async run(which: Which, steps: readonly BulkStep[], attempt: JobAttempt): Promise<void> {
    for (;;) {
      const more = await this.dataSource.transaction(async (tx) => {
        await attempt.hold(tx);
        const job = await lock(tx, which);
        return job !== null && next(tx, job, steps);
      });
      if (!more) return;
      if (!attempt.signal.aborted) continue;
      await enqueue(this.dataSource.manager, bulkRunJob, which);
      return;
    }
  }

  /** For an error that tries did not mend: the person may go on with it, or take it back. */
  async giveUp(which: Which, attempt: JobAttempt): Promise<void> {
    await this.dataSource.transaction(async (tx) => {
      await attempt.hold(tx);
      const job = await lock(tx, which);
      if (!job) return;
      await tx.query(
        `update bulk_job set failure = $2, ended_at = now(),
           state = case when state = 'undoing' then state else 'failed' end where id = $1`,
        [job.id, GAVE_UP],
      );
      await tell(tx, job);
    });
  }
}

/** The job while there is something to do; null once it has ended, however it did. */
async function lock(tx: EntityManager, { projectId, jobId }: Which): Promise<BulkJobEntity | null> {
  const job = await tx.findOne(BulkJobEntity, {
    where: { projectId, id: jobId },
    lock: { mode: 'pessimistic_write' },
  });
  return job && ['queued', 'running', 'undoing'].includes(job.state) && job.endedAt === null ? job : null;
}

/** False when there is nothing left to do. */
async function next(tx: EntityManager, job: BulkJobEntity, steps: readonly BulkStep[]): Promise<boolean> {
  const step = steps.find(({ kind }) => kind === job.kind);
  if (!step) throw new Error(`no step for bulk jobs of the kind ${job.kind}`);
  if (job.state === 'queued') await start(tx, job, step);
  const undoing = job.state === 'undoing';
  const batch = undoing ? await step.undo(tx, job) : await step.batch(tx, job);
  await note(tx, job, batch);
  if (batch.stopped !== undefined) await cancelBulkJob(tx, job, batch.stopped);
  else if (batch.afterId === null) await end(tx, job, step);
  await tell(tx, job);
  return batch.afterId !== null;
}

async function start(tx: EntityManager, job: BulkJobEntity, step: BulkStep): Promise<void> {
  const total = job.total ?? (await step.count(tx, job));
  await tx.query(
    `update bulk_job set state = 'running', total = $2, started_at = coalesce(started_at, now()) where id = $1`,
    [job.id, total],
  );
  job.state = 'running';
}

async function note(tx: EntityManager, job: BulkJobEntity, { afterId, done, left }: Batch): Promise<void> {
  const undoing = job.state === 'undoing';
  const leftNow = sum(left);
  const side = undoing ? 'kept' : 'left';
  job.reasons = { ...job.reasons, [side]: add(job.reasons[side] ?? {}, left) };
  if (undoing) [job.undone, job.kept] = [job.undone + done, job.kept + leftNow];
  else [job.seen, job.done, job.leftOut] = [job.seen + done + leftNow, job.done + done, job.leftOut + leftNow];
  await tx.query(
    `update bulk_job set seen = $2, done = $3, left_out = $4, undone = $5, kept = $6, reasons = $7,
       after_id = coalesce($8, after_id) where id = $1`,
    [job.id, job.seen, job.done, job.leftOut, job.undone, job.kept, JSON.stringify(job.reasons), afterId],
  );
}

async function end(tx: EntityManager, job: BulkJobEntity, step: BulkStep): Promise<void> {
  const undoing = job.state === 'undoing';
  if (!undoing) await step.finish?.(tx, job);
  await tx.query(`update bulk_job set state = $2, ended_at = now() where id = $1`, [
    job.id,
    undoing ? 'undone' : 'done',
  ]);
  await writeAudit(tx, systemActor(job.projectId, 'bulk.run'), {
    action: undoing ? 'bulk_job.undone' : 'bulk_job.done',
    subjectType: 'bulk_job',
    subjectId: job.id,
    after: undoing
      ? { kind: job.kind, undone: job.undone, kept: job.kept }
      : { kind: job.kind, done: job.done, left: job.leftOut },
  });
}

async function tell(tx: EntityManager, { projectId, id }: BulkJobEntity): Promise<void> {
  await notify(tx, projectId, 'bulk-jobs', id);
  await notify(tx, projectId, 'records', id);
}

const sum = (reasons: Reasons): number => Object.values(reasons).reduce((all, n) => all + n, 0);

function add(all: Reasons, more: Reasons): Reasons {
  const summed: Reasons = { ...all };
  for (const [reason, n] of Object.entries(more) as [keyof Reasons, number][])
    summed[reason] = (summed[reason] ?? 0) + n;
  return summed;
}
