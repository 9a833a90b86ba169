import type { EntityManager } from 'typeorm';
import type { Actor, Fate, HeldSlot, TaskKind } from '@qingnang/contracts';
import type { Queryable } from '@qingnang/database';
import { type DomainError, notFound } from '@qingnang/kernel';
import { saveDraft } from '../drafts.js';
import { allAnswered, setTaskState } from './finish-slot.js';
import { leaseLost } from '../review.errors.js';
import { readHeldSlot, whatHappened } from './slots.js';

/** A slot in this person's hands, of one of these kinds; 404 for any other. */
export async function heldOfKind(
  db: Queryable,
  actor: Actor,
  slotId: string,
  kinds: readonly TaskKind[],
): Promise<HeldSlot> {
  const slot = await readHeldSlot(db, actor, slotId);
  if (!kinds.includes(slot.kind)) throw notFound('task', slotId);
  return slot;
}

/** What somebody wrote is kept before the refusal is thrown, in the transaction that is then committed. */
export async function keepAsDraft(
  tx: EntityManager,
  actor: Actor,
  slotId: string,
  fencingToken: number,
  body: Record<string, unknown>,
): Promise<void> {
  const { projectId } = actor;
  await saveDraft(tx, { projectId, slotId, personId: actor.personId!, baseVersionId: null, fencingToken, body });
}

/** Why the slot is no longer one's own, as the error to throw. */
export async function lostSlot(tx: EntityManager, actor: Actor, slotId: string): Promise<DomainError> {
  return leaseLost(slotId, await whatHappened(tx, actor, slotId));
}

/** Answers of doctors stand side by side: once all are in, the task is done. */
export async function settleTask(tx: EntityManager, taskId: string): Promise<Fate> {
  const done = await allAnswered(tx, taskId);
  await setTaskState(tx, taskId, done ? 'decided' : 'open');
  return done ? 'stored' : 'waiting_for_others';
}
