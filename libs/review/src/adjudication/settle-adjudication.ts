import type { EntityManager } from 'typeorm';
import type { Actor, AdjudicationOutcome, Fate, SubmitAdjudication } from '@qingnang/contracts';
import { addVersion, approve, holdBack, wordsOf } from '@qingnang/corpus';
import type { Queryable } from '@qingnang/database';
import { editedTurns } from '../polish-review/check-submission.js';
import { setTaskState } from '../slots/finish-slot.js';
import { baseUnknown, noDoctors, notADoctor } from './adjudication.errors.js';
import type { Case } from './case.js';
import { openAdjudication } from './open-adjudication.js';
import { returnAnswers } from './return-answers.js';

export interface Decided {
  outcome: AdjudicationOutcome;
  fate: Fate;
  answerId: string | null;
  versionId: string | null;
}

/** Does what the verdict says, in the caller's transaction. */
export async function settleAdjudication(
  tx: EntityManager,
  actor: Actor,
  it: Case,
  input: SubmitAdjudication,
): Promise<Decided> {
  const none = { answerId: null, versionId: null };
  if (input.verdict === 'decide') return decide(tx, actor, it, input);
  if (input.verdict === 'hand_on') {
    await handOn(tx, it, input.doctorId);
    return { ...none, outcome: 'handed_on', fate: 'to_adjudicate' };
  }
  if (input.verdict === 'return') {
    await returnAnswers(tx, it, input.answerIds);
    return { ...none, outcome: 'returned', fate: 'waiting_for_others' };
  }
  await holdBack(tx, {
    ...it,
    kind: 'rejected',
    heldBy: actor.personId!,
    reasonCode: input.reasonCode!,
    reason: input.comment === '' ? null : input.comment,
  });
  await setTaskState(tx, it.taskId, 'decided');
  return { ...none, outcome: 'rejected', fate: 'held_back' };
}

/** The one place besides agreement where a review's words are approved. */
async function decide(tx: EntityManager, actor: Actor, it: Case, input: SubmitAdjudication): Promise<Decided> {
  await checkBase(tx, it, input.baseVersionId);
  const turns = editedTurns(it.base, input.turns);
  const words = wordsOf(turns);
  const same = it.answers.find((answer) => answer.turns !== null && wordsOf(answer.turns) === words);
  const versionId =
    same?.version_id ??
    (await addVersion(tx, {
      projectId: it.projectId,
      recordId: it.recordId,
      parentId: input.baseVersionId,
      kind: 'adjudication',
      turns,
      madeBy: { kind: 'person', id: actor.personId! },
    }));
  const { projectId, recordId, taskId } = it;
  await approve(tx, { projectId, recordId, taskId, versionId, approvedBy: actor.personId, rule: null });
  await setTaskState(tx, taskId, 'decided');
  const outcome = versionId === same?.version_id || versionId === input.baseVersionId ? 'chosen' : 'written';
  return { outcome, fate: 'approved', answerId: same?.id ?? null, versionId };
}

/** Words to go on from are those shown to an annotator, or handed in by one. */
async function checkBase(tx: EntityManager, it: Case, versionId: string): Promise<void> {
  if (it.answers.some((answer) => answer.version_id === versionId)) return;
  const [shown]: unknown[] = await tx.query('select from slot where task_id = $1 and shown_version_id = $2 limit 1', [
    it.taskId,
    versionId,
  ]);
  if (!shown) throw baseUnknown();
}

/** From those who lead to a doctor, by name or to whoever comes first; from a doctor back to those who lead. */
async function handOn(tx: EntityManager, it: Case, doctorId: string | null): Promise<void> {
  if (it.desk === 'doctor') return openAdjudication(tx, it, 'lead');
  const doctors = await doctorsOf(tx, it.projectId);
  if (doctors.length === 0) throw noDoctors();
  if (doctorId !== null && !doctors.some(({ id }) => id === doctorId)) throw notADoctor();
  await openAdjudication(tx, it, 'doctor', doctorId);
}

/** Doctors at work in a project. */
export function doctorsOf(tx: Queryable, projectId: string): Promise<{ id: string; name: string }[]> {
  return tx.query(
    `select p.id, p.display_name as name from membership m join person p on p.id = m.person_id
     where m.project_id = $1 and 'doctor' = any (m.roles) and p.state = 'active' order by name, p.id`,
    [projectId],
  );
}
