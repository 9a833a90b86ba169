import type { EntityManager } from 'typeorm';
import type { Actor, HeldSlot } from '@qingnang/contracts';
import { isUniqueViolation, type Queryable } from '@qingnang/database';
import { type DomainError, notFound, uuidv7 } from '@qingnang/kernel';
import { IN_USE } from '@qingnang/corpus';
import { leaseLost, recordHeldBack } from '../review.errors.js';

const HELD = `s.id, s.task_set_id as "taskSetId", ts.name as "taskSetName", ts.kind, s.task_id as "taskId",
  s.record_id as "recordId", s.subject_id as "subjectId", s.shown_version_id as "shownVersionId", s.round,
  s.fencing_token::int as "fencingToken", s.lease_until as "leaseUntil",
  (select json_build_object('body', d.body, 'revision', d.revision,
      'updatedAt', to_char(d.updated_at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))
    from draft d where d.slot_id = s.id and d.person_id = s.holder_id and d.body is not null
      and d.base_version_id is not distinct from s.shown_version_id) as draft`;
const HELD_FROM = 'slot s join task_set ts on ts.id = s.task_set_id';

/** Set `ts` is open to a person: $1 the person, $2 the project. */
export const OPEN_TO_ME = `ts.project_id = $2 and ts.state = 'open' and exists (
  select from membership m where m.project_id = $2 and m.person_id = $1 and m.roles && ts.roles
    and (ts.departments = '{}' or m.departments = '{}' or m.departments && ts.departments))`;

/** What nobody gets twice in a set: the record of row `t` where it has one, else its subject. */
const onceOf = (t: string): string => `coalesce(${t}.record_id, ${t}.subject_id)`;

/** The record of slot `s`, where it has one, is neither held back nor withdrawn. */
const NOT_PUT_ASIDE = `not exists (select from record r where r.id = s.record_id and not (${IN_USE}))`;

/** Conditions under which a person may be handed a slot `s` of an open set: nothing twice, nothing of their own. */
const inReachOf = (person: string): string => `${NOT_PUT_ASIDE} and not exists (
  select from subject_author own where own.subject_id = s.subject_id and own.person_id = ${person})
  and not exists (
  select from assignment a where a.task_set_id = s.task_set_id and ${onceOf('a')} = ${onceOf('s')}
    and a.person_id = ${person} and (a.outcome in ('answered', 'skipped') or (a.outcome = 'open' and a.slot_id <> s.id)))`;
const IN_REACH = inReachOf('$1');

/** A count on a screen costs no more than this many slots. */
const COUNTED_SLOTS = 10_000;

/** SQL of how many records or subjects of a set wait for a person, of its first {@link COUNTED_SLOTS} slots. */
export function waitingSql(taskSetId: string, person = '$1'): string {
  return `(select count(distinct near.once)::int from (
    select ${onceOf('s')} as once from slot s where s.task_set_id = ${taskSetId}
      and (s.state = 'open' or s.holder_id = ${person} and s.state in ('leased', 'returned')
        or s.state = 'leased' and s.lease_until < now()) and ${inReachOf(person)} limit ${COUNTED_SLOTS}) near)`;
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

/**
 * Hands out a slot of a set: what the person holds already, else what was returned to them, else the next free one,
 * by one statement, so that no two people get it. Null when nothing is left for this person.
 */
export async function claimSlot(
  tx: EntityManager,
  actor: Actor,
  taskSetId: string,
  leaseSeconds: number,
): Promise<string | null> {
  // TypeORM answers an UPDATE with [rows, count].
  const [own]: [{ id: string }[], number] = await tx.query(
    `update slot set state = 'leased', lease_until = now() + make_interval(secs => $3)
     where id = (select s.id from slot s where s.task_set_id = $2 and s.holder_id = $1
       and s.state in ('leased', 'returned') and ${NOT_PUT_ASIDE} order by s.state desc, s.id limit 1 for update)
     returning id`,
    [actor.personId, taskSetId, leaseSeconds],
  );
  if (own[0]) return own[0].id;
  return claimFree(tx, actor, taskSetId, leaseSeconds);
}

async function claimFree(
  tx: EntityManager,
  actor: Actor,
  taskSetId: string,
  leaseSeconds: number,
): Promise<string | null> {
  try {
    const taken: { id: string }[] = await tx.query(
      `with free as (
         select s.id from slot s where s.task_set_id = $2 and s.state = 'open' and ${IN_REACH}
         order by s.priority desc, s.id limit 1 for update skip locked
       ), run_out as (
         select s.id from slot s
         where s.task_set_id = $2 and s.state = 'leased' and s.lease_until < now() and ${IN_REACH}
           and not exists (select from free)
         order by s.priority desc, s.id limit 1 for update skip locked
       ), taken as (
         update slot set state = 'leased', holder_id = $1, lease_until = now() + make_interval(secs => $3),
           fencing_token = fencing_token + 1
         from (select id from free union all select id from run_out) next where slot.id = next.id
         returning slot.*
       ), lost as (
         update assignment set outcome = 'expired', to_at = now()
         from taken where slot_id = taken.id and outcome = 'open'
       ), assigned as (
         insert into assignment (id, project_id, task_set_id, slot_id, subject_id, record_id, person_id)
         select $4, project_id, task_set_id, id, subject_id, record_id, $1 from taken
       )
       select id from taken`,
      [actor.personId, taskSetId, leaseSeconds, uuidv7()],
    );
    return taken[0]?.id ?? null;
  } catch (error) {
    // Two tabs of one person asked at once and met the same subject: the other tab has it.
    if (isUniqueViolation(error, 'uq_assignment_once')) return null;
    throw error;
  }
}

/** A slot in this person's hands, with their draft. 404 for anybody else. */
export async function readHeldSlot(db: Queryable, actor: Actor, slotId: string): Promise<HeldSlot> {
  const [slot] = await db.query<Omit<HeldSlot, 'done' | 'waiting'>[]>(
    `select ${HELD} from ${HELD_FROM}
     where s.project_id = $1 and s.id = $2 and s.holder_id = $3 and s.state = 'leased'`,
    [actor.projectId, slotId, actor.personId],
  );
  if (!slot) throw notFound('slot', slotId);
  const [counts] = await db.query<{ done: number; waiting: number }[]>(
    `select (select count(*)::int from assignment where task_set_id = $2 and person_id = $1 and outcome = 'answered') as done,
       ${waitingSql('$2')} as waiting`,
    [actor.personId, slot.taskSetId],
  );
  return { ...slot, ...counts! };
}

/** Keeps the slot for another lease. */
export async function renewLease(
  db: Queryable,
  actor: Actor,
  slotId: string,
  fencingToken: number,
  leaseSeconds: number,
): Promise<Date> {
  const [rows] = await db.query<[{ lease_until: Date }[], number]>(
    `update slot set lease_until = now() + make_interval(secs => $4)
     where project_id = $5 and id = $1 and holder_id = $2 and fencing_token = $3 and state = 'leased' returning lease_until`,
    [slotId, actor.personId, fencingToken, leaseSeconds, actor.projectId],
  );
  if (!rows[0]) throw leaseLost(slotId, await whatHappened(db, actor, slotId));
  return rows[0].lease_until;
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

/** Why a slot is no longer one's own; 404 if it never was. */
export async function whatHappened(
  db: Queryable,
  actor: Actor,
  slotId: string,
): Promise<'taken' | 'released' | 'answered'> {
  const [slot] = await db.query<{ state: string; was_mine: boolean }[]>(
    `select s.state, exists (select from assignment a where a.slot_id = s.id and a.person_id = $3) as was_mine
     from slot s where s.project_id = $1 and s.id = $2`,
    [actor.projectId, slotId, actor.personId],
  );
  if (!slot?.was_mine) throw notFound('slot', slotId);
  if (slot.state === 'leased') return 'taken';
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
  if (found === undefined) return null;
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
