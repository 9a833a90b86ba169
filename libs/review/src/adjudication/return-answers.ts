import type { EntityManager } from 'typeorm';
import type { Turn } from '@qingnang/contracts';
import { saveDraft } from '../drafts.js';
import { setTaskState } from '../slots/finish-slot.js';
import { notAnswered, setClosed } from './adjudication.errors.js';
import type { Case, NewestAnswer } from './case.js';

interface Returned {
  verdict: string;
  reason_code: string | null;
  comment: string | null;
  shown_version_id: string | null;
  turns: Turn[] | null;
  /** Whether its author may still work on the set. */
  here: boolean;
}

/**
 * Gives answers back to their authors, with what they wrote as a draft; the task waits for them. Where an author has left,
 * somebody else gets the task. The answers themselves stay.
 */
export async function returnAnswers(tx: EntityManager, it: Case, answerIds: readonly string[]): Promise<void> {
  if (!answerIds.every((id) => it.answers.some((answer) => answer.id === id))) throw notAnswered();
  const [set]: unknown[] = await tx.query(
    `select from task t join task_set ts on ts.id = t.task_set_id where t.id = $1 and ts.state = 'open'`,
    [it.taskId],
  );
  if (!set) throw setClosed();
  const chosen = it.answers.filter(({ id }) => answerIds.length === 0 || answerIds.includes(id));
  for (const answer of chosen) await returnOne(tx, it.projectId, answer);
  await setTaskState(tx, it.taskId, 'open');
}

async function returnOne(tx: EntityManager, projectId: string, answer: NewestAnswer): Promise<void> {
  const { slot_id: slotId, person_id: personId } = answer;
  const [was]: Returned[] = await tx.query(
    `select a.verdict, a.reason_code, a.comment, a.shown_version_id, v.turns, exists (
       select from membership m join person p on p.id = m.person_id join task_set ts on ts.id = a.task_set_id
       where m.project_id = a.project_id and m.person_id = a.person_id and p.state = 'active' and m.roles && ts.roles
     ) as here
     from answer a left join version v on v.id = coalesce(a.version_id, a.shown_version_id) where a.id = $1`,
    [answer.id],
  );
  await tx.query(
    `update slot set state = $2, holder_id = $3, lease_until = null, round = round + 1, fencing_token = fencing_token + 1
     where id = $1`,
    [slotId, was!.here ? 'returned' : 'open', was!.here ? personId : null],
  );
  if (!was!.here) return;
  await tx.query(
    `update assignment set outcome = 'open', to_at = null where slot_id = $1 and person_id = $2 and outcome = 'answered'`,
    [slotId, personId],
  );
  await saveDraft(tx, {
    ...{ projectId, slotId, personId, fencingToken: null, baseVersionId: was!.shown_version_id },
    body: {
      verdict: was!.verdict,
      turns: (was!.turns ?? []).filter(({ role }) => role === 'doctor').map(({ n, text }) => ({ n, text })),
      reasonCode: was!.reason_code ?? undefined,
      comment: was!.comment ?? '',
    },
  });
}
