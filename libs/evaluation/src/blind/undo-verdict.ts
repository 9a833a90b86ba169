import type { EntityManager } from 'typeorm';
import { currentAct, writeAudit } from '@qingnang/audit';
import type { Actor } from '@qingnang/contracts';
import { notFound } from '@qingnang/kernel';
import { reopenAnswer, UNDO_MINUTES, undoneBefore, undoTooLate } from '@qingnang/review';
import { settleEvaluation } from '../stages/evaluation-stages.js';

interface Undoable {
  id: string;
  slot_id: string;
  task_id: string;
  verdict: string;
  reason: string | null;
  verdict_id: string;
  evaluation_id: string;
  untouched: boolean;
}

/**
 * Takes back one's own newest verdict on a pair: it stays, flagged, and counts for nothing. Returns the slot's id.
 * @throws `answer.undo_too_late` (409) after ten minutes, or once the evaluation has ended without it
 */
export async function undoVerdict(
  tx: EntityManager,
  actor: Actor,
  answerId: string,
  leaseSeconds: number,
): Promise<string> {
  const before = await undoneBefore(tx, actor, answerId);
  if (before) return before;
  const [answer]: Undoable[] = await tx.query(
    `select a.id, a.slot_id, a.task_id, a.reason_code as verdict, v.reason, v.id as verdict_id, v.evaluation_id,
       a.created_at > now() - make_interval(mins => $4) and a.round = s.round and s.state in ('answered', 'accepted')
         and ts.state = 'open' as untouched
     from answer a join slot s on s.id = a.slot_id join task_set ts on ts.id = s.task_set_id
       join verdict v on v.id = a.result_id
     where a.project_id = $1 and a.id = $2 and a.person_id = $3 for update of s`,
    [actor.projectId, answerId, actor.personId, UNDO_MINUTES],
  );
  if (!answer) throw notFound('answer', answerId);
  if (!answer.untouched) throw undoTooLate();
  await tx.query('update verdict set undone = true where id = $1', [answer.verdict_id]);
  const body = { verdict: answer.verdict, reason: answer.reason ?? '' };
  await reopenAnswer(tx, actor, answer, leaseSeconds, { baseVersionId: null, body });
  await settleEvaluation(tx, answer.evaluation_id);
  await writeAudit(tx, actor, { action: 'answer.undo', subjectType: 'answer', subjectId: answerId });
  await currentAct()?.key?.keep(tx, answerId);
  return answer.slot_id;
}
