import type { EntityManager } from 'typeorm';
import { approve, holdBack, wordsOf } from '@qingnang/corpus';
import type { Fate, Turn } from '@qingnang/contracts';
import { openAdjudication } from '../adjudication/open-adjudication.js';
import { setTaskState } from '../slots/finish-slot.js';

interface PolishAnswer {
  verdict: 'accept' | 'edit' | 'reject' | 'ask_doctor';
  version_id: string | null;
  /** Null where there is no other answer to agree with. */
  turns: Turn[] | null;
  reason_code: string | null;
  comment: string | null;
  person_id: string;
}

/** What an answer comes to: its words, or its verdict where it has none. */
const said = ({ turns, verdict }: PolishAnswer): string => (turns ? wordsOf(turns) : verdict);

/**
 * Decides a polish review once all its answers are in. One answer, or several that say the same, decide by rule; answers
 * that differ, or that ask for a doctor, wait for an adjudicator. The caller holds the record and knows that it is in use.
 */
export async function decidePolishReview(
  tx: EntityManager,
  task: { projectId: string; taskId: string; recordId: string },
): Promise<Fate> {
  const answers: PolishAnswer[] = await tx.query('select * from answers_of_task($1)', [task.taskId]);
  const [first] = answers;
  if (!first) {
    await setTaskState(tx, task.taskId, 'open');
    return 'waiting_for_others';
  }
  const agree = answers.every((answer) => said(answer) === said(first));
  if (!agree || answers.some((answer) => answer.verdict === 'ask_doctor')) {
    await setTaskState(tx, task.taskId, 'to_adjudicate');
    await openAdjudication(tx, task, 'lead');
    return 'to_adjudicate';
  }
  await setTaskState(tx, task.taskId, 'decided');
  if (first.version_id === null) {
    const { person_id: heldBy, reason_code: reasonCode, comment: reason } = first;
    await holdBack(tx, { ...task, kind: 'rejected', heldBy, reasonCode, reason });
    return 'held_back';
  }
  const rule = answers.length === 1 ? 'single_answer' : 'all_answers_agree';
  await approve(tx, { ...task, versionId: first.version_id, approvedBy: null, rule });
  return 'approved';
}
