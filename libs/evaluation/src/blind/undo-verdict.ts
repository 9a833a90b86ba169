import type { EntityManager } from 'typeorm';
import type { Actor } from '@qingnang/contracts';
import { takeBack } from '@qingnang/review';
import { settleEvaluation } from '../stages/evaluation-stages.js';

/**
 * Takes back one's own verdict on a pair: it stays, flagged, and counts for nothing. Returns the slot's id.
 * @throws `answer.used` (409) once the evaluation has ended without it
 */
export async function undoVerdict(
  tx: EntityManager,
  actor: Actor,
  answerId: string,
  leaseSeconds: number,
): Promise<string> {
  let evaluationId = '';
  const slotId = await takeBack(tx, actor, answerId, leaseSeconds, async (answer) => {
    const [[verdict]]: [{ reason: string | null; evaluation_id: string }[], number] = await tx.query(
      'update verdict set undone = true where id = $1 returning reason, evaluation_id',
      [answer.result_id],
    );
    evaluationId = verdict!.evaluation_id;
    return { verdict: answer.reason_code, reason: verdict!.reason ?? '' };
  });
  if (evaluationId) await settleEvaluation(tx, evaluationId);
  return slotId;
}
