import type { EntityManager } from 'typeorm';
import { writeAudit } from '@qingnang/audit';
import type { Actor, AdjudicationDesk } from '@qingnang/contracts';
import { notFound, uuidv7 } from '@qingnang/kernel';
import { isOpenTo } from '../slots/slots.js';
import { inHand, notWaiting, setClosed } from './adjudication.errors.js';
import { openAdjudication, withdrawAdjudications } from './open-adjudication.js';

interface Live {
  id: string;
  task_set_id: string;
  state: 'open' | 'leased' | 'returned';
  holder_id: string | null;
  desk: AdjudicationDesk;
  set_state: string;
  in_time: boolean;
}

/** The slot in which a task waits for a decision, locked; @throws 404, `adjudication.not_waiting` (409) */
async function liveSlot(tx: EntityManager, actor: Actor, taskId: string): Promise<Live> {
  const [known]: unknown[] = await tx.query('select from task where project_id = $1 and decides_task_id = $2 limit 1', [
    actor.projectId,
    taskId,
  ]);
  if (!known) throw notFound('adjudication', taskId);
  const [slot]: Live[] = await tx.query(
    `select s.id, s.task_set_id, s.state, s.holder_id, q.desk, q.state as set_state,
       s.state = 'leased' and s.lease_until > now() as in_time
     from task k join slot s on s.task_id = k.id join task_set q on q.id = k.task_set_id
     where k.project_id = $1 and k.decides_task_id = $2 and s.state in ('open', 'leased', 'returned') for update of s`,
    [actor.projectId, taskId],
  );
  if (!slot) throw notWaiting();
  return slot;
}

/**
 * Takes this very task, from a list, whether or not its queue would hand it out next; also out of the hands of the person's
 * other pages.
 * @throws `adjudication.in_hand`, `adjudication.set_closed` (409); 404 for whom it is not for
 */
export async function takeAdjudication(
  tx: EntityManager,
  actor: Actor,
  taskId: string,
  leaseSeconds: number,
): Promise<string> {
  const slot = await liveSlot(tx, actor, taskId);
  if (slot.set_state !== 'open') throw setClosed();
  if (!(await isOpenTo(tx, actor, slot.task_set_id))) throw notFound('adjudication', taskId);
  const mine = slot.holder_id === actor.personId && slot.state !== 'open';
  if (!mine && (slot.in_time || slot.state === 'returned')) throw inHand();
  await tx.query(
    `update slot set state = 'leased', holder_id = $2, lease_until = now() + make_interval(secs => $3),
       fencing_token = fencing_token + 1 where id = $1`,
    [slot.id, actor.personId, leaseSeconds],
  );
  if (mine) return slot.id;
  await tx.query(
    `update assignment set outcome = case when outcome = 'open' then 'expired' else 'released' end,
       to_at = coalesce(to_at, now())
     where slot_id = $1 and (outcome = 'open' or person_id = $2 and outcome in ('answered', 'skipped'))`,
    [slot.id, actor.personId],
  );
  await tx.query(
    `insert into assignment (id, project_id, task_set_id, slot_id, subject_id, record_id, person_id)
     select $3, project_id, task_set_id, id, subject_id, record_id, $2 from slot where id = $1`,
    [slot.id, actor.personId, uuidv7()],
  );
  return slot.id;
}

/** Those who lead take a task back from the doctors, unless one has it in hand. @throws `adjudication.in_hand` (409) */
export async function recallAdjudication(tx: EntityManager, actor: Actor, taskId: string): Promise<void> {
  const slot = await liveSlot(tx, actor, taskId);
  if (slot.desk !== 'doctor') throw notWaiting();
  if (slot.in_time) throw inHand();
  await withdrawAdjudications(tx, actor.projectId, { taskId });
  await openAdjudication(tx, { projectId: actor.projectId, taskId }, 'lead');
  await writeAudit(tx, actor, { action: 'adjudication.recall', subjectType: 'task', subjectId: taskId });
}
