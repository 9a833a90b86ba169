import type { EntityManager } from 'typeorm';
import { currentAct, writeAudit } from '@qingnang/audit';
import type { Actor, AdjudicationOutcome, Turn } from '@qingnang/contracts';
import { endApproval, endHold } from '@qingnang/corpus';
import { notFound } from '@qingnang/kernel';
import { reopenAnswer, undoneBefore } from '../slots/reopen-answer.js';
import { undoUsed } from './adjudication.errors.js';
import { withdrawAdjudications } from './open-adjudication.js';

interface Undoable {
  id: string;
  slot_id: string;
  task_id: string;
  decided_task_id: string;
  adjudication_id: string;
  record_id: string;
  outcome: AdjudicationOutcome;
  version_id: string | null;
  turns: Turn[] | null;
  /** Nothing has happened to the task or its record since. */
  untouched: boolean;
}

/** What has to be as the decision left it, by what it did. */
const UNTOUCHED = `s.state in ('answered', 'accepted') and a.round = s.round and not 'undone' = any (a.flags)
  and j.undone_at is null and q.state = 'open'
  and not exists (select from adjudication later where later.task_id = j.task_id and later.created_at > j.created_at)
  and not exists (select from answer later where later.task_id = j.task_id and later.created_at > j.created_at)
  and case j.outcome
    when 'rejected' then r.state = 'held_back'
    when 'returned' then not exists (select from slot x where x.task_id = j.task_id
      and x.state not in ('answered', 'returned'))
    when 'handed_on' then exists (select from task k join slot x on x.task_id = k.id where k.decides_task_id = j.task_id
      and k.id <> a.task_id and x.state in ('open', 'returned'))
    else exists (select from approval p where p.record_id = t.record_id and p.until_at is null
      and p.task_id = j.task_id and p.version_id = j.version_id) and r.state = 'approved'
      and not exists (select from slot x join task xt on xt.id = x.task_id where xt.record_id = t.record_id
        and xt.id not in (t.id, a.task_id) and xt.decides_task_id is distinct from t.id and x.created_at > j.created_at)
  end`;

/**
 * Takes a decision back for as long as nobody went on from it: what it approved, put aside, returned or handed on is as it
 * was, and the task lies in one's hands again. Returns the slot's id.
 * @throws `adjudication.used` (409)
 */
export async function undoAdjudication(
  tx: EntityManager,
  actor: Actor,
  answerId: string,
  leaseSeconds: number,
): Promise<string> {
  const before = await undoneBefore(tx, actor, answerId);
  if (before) return before;
  // Held first: what is judged below must be what everybody before has left.
  await tx.query(
    `select from record where id = (select t.record_id from answer a join task t on t.id = a.task_id
       where a.project_id = $1 and a.id = $2) for update`,
    [actor.projectId, answerId],
  );
  const [answer]: Undoable[] = await tx.query(
    `select a.id, a.slot_id, a.task_id, j.task_id as decided_task_id, j.id as adjudication_id, t.record_id,
       j.outcome, j.version_id, v.turns, ${UNTOUCHED} as untouched
     from answer a join adjudication j on j.id = a.result_id join slot s on s.id = a.slot_id
       join task_set q on q.id = a.task_set_id join task t on t.id = j.task_id join record r on r.id = t.record_id
       left join version v on v.id = j.version_id
     where a.project_id = $1 and a.id = $2 and a.person_id = $3 for update of s, t`,
    [actor.projectId, answerId, actor.personId],
  );
  if (!answer) throw notFound('answer', answerId);
  if (!answer.untouched) throw undoUsed();
  await takeBack(tx, actor, answer);
  await tx.query(`update task set state = 'to_adjudicate', updated_at = now() where id = $1`, [answer.decided_task_id]);
  await tx.query('update adjudication set undone_at = now() where id = $1', [answer.adjudication_id]);
  await reopenAnswer(tx, actor, answer, leaseSeconds, { baseVersionId: null, body: draftOf(answer) });
  await writeAudit(tx, actor, { action: 'adjudication.undo', subjectType: 'answer', subjectId: answerId });
  await currentAct()?.key?.keep(tx, answerId);
  return answer.slot_id;
}

async function takeBack(tx: EntityManager, actor: Actor, answer: Undoable): Promise<void> {
  const { outcome, decided_task_id: taskId, record_id: recordId } = answer;
  if (outcome === 'handed_on') return withdrawAdjudications(tx, actor.projectId, { taskId });
  if (outcome === 'returned') {
    await tx.query(
      `update assignment set outcome = 'answered', to_at = now() where outcome = 'open'
       and slot_id in (select id from slot where task_id = $1 and state = 'returned')`,
      [taskId],
    );
    await tx.query(
      `delete from draft where slot_id in (select id from slot where task_id = $1 and state = 'returned')`,
      [taskId],
    );
  } else {
    if (outcome === 'rejected') await endHold(tx, recordId, actor.personId, null);
    else await endApproval(tx, recordId);
    await tx.query(`update record set state = 'in_work', updated_at = now() where id = $1`, [recordId]);
  }
  await tx.query(
    `update slot set state = 'answered', round = case when state = 'returned' then round - 1 else round end
     where task_id = $1 and state in ('accepted', 'returned')`,
    [taskId],
  );
}

const draftOf = ({ version_id: versionId, turns }: Undoable): Record<string, unknown> =>
  versionId === null
    ? {}
    : {
        baseVersionId: versionId,
        turns: (turns ?? []).filter(({ role }) => role === 'doctor').map(({ n, text }) => ({ n, text })),
      };
