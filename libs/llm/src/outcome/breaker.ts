import type { EntityManager } from 'typeorm';
import { BREAKER_FAILURES, BREAKER_SECONDS } from './retry-rules.js';

/** Counts a failure in a row; from the fifth on the provider is left alone for half a minute. */
export async function tripBreaker(tx: EntityManager, providerId: string): Promise<void> {
  await tx.query(
    `update provider set breaker_failures = breaker_failures + 1,
       breaker_open_until = case when breaker_failures + 1 >= $2
         then clock_timestamp() + make_interval(secs => $3) else breaker_open_until end
     where id = $1`,
    [providerId, BREAKER_FAILURES, BREAKER_SECONDS],
  );
}

/** An answer clears the count; the row is left alone where there is nothing to clear. */
export async function closeBreaker(tx: EntityManager, providerId: string): Promise<void> {
  await tx.query('update provider set breaker_failures = 0 where id = $1 and breaker_failures > 0', [providerId]);
}

/** No claims for as long as a server asked us to wait, a minute at most. */
export async function pauseProvider(tx: EntityManager, providerId: string, delayMs: number): Promise<void> {
  await tx.query(
    `update provider set breaker_open_until = greatest(breaker_open_until,
       clock_timestamp() + make_interval(secs => $2::double precision / 1000)) where id = $1`,
    [providerId, Math.min(delayMs, 60_000)],
  );
}
