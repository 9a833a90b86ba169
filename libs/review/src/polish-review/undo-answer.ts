import type { EntityManager } from 'typeorm';
import { currentAct, writeAudit } from '@qingnang/audit';
import type { Actor, Turn } from '@qingnang/contracts';
import { endApproval, endHold } from '@qingnang/corpus';
import { notFound } from '@qingnang/kernel';
import { withdrawAdjudications } from '../adjudication/open-adjudication.js';
import { reopenAnswer, UNDO_MINUTES, undoneBefore, undoTooLate } from '../slots/reopen-answer.js';

interface Undoable {
  id: string;
  slot_id: string;
  task_id: string;
  record_id: string;
  verdict: string;
  reason_code: string | null;
  comment: string | null;
  shown_version_id: string | null;
  turns: Turn[] | null;
  in_time: boolean;
  untouched: boolean;
}

/**
 * Takes back one's own newest answer to a polish review: the slot is in one's hands again with the text as a draft, and
 * what the answer decided is open. The answer itself stays, flagged `undone`. Returns the slot's id.
 * @throws `answer.undo_too_late` (409) after ten minutes, or once others went on from it.
 */
export async function undoAnswer(
  tx: EntityManager,
  actor: Actor,
  answerId: string,
  leaseSeconds: number,
): Promise<string> {
  const before = await undoneBefore(tx, actor, answerId);
  if (before) return before;
  await holdTask(tx, actor, answerId);
  const [answer]: Undoable[] = await tx.query(
    `select a.id, a.slot_id, a.task_id, t.record_id, a.verdict, a.reason_code, a.comment, a.shown_version_id, v.turns,
       a.created_at > now() - make_interval(mins => $4) as in_time,
       s.state in ('answered', 'accepted') and a.round = s.round and ts.kind = 'polish_review' and ts.state = 'open'
         and not exists (select from approval other where other.record_id = t.record_id and other.until_at is null
           and other.task_id is distinct from a.task_id)
         and not exists (select from slot later join task lt on lt.id = later.task_id
           where lt.record_id = t.record_id and lt.id <> t.id and later.created_at > a.created_at
             and lt.decides_task_id is distinct from t.id)
         and not exists (select from adjudication j where j.task_id = t.id and j.undone_at is null
           and j.created_at > a.created_at)
         and not exists (select from task k join slot x on x.task_id = k.id where k.decides_task_id = t.id
           and x.state = 'leased' and x.lease_until > now())
         and (r.state in ('in_work', 'approved') or r.state = 'held_back' and a.verdict = 'reject') as untouched
     from answer a join slot s on s.id = a.slot_id join task t on t.id = a.task_id join task_set ts on ts.id = t.task_set_id
       join record r on r.id = t.record_id left join version v on v.id = coalesce(a.version_id, a.shown_version_id)
     where a.project_id = $1 and a.id = $2 and a.person_id = $3 for update of s, t`,
    [actor.projectId, answerId, actor.personId, UNDO_MINUTES],
  );
  if (!answer) throw notFound('answer', answerId);
  if (!answer.in_time || !answer.untouched) throw undoTooLate();
  await reopen(tx, actor, answer, leaseSeconds);
  await writeAudit(tx, actor, { action: 'answer.undo', subjectType: 'answer', subjectId: answerId });
  await currentAct()?.key?.keep(tx, answerId);
  return answer.slot_id;
}

/** Slot, then record: held before they are looked at, so that a record put aside at this moment stays so. */
async function holdTask(tx: EntityManager, actor: Actor, answerId: string): Promise<void> {
  const mine = [actor.projectId, answerId, actor.personId];
  const of = 'from answer where project_id = $1 and id = $2 and person_id = $3';
  await tx.query(`select from slot where id = (select slot_id ${of}) for update`, mine);
  await tx.query(
    `select from record where id = (select t.record_id from task t where t.id = (select task_id ${of})) for update`,
    mine,
  );
}

async function reopen(tx: EntityManager, actor: Actor, answer: Undoable, leaseSeconds: number): Promise<void> {
  await reopenAnswer(tx, actor, answer, leaseSeconds, {
    baseVersionId: answer.shown_version_id,
    body: {
      verdict: answer.verdict,
      turns: (answer.turns ?? []).filter((turn) => turn.role === 'doctor').map(({ n, text }) => ({ n, text })),
      reasonCode: answer.reason_code ?? undefined,
      comment: answer.comment ?? '',
    },
  });
  await withdrawAdjudications(tx, actor.projectId, { taskId: answer.task_id });
  await endApproval(tx, answer.record_id);
  await endHold(tx, answer.record_id, actor.personId, null);
  await tx.query(`update record set state = 'in_work', updated_at = now() where id = $1`, [answer.record_id]);
}
