import type { EntityManager } from 'typeorm';
import { currentAct, writeAudit } from '@qingnang/audit';
import type { Actor, TaskKind } from '@qingnang/contracts';
import { DomainError, notFound } from '@qingnang/kernel';
import { notify } from '@qingnang/queue';
import { reopenAnswer, undoneBefore } from './reopen-answer.js';

/** An answer of one's own that still stands as its slot's last word. */
export interface OwnAnswer {
  id: string;
  slot_id: string;
  task_id: string;
  subject_id: string;
  task_set_id: string;
  kind: TaskKind;
  result_id: string;
  reason_code: string | null;
}

export type WhyUsed = 'judged' | 'snapshot' | 'closed';

/** What stands in the way of a correction; the answer stays as it is. */
export function answerUsed(why: WhyUsed): DomainError {
  const because = {
    judged: 'An AI judge has been shown this answer and scored by it',
    snapshot: 'A frozen snapshot holds what this answer decided',
    closed: 'This answer was taken back already, or its task set is closed',
  };
  return new DomainError({
    code: 'answer.used',
    status: 409,
    detail: `${because[why]}, so it stays as it is. Tell the data lead what should read otherwise.`,
    details: { why },
  });
}

/**
 * Takes back an answer that stands beside others' (a reference, an order, a verdict), for as long as nothing was made of
 * it: its slot is in its author's hands again with the words that `undo` returns. `undo` marks the result as undone, or throws
 * what stands in its way. Returns the slot's id.
 * @throws `answer.used` (409)
 */
export async function takeBack(
  tx: EntityManager,
  actor: Actor,
  answerId: string,
  leaseSeconds: number,
  undo: (answer: OwnAnswer) => Promise<Record<string, unknown>>,
): Promise<string> {
  const before = await undoneBefore(tx, actor, answerId);
  if (before) return before;
  const [answer]: (OwnAnswer & { stands: boolean })[] = await tx.query(
    `select a.id, a.slot_id, a.task_id, a.result_id, a.reason_code, s.subject_id, s.task_set_id, ts.kind,
       a.round = s.round and s.state in ('answered', 'accepted') and ts.state = 'open' as stands
     from answer a join slot s on s.id = a.slot_id join task_set ts on ts.id = s.task_set_id
     where a.project_id = $1 and a.id = $2 and a.person_id = $3 for update of s`,
    [actor.projectId, answerId, actor.personId],
  );
  if (!answer) throw notFound('answer', answerId);
  if (!answer.stands) throw answerUsed('closed');
  const body = await undo(answer);
  await reopenAnswer(tx, actor, answer, leaseSeconds, { baseVersionId: null, body });
  await notify(tx, actor.projectId, 'task-sets', answer.task_set_id);
  await writeAudit(tx, actor, { action: 'answer.undo', subjectType: 'answer', subjectId: answerId });
  await currentAct()?.key?.keep(tx, answerId);
  return answer.slot_id;
}
