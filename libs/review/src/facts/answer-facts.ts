import type { EntityManager } from 'typeorm';
import type { Actor, FactKind, KindOfAlarm, NamedFact } from '@qingnang/contracts';
import { factKind } from '@qingnang/contracts';
import type { Queryable } from '@qingnang/database';
import { uuidv7 } from '@qingnang/kernel';
import { needsConfirmation } from '@qingnang/text';
import type { LockedSlot } from '../slots/slots.js';
import type { ComparedSubmission, SubmissionFact } from './submission-facts.js';
import { unconfirmed, watched } from './submission-facts.js';
import { factsUnconfirmed } from './facts.errors.js';

/** Rows kept of one answer: a text that was written anew differs in hundreds, and then nobody reads them one by one. */
const MOST_FACTS = 200;

/** SQL of the kinds that a set does not watch, as a JSON list. */
export const quietKindsSql = (set: string): string => `coalesce(${set}.settings -> 'quietKinds', '[]')`;

/** SQL of the facts of answer `a`: what its author confirmed first, then what else stands. */
export const ANSWER_FACTS = `(select coalesce(json_agg(json_build_object('n', f.turn_n, 'id', f.fact_id, 'kind', f.kind,
    'change', f.change, 'was', f.was_text, 'is', f.is_text, 'of', f.of_drug, 'confirmedAt',
    to_char(f.confirmed_at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))
    order by f.confirmed_at is null, f.turn_n, f.id), '[]')
  from (select * from answer_fact af where af.answer_id = a.id and af.stands
    order by af.confirmed_at is null, af.turn_n, af.id limit 50) f)`;

/** What this person has confirmed in this slot, in whatever round. */
export function confirmedBefore(db: Queryable, slotId: string, personId: string | null): Promise<NamedFact[]> {
  return db.query(
    `select distinct turn_n as n, fact_id as id from answer_fact
     where slot_id = $1 and person_id = $2 and confirmed_at is not null`,
    [slotId, personId],
  );
}

/**
 * What of a submission has to be kept, once everything that does harm when it is wrong has been confirmed.
 * @throws `answer.facts_unconfirmed` (409), with the facts
 */
export async function checkConfirmed(
  tx: EntityManager,
  actor: Actor,
  slot: LockedSlot,
  compared: ComparedSubmission,
  confirmed: readonly NamedFact[],
): Promise<SubmissionFact[]> {
  if (compared.facts.length === 0) return [];
  // Those who decide about the answers of a set watch what the set watches.
  const [set]: { quiet: FactKind[] }[] = await tx.query(
    `select ${quietKindsSql('ts')} as quiet from task_set own join task_set ts on ts.id = coalesce(own.decides_task_set_id, own.id)
     where own.id = $1`,
    [slot.taskSetId],
  );
  const facts = watched(compared.facts, set?.quiet ?? []);
  if (unconfirmed(facts, confirmed).length === 0) return facts;
  const before = slot.round > 1 ? await confirmedBefore(tx, slot.id, actor.personId) : [];
  const open = unconfirmed(facts, [...confirmed, ...before]);
  if (open.length > 0) throw factsUnconfirmed(open);
  return facts;
}

/** Keeps the facts of an answer with its author's word on them: who leads the work sees it, and alarms are counted by it. */
export async function keepFacts(
  tx: EntityManager,
  actor: Actor,
  slot: LockedSlot,
  answerId: string,
  facts: readonly SubmissionFact[],
): Promise<void> {
  if (facts.length === 0) return;
  // Ends of a fact's life first: what was confirmed must not fall to the limit.
  const rows = [...facts].sort((a, b) => rank(a) - rank(b)).slice(0, MOST_FACTS);
  await tx.query(
    `insert into answer_fact (id, project_id, task_set_id, slot_id, answer_id, person_id, turn_n, fact_id, kind, change,
       was_text, is_text, of_drug, stands, confirmed_at)
     select f.id, $1, $2, $3, $4, $5, f.n, f.fact, f.kind, f.change, f.was, f.now, f.of, f.stands,
       case when f.confirmed then now() end
     from jsonb_to_recordset($6::jsonb) as f (id uuid, n int, fact text, kind text, change text, was text, now text,
       of text, stands boolean, confirmed boolean)`,
    [
      actor.projectId,
      slot.taskSetId,
      slot.id,
      answerId,
      actor.personId,
      JSON.stringify(
        rows.map(({ n, finding, stands }) => ({
          id: uuidv7(),
          n,
          fact: finding.id,
          kind: finding.kind,
          change: finding.change,
          was: finding.was.text,
          now: finding.is.text,
          of: finding.of ?? null,
          stands,
          confirmed: stands && needsConfirmation(finding),
        })),
      ),
    ],
  );
}

const rank = ({ finding, stands }: SubmissionFact): number => (stands ? (needsConfirmation(finding) ? 0 : 1) : 2);

/** The latest alarms of a kind that are counted: what is offered follows today's texts, and costs the same in any set. */
const COUNTED_ALARMS = 1_000;
/** Fewer say nothing about a kind. */
const FEWEST_ALARMS = 10;
const OFFERED_ABOVE = 0.2;

/** Alarms by kind, of the latest that a set's answers raised; what was taken back does not count. */
export async function alarmsOfSet(
  db: Queryable,
  taskSetId: string,
  quiet: readonly FactKind[],
): Promise<KindOfAlarm[]> {
  const rows = await db.query<Pick<KindOfAlarm, 'kind' | 'raised' | 'dismissed'>[]>(
    `select k.kind, count(f.stands)::int as raised, count(*) filter (where f.stands)::int as dismissed
     from unnest($2::text[]) with ordinality k (kind, place) left join lateral (
       select af.stands from answer_fact af join answer a on a.id = af.answer_id
       where af.task_set_id = $1 and af.kind = k.kind and not 'undone' = any (a.flags)
       order by af.id desc limit ${COUNTED_ALARMS}) f on true
     group by k.kind, k.place order by k.place`,
    [taskSetId, factKind.options],
  );
  return rows.map(({ kind, raised, dismissed }) => ({
    ...{ kind, raised, dismissed },
    off: quiet.includes(kind),
    offered: !quiet.includes(kind) && raised >= FEWEST_ALARMS && dismissed / raised > OFFERED_ABOVE,
  }));
}
