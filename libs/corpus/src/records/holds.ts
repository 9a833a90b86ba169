import type { EntityManager } from 'typeorm';
import { uuidv7 } from '@qingnang/kernel';
import { notify } from '@qingnang/queue';
import { endApproval } from './approvals.js';

/** Condition over `record r`: neither put aside nor withdrawn, so that it may be worked on and used. */
export const IN_USE = `r.state not in ('held_back', 'withdrawn')`;

export interface NewHold {
  projectId: string;
  recordId: string;
  /** A person's decision, or a review that rejected the record. */
  kind: 'decided' | 'rejected';
  heldBy: string | null;
  reasonCode?: string | null;
  reason: string | null;
}

/** Puts a record aside: its approval ends, and who did it and why is kept. A hold in force gives way to the new one. */
export async function holdBack(tx: EntityManager, hold: NewHold): Promise<void> {
  await endApproval(tx, hold.recordId);
  await endHold(tx, hold.recordId, hold.heldBy, null);
  await tx.query(
    `insert into record_hold (id, project_id, record_id, kind, held_by, reason_code, reason)
     values ($1, $2, $3, $4, $5, $6, nullif($7, ''))`,
    [uuidv7(), hold.projectId, hold.recordId, hold.kind, hold.heldBy, hold.reasonCode ?? null, hold.reason],
  );
  await tx.query(`update record set state = 'held_back', updated_at = now() where id = $1`, [hold.recordId]);
  await notify(tx, hold.projectId, 'records', hold.recordId);
}

/** Ends what holds a record back, if anything does. What state it is in then is the caller's to say. */
export async function endHold(
  tx: EntityManager,
  recordId: string,
  endedBy: string | null,
  reason: string | null,
): Promise<void> {
  await tx.query(
    `update record_hold set until_at = now(), ended_by = $2, ended_reason = $3
     where record_id = $1 and until_at is null`,
    [recordId, endedBy, reason],
  );
}

/** Takes a record back into work: open tasks on it are handed out again; without any it waits like one just imported. */
export async function takeBackIn(
  tx: EntityManager,
  record: { projectId: string; recordId: string },
  endedBy: string | null,
  reason: string,
): Promise<void> {
  await endHold(tx, record.recordId, endedBy, reason);
  await tx.query(
    `update record set updated_at = now(), state = case when exists (
       select from task t where t.project_id = $1 and t.record_id = $2 and t.state <> 'decided')
       then 'in_work' else 'imported' end
     where project_id = $1 and id = $2`,
    [record.projectId, record.recordId],
  );
  await notify(tx, record.projectId, 'records', record.recordId);
}
