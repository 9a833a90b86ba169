import type { EntityManager } from 'typeorm';
import { uuidv7 } from '@qingnang/kernel';
import { notify } from '@qingnang/queue';
import { endApproval } from './approvals.js';

/** Condition over `record r`: neither put aside nor withdrawn, so that it may be worked on and used. */
export const IN_USE = `r.state not in ('held_back', 'withdrawn')`;

export interface HoldBy {
  projectId: string;
  /** A person's decision, or a review that rejected the record. */
  kind: 'decided' | 'rejected';
  heldBy: string | null;
  reasonCode?: string | null;
  reason: string | null;
}

export interface NewHold extends HoldBy {
  recordId: string;
}

/** Puts a record aside: its approval ends, and who did it and why is kept. A hold in force gives way to the new one. */
export async function holdBack(tx: EntityManager, hold: NewHold): Promise<void> {
  await endApproval(tx, hold.recordId);
  await endHold(tx, hold.recordId, hold.heldBy, null);
  await holdBackAll(tx, hold, [hold.recordId]);
  await notify(tx, hold.projectId, 'records', hold.recordId);
}

/** Puts records aside that are not approved and not held back. Ids of the holds in the order of the records. */
export async function holdBackAll(tx: EntityManager, hold: HoldBy, recordIds: readonly string[]): Promise<string[]> {
  const ids = recordIds.map(() => uuidv7());
  await tx.query(
    `insert into record_hold (id, project_id, record_id, kind, held_by, reason_code, reason)
     select x.id, $1, x.record_id, $4, $5, $6, nullif($7, '') from unnest($2::uuid[], $3::uuid[]) as x (id, record_id)`,
    [hold.projectId, ids, recordIds, hold.kind, hold.heldBy, hold.reasonCode ?? null, hold.reason],
  );
  await tx.query(`update record set state = 'held_back', updated_at = now() where id = any($1::uuid[])`, [recordIds]);
  return ids;
}

/** Ends what holds a record back, if anything does. What state it is in then is the caller's to say. */
export async function endHold(
  tx: EntityManager,
  recordId: string,
  endedBy: string | null,
  reason: string | null,
): Promise<void> {
  await endHolds(tx, [recordId], endedBy, reason);
}

/** The same for many: the ids of the holds that ended, by record. */
export async function endHolds(
  tx: EntityManager,
  recordIds: readonly string[],
  endedBy: string | null,
  reason: string | null,
): Promise<Map<string, string>> {
  const [ended]: [{ id: string; record_id: string }[], number] = await tx.query(
    `update record_hold set until_at = now(), ended_by = $2, ended_reason = $3
     where record_id = any($1::uuid[]) and until_at is null returning id, record_id`,
    [recordIds, endedBy, reason],
  );
  return new Map(ended.map(({ id, record_id }) => [record_id, id]));
}

/** Takes a record back into work: open tasks on it are handed out again; without any it waits like one just imported. */
export async function takeBackIn(
  tx: EntityManager,
  record: { projectId: string; recordId: string },
  endedBy: string | null,
  reason: string,
): Promise<void> {
  await endHold(tx, record.recordId, endedBy, reason);
  await backToWork(tx, record.projectId, [record.recordId]);
  await notify(tx, record.projectId, 'records', record.recordId);
}

/** The state of records of which nothing is approved and nothing holds back. */
export async function backToWork(tx: EntityManager, projectId: string, recordIds: readonly string[]): Promise<void> {
  await tx.query(
    `update record set updated_at = now(), state = case when exists (
       select from task t where t.project_id = $1 and t.record_id = record.id and t.state <> 'decided')
       then 'in_work' else 'imported' end
     where project_id = $1 and id = any($2::uuid[])`,
    [projectId, recordIds],
  );
}
