import type { EntityManager } from 'typeorm';
import { DOUBT_LIMIT } from '../outcome/retry-rules.js';

export interface Swept {
  /** Newly in doubt: a call was out when its worker fell silent. */
  doubted: number;
  /** Given back: claimed, but nothing had been sent. */
  returned: number;
}

/**
 * Ends leases that are out. Whether a call was under way is on record, since it is written before it is sent: with one the
 * item is in doubt and the call stays charged at its estimate, without one the item simply waits again.
 */
export async function sweepLeases(tx: EntityManager, jobId: string): Promise<Swept> {
  const [swept] = await tx.query<Swept[]>(
    `with silent as (
       select id from llm_item where job_id = $1 and state = 'in_flight' and lease_until < clock_timestamp()
       for update skip locked),
     doubted_calls as (
       update llm_call c set state = 'in_doubt', error_code = 'worker_lost' from silent
       where c.item_id = silent.id and c.state = 'sending' returning c.item_id),
     doubted as (
       update llm_item i set state = 'in_doubt', in_doubt_count = i.in_doubt_count + 1, run_at = clock_timestamp(),
         lease_owner = null, lease_until = null, updated_at = clock_timestamp()
       where i.id in (select item_id from doubted_calls) returning i.id),
     returned as (
       update llm_item i set state = 'waiting', attempts = greatest(i.attempts - 1, 0), lease_owner = null,
         lease_until = null, updated_at = clock_timestamp()
       where i.id in (select id from silent) and i.id not in (select item_id from doubted_calls) returning i.id)
     select (select count(*)::int from doubted) as doubted, (select count(*)::int from returned) as returned`,
    [jobId],
  );
  return swept!;
}

/** Items in doubt whose pause is over wait again, under the same key; after {@link DOUBT_LIMIT} doubts they fail. */
export async function settleDoubts(tx: EntityManager, jobId: string): Promise<void> {
  await tx.query(
    `update llm_item set state = case when in_doubt_count >= $2 then 'failed' else 'waiting' end,
       error_code = case when in_doubt_count >= $2 then 'in_doubt_too_often' else error_code end,
       updated_at = clock_timestamp()
     where id in (select id from llm_item where job_id = $1 and state = 'in_doubt' and run_at <= clock_timestamp()
       for update skip locked)`,
    [jobId, DOUBT_LIMIT],
  );
}

/**
 * What a cancelled job still had open ends as skipped. An item that somebody is at work on is passed by, since they may be
 * waiting for the job that is held here; the lane that they work in comes back to it.
 */
export async function skipOpenItems(tx: EntityManager, jobId: string): Promise<void> {
  await tx.query(
    `update llm_item set state = 'skipped', error_code = 'job_cancelled', updated_at = clock_timestamp()
     where id in (select id from llm_item where job_id = $1 and state in ('waiting', 'in_doubt')
       for update skip locked)`,
    [jobId],
  );
}
