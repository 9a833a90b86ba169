import type { EntityManager } from 'typeorm';
import type { LlmResult } from '../job/llm-purpose.js';
import type { ClaimedItem } from '../run/claim-items.js';
import { nextKey } from './retry-rules.js';

type Held = Pick<ClaimedItem, 'id' | 'fencingToken'>;

/** Every outcome is written only under the fencing token it was earned with; `false` says that the item went on without us. */
async function write(
  tx: EntityManager,
  item: Held,
  states: readonly string[],
  set: string,
  values: readonly unknown[] = [],
): Promise<boolean> {
  const rows = await tx.query<{ id: string }[]>(
    `with written as (
       update llm_item set ${set}, updated_at = clock_timestamp()
       where id = $1 and fencing_token = $2 and state = any($3::text[]) returning id)
     select id from written`,
    [item.id, item.fencingToken, states, ...values],
  );
  return rows.length > 0;
}

const FREE = 'lease_owner = null, lease_until = null';

/**
 * Takes in an answer. It is welcome while the token holds, also where the lease had run out meanwhile and nobody else
 * has claimed the item.
 */
export function answerItem(tx: EntityManager, item: Held, owner: string, leaseSeconds: number): Promise<boolean> {
  return write(
    tx,
    item,
    ['in_flight', 'in_doubt', 'waiting'],
    `state = 'answered', lease_owner = $4, lease_until = clock_timestamp() + make_interval(secs => $5),
     error_code = null, error_detail = null`,
    [owner, leaseSeconds],
  );
}

export function storeItem(tx: EntityManager, item: Held, result: LlmResult): Promise<boolean> {
  return write(
    tx,
    item,
    ['answered'],
    `state = 'stored', result_type = $4, result_id = $5, error_code = null, error_detail = null, ${FREE}`,
    [result.type, result.id],
  );
}

export function endItem(
  tx: EntityManager,
  item: Held,
  state: 'failed' | 'skipped',
  code: string,
  detail: string | null,
  outputCap: number | null = null,
): Promise<boolean> {
  return write(
    tx,
    item,
    ['in_flight', 'answered', 'in_doubt', 'waiting'],
    `state = $4, error_code = $5, error_detail = $6, output_cap = $7, ${FREE}`,
    [state, code, detail, outputCap],
  );
}

/** Back to the queue after a try that bought nothing; `free` does not count it. */
export function retryItem(
  tx: EntityManager,
  item: Held,
  retry: { delayMs: number; code: string | null; free: boolean },
): Promise<boolean> {
  return write(
    tx,
    item,
    ['in_flight'],
    `state = 'waiting', run_at = clock_timestamp() + make_interval(secs => $4::double precision / 1000), error_code = $5,
     attempts = attempts - $6::int, ${FREE}`,
    [retry.delayMs, retry.code, retry.free ? 1 : 0],
  );
}

/** Sent, and no answer came: to be sent again under the same key after a pause. */
export function doubtItem(tx: EntityManager, item: Held, delayMs: number, code: string): Promise<boolean> {
  return write(
    tx,
    item,
    ['in_flight'],
    `state = 'in_doubt', in_doubt_count = in_doubt_count + 1, error_code = $5,
     run_at = clock_timestamp() + make_interval(secs => $4::double precision / 1000), ${FREE}`,
    [delayMs, code],
  );
}

/** A bought answer that cannot be used: another is bought, under the next key, with another cap where one is named. */
export function buyAgain(
  tx: EntityManager,
  item: ClaimedItem,
  code: string,
  outputCap: number | null,
): Promise<boolean> {
  return write(
    tx,
    item,
    ['answered'],
    `state = 'waiting', idempotency_key = $4, error_code = $5, output_cap = coalesce($6, output_cap),
     run_at = clock_timestamp(), ${FREE}`,
    [nextKey(item.idempotencyKey), code, outputCap],
  );
}

/** The item's tokens and cost are those of its calls, doubts at their estimate included. */
export async function addUpItem(tx: EntityManager, itemId: string): Promise<void> {
  await tx.query(
    `update llm_item i set input_tokens = t.input, output_tokens = t.output, cost = t.cost
     from (select coalesce(sum(input_tokens), 0)::int as input, coalesce(sum(output_tokens), 0)::int as output,
             coalesce(sum(cost), 0) as cost
           from llm_call where item_id = $1 and state <> 'sending') t
     where i.id = $1`,
    [itemId],
  );
}
