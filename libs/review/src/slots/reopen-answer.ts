import type { EntityManager } from 'typeorm';
import { currentAct } from '@qingnang/audit';
import type { Actor } from '@qingnang/contracts';
import { DomainError } from '@qingnang/kernel';
import { saveDraft } from '../drafts.js';

/** How long a submitted answer can be taken back. */
export const UNDO_MINUTES = 10;

/**
 * Takes an answer back, whatever its kind: its slot is in its author's hands again, with what was written as a draft. The
 * answer itself stays, flagged `undone`. That it may be taken back, and what it decided, is the caller's to see to.
 */
export async function reopenAnswer(
  tx: EntityManager,
  actor: Actor,
  answer: { id: string; slot_id: string; task_id: string },
  leaseSeconds: number,
  draft: { baseVersionId: string | null; body: Record<string, unknown> },
): Promise<void> {
  await tx.query(`update answer set flags = array_append(flags, 'undone') where id = $1`, [answer.id]);
  await tx.query(
    `update slot set state = 'leased', round = round + 1, fencing_token = fencing_token + 1, holder_id = $2,
       lease_until = now() + make_interval(secs => $3) where id = $1`,
    [answer.slot_id, actor.personId, leaseSeconds],
  );
  await tx.query(
    `update assignment set outcome = 'open', to_at = null
     where slot_id = $1 and person_id = $2 and outcome = 'answered'`,
    [answer.slot_id, actor.personId],
  );
  await tx.query(`update task set state = 'open', updated_at = now() where id = $1`, [answer.task_id]);
  const { projectId, personId } = actor;
  await saveDraft(tx, { projectId, slotId: answer.slot_id, personId: personId!, fencingToken: null, ...draft });
}

/** The slot that an earlier request with this idempotency key has brought back. */
export async function undoneBefore(tx: EntityManager, actor: Actor, answerId: string): Promise<string | undefined> {
  if ((await currentAct()?.key?.made(tx)) !== answerId) return undefined;
  const [slot]: { id: string }[] = await tx.query(
    'select slot_id as id from answer where project_id = $1 and id = $2 and person_id = $3',
    [actor.projectId, answerId, actor.personId],
  );
  return slot?.id;
}

export function undoTooLate(): DomainError {
  return new DomainError({
    code: 'answer.undo_too_late',
    status: 409,
    detail: `An answer can be taken back for ${UNDO_MINUTES} minutes, and only until others went on from it.`,
  });
}
