import type { EntityManager } from 'typeorm';
import type { Actor, HeldSlot } from '@qingnang/contracts';
import type { Queryable } from '@qingnang/database';
import { type DomainError, notFound, uuidv7 } from '@qingnang/kernel';
import { IN_USE } from '@qingnang/corpus';
import { leaseLost, recordHeldBack, taskSetClosed, type WhatHappened } from '../review.errors.js';

/** What is shown of a slot in hand, over {@link HELD_FROM}: $1 the project, $2 the slot, $3 the person. */
export const HELD = `s.id, s.task_set_id as "taskSetId", ts.name as "taskSetName", ts.kind, s.task_id as "taskId",
  s.record_id as "recordId", s.subject_id as "subjectId", s.shown_version_id as "shownVersionId", s.round,
  s.fencing_token::int as "fencingToken", s.lease_until as "leaseUntil",
  (select json_build_object('body', d.body, 'revision', d.revision,
      'updatedAt', to_char(d.updated_at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))
    from draft d where d.slot_id = s.id and d.person_id = s.holder_id and d.body is not null
      and d.base_version_id is not distinct from s.shown_version_id) as draft, counts.done, counts.waiting`;
export const HELD_FROM = `slot s join task_set ts on ts.id = s.task_set_id, ${workCounts('s.project_id', 's.task_set_id', '$3')}`;
export const HELD_WHERE = `s.project_id = $1 and s.id = $2 and s.holder_id = $3 and s.state = 'leased'`;

/** Set `ts` is open to a person: $1 the person, $2 the project. */
export const OPEN_TO_ME = `ts.project_id = $2 and ts.state = 'open' and exists (
  select from membership m where m.project_id = $2 and m.person_id = $1 and m.roles && ts.roles
    and (ts.departments = '{}' or m.departments = '{}' or m.departments && ts.departments))`;

/** FROM item `counts` (done, waiting) of what a person answered in a set and what waits for them there. */
export function workCounts(project: string, taskSetId: string, person = '$1'): string {
  return `work_counts(${person}, ${project}, ${taskSetId}) counts`;
}

/** Whether the set exists, is open, and asks for one of the person's roles and departments. */
export async function isOpenTo(db: Queryable, actor: Actor, taskSetId: string): Promise<boolean> {
  const found = await db.query<unknown[]>(`select from task_set ts where ts.id = $3 and ${OPEN_TO_ME}`, [
    actor.personId,
    actor.projectId,
    taskSetId,
  ]);
  return found.length > 0;
}

/** Says of a set that would be open to this person that it is closed, rather than that there is none. */
export async function refuseUnlessOpen(db: Queryable, actor: Actor, taskSetId: string): Promise<void> {
  if (await isOpenTo(db, actor, taskSetId)) return;
  const [closed] = await db.query<unknown[]>(
    `select from task_set ts join membership m on m.project_id = ts.project_id and m.person_id = $1 and m.roles && ts.roles
     where ts.project_id = $2 and ts.id = $3 and ts.state = 'closed'`,
    [actor.personId, actor.projectId, taskSetId],
  );
  throw closed ? taskSetClosed() : notFound('task set', taskSetId);
}

/**
 * Hands out a slot of a set: what the person holds already, else what was returned to them, else the next free one,
 * by one statement, so that no two people get it. Null when nothing is left for this person.
 */
export async function claimSlot(
  db: Queryable,
  actor: Actor,
  taskSetId: string,
  leaseSeconds: number,
): Promise<string | null> {
  const [row] = await db.query<{ id: string | null }[]>(
    `select claim_slot($1, ts.id, $4, $5) as id from task_set ts where ts.id = $3 and ${OPEN_TO_ME}`,
    [actor.personId, actor.projectId, taskSetId, leaseSeconds, uuidv7()],
  );
  return row?.id ?? null;
}

/** A new token for what is in this person's hands: pages that know only the one before can neither save nor submit. */
export async function takeFromOtherPages(db: Queryable, actor: Actor, slotId: string): Promise<void> {
  await db.query(
    `update slot set fencing_token = fencing_token + 1 where id = $1 and holder_id = $2 and state = 'leased'`,
    [slotId, actor.personId],
  );
}

/** What the person holds of a set already, if anything. */
export async function heldSlot(db: Queryable, actor: Actor, taskSetId: string): Promise<string | null> {
  const [row] = await db.query<{ id: string }[]>(
    `select id from slot where holder_id = $1 and project_id = $2 and task_set_id = $3 and state = 'leased' order by id limit 1`,
    [actor.personId, actor.projectId, taskSetId],
  );
  return row?.id ?? null;
}

/** A slot in this person's hands, with their draft. Null for anybody else. */
export async function findHeldSlot(db: Queryable, actor: Actor, slotId: string): Promise<HeldSlot | null> {
  const [slot] = await db.query<HeldSlot[]>(`select ${HELD} from ${HELD_FROM} where ${HELD_WHERE}`, [
    actor.projectId,
    slotId,
    actor.personId,
  ]);
  return slot ?? null;
}

/** The same; 404 for anybody else. */
export async function readHeldSlot(db: Queryable, actor: Actor, slotId: string): Promise<HeldSlot> {
  const slot = await findHeldSlot(db, actor, slotId);
  if (!slot) throw notFound('slot', slotId);
  return slot;
}

/** Keeps the slot for another lease. */
export async function renewLease(
  db: Queryable,
  actor: Actor,
  slotId: string,
  fencingToken: number,
  leaseSeconds: number,
): Promise<{ leaseUntil: Date; closed: boolean }> {
  const [rows] = await db.query<[{ leaseUntil: Date; closed: boolean }[], number]>(
    `update slot set lease_until = now() + make_interval(secs => $4)
     where project_id = $5 and id = $1 and holder_id = $2 and fencing_token = $3 and state = 'leased'
     returning lease_until as "leaseUntil", (select ts.state <> 'open' from task_set ts where ts.id = task_set_id) as closed`,
    [slotId, actor.personId, fencingToken, leaseSeconds, actor.projectId],
  );
  if (!rows[0]) throw leaseLost(slotId, await whatHappened(db, actor, slotId));
  return rows[0];
}

export interface LockedSlot {
  id: string;
  taskId: string;
  taskSetId: string;
  subjectId: string;
  /** Null where the subject belongs to no record. */
  recordId: string | null;
  shownVersionId: string | null;
  round: number;
}

/** Locks the slot for the end of the transaction; null when it is no longer this person's under this token. */
export async function lockHeldSlot(
  tx: EntityManager,
  actor: Actor,
  slotId: string,
  fencingToken: number,
): Promise<LockedSlot | null> {
  const [slot]: LockedSlot[] = await tx.query(
    `select id, task_id as "taskId", task_set_id as "taskSetId", subject_id as "subjectId", record_id as "recordId",
       shown_version_id as "shownVersionId", round
     from slot where project_id = $1 and id = $2 and holder_id = $3 and fencing_token = $4 and state = 'leased' for update`,
    [actor.projectId, slotId, actor.personId, fencingToken],
  );
  return slot ?? null;
}

/** Lets in only to keep what they had written; see `@AlsoFormerMembers`. */
const isFormerMember = (actor: Actor): boolean => actor.roles.length === 0 && !actor.installationAdmin;

/** Why a slot is no longer one's own; 404 if it never was. */
export async function whatHappened(db: Queryable, actor: Actor, slotId: string): Promise<WhatHappened> {
  const [slot] = await db.query<{ state: string; is_mine: boolean | null; was_mine: boolean }[]>(
    `select s.state, s.holder_id = $3 as is_mine, exists (select from assignment a where a.slot_id = s.id and a.person_id = $3) as was_mine
     from slot s where s.project_id = $1 and s.id = $2`,
    [actor.projectId, slotId, actor.personId],
  );
  if (!slot?.was_mine) throw notFound('slot', slotId);
  if (isFormerMember(actor)) return 'removed';
  if (slot.state === 'leased') return slot.is_mine ? 'elsewhere' : 'taken';
  return slot.state === 'open' ? 'released' : 'answered';
}

/** Takes a slot out of somebody's hands whose record was put aside meanwhile. @returns what to tell them, null where all is well */
export async function refusePutAside(
  tx: EntityManager,
  actor: Actor,
  slot: LockedSlot,
  recordId: string | null,
): Promise<DomainError | null> {
  const [found]: unknown[] = await tx.query(`select 1 from record r where r.id = $1 and not (${IN_USE}) for update`, [
    recordId,
  ]);
  return found === undefined ? null : releasePutAside(tx, actor, slot);
}

/** Takes a slot out of somebody's hands whose record was put aside. @returns what to tell them */
export async function releasePutAside(tx: EntityManager, actor: Actor, slot: LockedSlot): Promise<DomainError> {
  await giveBack(tx, actor, slot, 'released', '');
  return recordHeldBack(slot.id);
}

/** Gives the slot back: `skipped` is for good, `released` may come again. */
export async function giveBack(
  tx: EntityManager,
  actor: Actor,
  slot: LockedSlot,
  outcome: 'skipped' | 'released',
  reason: string,
): Promise<void> {
  await tx.query(`update slot set state = 'open', holder_id = null, lease_until = null where id = $1`, [slot.id]);
  await tx.query(
    `update assignment set outcome = $3, to_at = now(), reason = nullif($4, '')
     where slot_id = $1 and person_id = $2 and outcome = 'open'`,
    [slot.id, actor.personId, outcome, reason],
  );
}
