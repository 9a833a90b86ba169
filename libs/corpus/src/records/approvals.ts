import type { EntityManager } from 'typeorm';
import { uuidv7 } from '@qingnang/kernel';
import { eventOf, notifySql } from '@qingnang/queue';

export interface ApprovalBy {
  projectId: string;
  /** The person who decided; null where a rule did without one. */
  approvedBy: string | null;
  /** e.g. `single_answer`; null where a person decided on this very text. */
  rule: string | null;
  taskId?: string | null;
  reason?: string;
  /** The job that approved many at once. */
  bulkJobId?: string;
}

export interface NewApproval extends ApprovalBy {
  recordId: string;
  versionId: string;
}

/** Makes a version the one that counts. Earlier approvals keep their rows, with an end. */
export async function approve(tx: EntityManager, input: NewApproval): Promise<string> {
  await tx.query('select from record where project_id = $1 and id = $2 for update', [input.projectId, input.recordId]);
  await endApproval(tx, input.recordId);
  const [id] = await approveAll(tx, input, [input], [eventOf(input.projectId, 'records', input.recordId)]);
  return id!;
}

/**
 * Makes versions count of records that the caller holds and of which none is approved, and tells these events, in one
 * statement. Ids in the order of the texts.
 */
export async function approveAll(
  tx: EntityManager,
  by: ApprovalBy,
  texts: readonly { recordId: string; versionId: string }[],
  events: readonly string[] = [],
): Promise<string[]> {
  const ids = texts.map(() => uuidv7());
  const records = texts.map(({ recordId }) => recordId);
  await tx.query(
    `with approvals as (
       insert into approval (id, project_id, record_id, version_id, task_id, approved_by, rule, reason, bulk_job_id)
       select x.id, $1, x.record_id, x.version_id, $5, $6, $7, $8, $9
       from unnest($2::uuid[], $3::uuid[], $4::uuid[]) as x (id, record_id, version_id)),
     records as (update record set state = 'approved', updated_at = now() where id = any($3::uuid[]))
     select ${notifySql('e')} from unnest($10::text[]) e`,
    [
      by.projectId,
      ids,
      records,
      texts.map(({ versionId }) => versionId),
      by.taskId ?? null,
      by.approvedBy,
      by.rule,
      by.reason ?? '',
      by.bulkJobId ?? null,
      events,
    ],
  );
  return ids;
}

/** Takes back what is approved; the id of the approval that ended, or null if nothing was. */
export async function endApproval(tx: EntityManager, recordId: string): Promise<string | null> {
  const ended = await endApprovals(tx, [recordId]);
  return ended.get(recordId) ?? null;
}

/** The same for many: the ids of the approvals that ended, by record. */
export async function endApprovals(tx: EntityManager, recordIds: readonly string[]): Promise<Map<string, string>> {
  const [ended]: [{ id: string; record_id: string }[], number] = await tx.query(
    'update approval set until_at = now() where record_id = any($1::uuid[]) and until_at is null returning id, record_id',
    [recordIds],
  );
  return new Map(ended.map(({ id, record_id }) => [record_id, id]));
}

/**
 * Lets ended approvals count again, of records in use of which nothing is approved and that say nothing new since; each
 * gets a row of its own, so that the time between shows.
 */
export async function approveAgain(tx: EntityManager, approvalIds: readonly string[]): Promise<void> {
  const again: { record_id: string }[] = await tx.query(
    `insert into approval (id, project_id, record_id, version_id, task_id, approved_by, rule, reason, bulk_job_id)
     select gen_random_uuid(), a.project_id, a.record_id, a.version_id, a.task_id, a.approved_by, a.rule, a.reason, a.bulk_job_id
     from approval a join record r on r.id = a.record_id
     where a.id = any($1::uuid[]) and r.state not in ('held_back', 'withdrawn')
       and not exists (select from approval now where now.record_id = a.record_id and now.until_at is null)
       and not exists (select from version v where v.record_id = a.record_id and v.created_at > a.until_at)
     returning record_id`,
    [approvalIds],
  );
  await tx.query(`update record set state = 'approved', updated_at = now() where id = any($1::uuid[])`, [
    again.map(({ record_id }) => record_id),
  ]);
}
