import type { EntityManager } from 'typeorm';
import { currentAct } from '@qingnang/audit';
import type { Actor, Fate } from '@qingnang/contracts';
import { uuidv7 } from '@qingnang/kernel';
import { eventOf, notifySql } from '@qingnang/queue';
import type { LockedSlot } from './slots.js';

export interface NewAnswer {
  verdict: 'accept' | 'edit' | 'reject' | 'ask_doctor' | 'done';
  versionId?: string | null;
  resultType?: string;
  resultId?: string;
  reasonCode?: string | undefined;
  comment?: string;
  seconds: number;
  llmCallIds?: readonly string[];
  flags?: readonly 'not_compared'[];
}

/**
 * Writes the answer, takes the slot out of the person's hands and tells who watches the set, in one statement. The caller
 * decides the task in the same transaction.
 */
export async function finishSlot(
  tx: EntityManager,
  actor: Actor,
  slot: LockedSlot,
  answer: NewAnswer,
): Promise<string> {
  const id = uuidv7();
  await tx.query(
    `with answered as (insert into answer (id, project_id, slot_id, task_id, person_id, round, verdict, shown_version_id, version_id,
       result_type, result_id, reason_code, comment, seconds, llm_call_ids, task_set_id, flags)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, nullif($13, ''), $14, $15, $16, $17)),
     slots as (update slot set state = 'answered', lease_until = null where id = $3),
     assignments as (update assignment set outcome = 'answered', to_at = now()
       where slot_id = $3 and person_id = $5 and outcome = 'open'),
     drafts as (delete from draft where slot_id = $3 and person_id = $5 and project_id = $2)
     select ${notifySql('$18')}`,
    [
      id,
      actor.projectId,
      slot.id,
      slot.taskId,
      actor.personId,
      slot.round,
      answer.verdict,
      slot.shownVersionId,
      answer.versionId ?? null,
      answer.resultType ?? null,
      answer.resultId ?? null,
      answer.reasonCode ?? null,
      answer.comment ?? '',
      answer.seconds,
      answer.llmCallIds ?? [],
      slot.taskSetId,
      answer.flags ?? [],
      eventOf(actor.projectId, 'task-sets', slot.taskSetId),
    ],
  );
  return id;
}

/** Writes down what became of the answer, and under the request's key that it is in, for whoever sends it again. */
export async function noteFate(tx: EntityManager, answerId: string, fate: Fate): Promise<void> {
  await tx.query('update answer set fate = $2 where id = $1', [answerId, fate]);
  await currentAct()?.key?.keep(tx, answerId);
}

export interface AnsweredBefore {
  /** It was asked before: nothing new is done. */
  again: true;
  answerId: string;
  fate: Fate;
  taskSetId: string;
  /** What the answer points at: a reference, a judgement. */
  resultId: string | null;
}

/**
 * What an earlier request with this idempotency key did, whose reply may have been lost; null where there is none. Asked once
 * the slot is no longer in the person's hands: whoever holds the slot's row is the one that answers, and of requests sent
 * side by side the others wait for it there.
 */
export async function answeredBefore(tx: EntityManager, actor: Actor, slotId: string): Promise<AnsweredBefore | null> {
  const id = await currentAct()?.key?.made(tx);
  if (id == null) return null;
  const [found]: AnsweredBefore[] = await tx.query(
    `select a.id as "answerId", coalesce(a.fate, 'stored') as fate, s.task_set_id as "taskSetId", a.result_id as "resultId"
     from answer a join slot s on s.id = a.slot_id
     where (a.id = $1 or a.result_id = $1) and a.slot_id = $2 and a.person_id = $3`,
    [id, slotId, actor.personId],
  );
  return found ? { ...found, again: true } : null;
}

/** True when every answer the task wants is in; the task's row stays locked until the transaction ends. */
export async function allAnswered(tx: EntityManager, taskId: string): Promise<boolean> {
  const [row]: { done: boolean }[] = await tx.query('select all_answered($1) as done', [taskId]);
  return row!.done;
}

/** Moves a task on; its slots count as accepted once it is decided. */
export async function setTaskState(
  tx: EntityManager,
  taskId: string,
  state: 'open' | 'answered' | 'to_adjudicate' | 'decided',
): Promise<void> {
  const slots = `with slots as (update slot set state = 'accepted' where task_id = $1 and state = 'answered')`;
  await tx.query(`${state === 'decided' ? slots : ''} update task set state = $2, updated_at = now() where id = $1`, [
    taskId,
    state,
  ]);
}
