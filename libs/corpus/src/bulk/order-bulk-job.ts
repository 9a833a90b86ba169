import type { EntityManager } from 'typeorm';
import { writeAudit } from '@qingnang/audit';
import { type Actor, type BulkKind, personBehind, type RecordFilter } from '@qingnang/contracts';
import { uuidv7 } from '@qingnang/kernel';
import { enqueue, notify } from '@qingnang/queue';
import { bulkRunJob } from '../corpus.jobs.js';

export interface NewBulkJob {
  kind: BulkKind;
  filter: RecordFilter;
  reason?: string | null;
  settings?: Record<string, unknown>;
  /** The task set it fills, the rule it follows. */
  aboutId?: string;
}

/** Orders a bulk job in the caller's transaction; a worker does it. Returns its id. */
export async function orderBulkJob(tx: EntityManager, actor: Actor, job: NewBulkJob): Promise<string> {
  const id = uuidv7();
  const { projectId } = actor;
  await tx.query(
    `insert into bulk_job (id, project_id, kind, filter, settings, about_id, reason, created_by)
     values ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [
      id,
      projectId,
      job.kind,
      JSON.stringify(job.filter),
      JSON.stringify(job.settings ?? {}),
      job.aboutId ?? null,
      job.reason ?? null,
      personBehind(actor),
    ],
  );
  await enqueue(tx, bulkRunJob, { projectId, jobId: id });
  await notify(tx, projectId, 'bulk-jobs', id);
  await writeAudit(tx, actor, {
    action: 'bulk_job.create',
    subjectType: 'bulk_job',
    subjectId: id,
    after: { kind: job.kind, filteredBy: Object.keys(job.filter), aboutId: job.aboutId ?? null },
  });
  return id;
}

/** Ends a job that is still at work, after the batch at hand; false where it had ended already. */
export async function cancelBulkJob(
  tx: EntityManager,
  { projectId, id }: { projectId: string; id: string },
  failure: string | null = null,
): Promise<boolean> {
  const [, changed]: [unknown, number] = await tx.query(
    `update bulk_job set state = 'cancelled', failure = $3, ended_at = now()
     where project_id = $1 and id = $2 and state in ('queued', 'running')`,
    [projectId, id, failure],
  );
  await notify(tx, projectId, 'bulk-jobs', id);
  return changed > 0;
}
