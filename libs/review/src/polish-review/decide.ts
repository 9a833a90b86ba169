import type { EntityManager } from 'typeorm';
import { approve, holdBack, wordsOf } from '@qingnang/corpus';
import type { Fate, Turn } from '@qingnang/contracts';
import { openAdjudication } from '../adjudication/open-adjudication.js';
import { allAnswered, setTaskState } from '../slots/finish-slot.js';

interface PolishAnswer {
  verdict: 'accept' | 'edit' | 'reject' | 'ask_doctor';
  version_id: string | null;
  turns: Turn[] | null;
  reason_code: string | null;
  comment: string | null;
  person_id: string;
}

/** What an answer comes to: its words, or its verdict where it has none. */
const said = ({ turns, verdict }: PolishAnswer): string => (turns ? wordsOf(turns) : verdict);

/**
 * Decides a polish review once all its answers are in. One answer, or several that say the same, decide by rule; answers
 * that differ, or that ask for a doctor, wait for an adjudicator. A record held back or withdrawn meanwhile stays so.
 */
export async function decidePolishReview(
  tx: EntityManager,
  task: { projectId: string; taskId: string; recordId: string },
): Promise<Fate> {
  if (!(await allAnswered(tx, task.taskId))) {
    await setTaskState(tx, task.taskId, 'open');
    return 'waiting_for_others';
  }
  const answers: PolishAnswer[] = await tx.query(
    `select distinct on (a.slot_id) a.verdict, a.version_id, v.turns, a.reason_code, a.comment, a.person_id
     from answer a left join version v on v.id = a.version_id
     where a.task_id = $1 order by a.slot_id, a.round desc`,
    [task.taskId],
  );
  const first = answers[0]!;
  const agree = answers.every((answer) => said(answer) === said(first));
  if (!agree || answers.some((answer) => answer.verdict === 'ask_doctor')) {
    await setTaskState(tx, task.taskId, 'to_adjudicate');
    await openAdjudication(tx, task, 'lead');
    return 'to_adjudicate';
  }
  await setTaskState(tx, task.taskId, 'decided');
  const [record]: { state: string }[] = await tx.query('select state from record where id = $1 for update', [
    task.recordId,
  ]);
  if (record!.state === 'held_back' || record!.state === 'withdrawn') return 'held_back';
  if (first.version_id === null) {
    const { person_id: heldBy, reason_code: reasonCode, comment: reason } = first;
    await holdBack(tx, { ...task, kind: 'rejected', heldBy, reasonCode, reason });
    return 'held_back';
  }
  const rule = answers.length === 1 ? 'single_answer' : 'all_answers_agree';
  await approve(tx, { ...task, versionId: first.version_id, approvedBy: null, rule });
  return 'approved';
}
