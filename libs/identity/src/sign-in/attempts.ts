import type { Queryable } from '@qingnang/database';
import { tooManyAttempts } from '../identity.errors.js';

/** Seconds the first attempt past the free ones waits; each further failure doubles it. */
const FIRST_DELAY = 5;
const LONGEST_DELAY = 900;
const WINDOW_SECONDS = 900;

/**
 * Counts an attempt under a key, and after the free ones makes the next wait: 5 seconds, then twice as long with every
 * failure, a quarter of an hour at most. In the database, so that several api processes share the count. Counting comes
 * before looking, so attempts side by side cannot slip past; an attempt that is refused changes nothing, so nobody can
 * prolong another's wait by knocking. A day without an attempt forgets.
 * @throws DomainError 429 with the seconds to wait.
 */
export async function countAttempt(db: Queryable, key: string, free: number): Promise<void> {
  const counted = await db.query<unknown[]>(
    `with old as (
       delete from attempt_delay where ctid = any (array(
         select ctid from attempt_delay where last_at < now() - interval '1 day' and key <> $1 limit 50
         for update skip locked))
     )
     insert into attempt_delay as a (key, failures, until_at)
     values ($1, 1, case when $2 <= 1 then clock_timestamp() + make_interval(secs => $3) end)
     on conflict (key) do update set (failures, last_at, until_at) = (
       select n, clock_timestamp(), case when n >= $2 then
         clock_timestamp() + make_interval(secs => least($4, $3 * power(2, least(n - $2, 20)))) end
       from (select case when a.last_at < now() - interval '1 day' then 1 else a.failures + 1 end as n) next)
     where a.until_at is null or a.until_at <= clock_timestamp()
     returning 1`,
    [key, free, FIRST_DELAY, LONGEST_DELAY],
  );
  if (counted.length > 0) return;
  const [row] = await db.query<{ left: number }[]>(
    'select ceil(extract(epoch from until_at - clock_timestamp()))::int as left from attempt_delay where key = $1',
    [key],
  );
  throw tooManyAttempts(Math.max(1, row?.left ?? 1));
}

/** A success: these attempts were no guessing. */
export async function forgetAttempts(db: Queryable, key: string): Promise<void> {
  await db.query('delete from attempt_delay where key = $1', [key]);
}

/** Counts under a key in windows of a quarter of an hour. @returns how many there are in this one */
export async function countInWindow(db: Queryable, key: string): Promise<number> {
  const [row] = await db.query<{ count: number }[]>(
    `with old as (
       delete from rate_counter where ctid = any (array(
         select ctid from rate_counter where window_start < now() - interval '1 hour' limit 50 for update skip locked))
     )
     insert into rate_counter (key, window_start, count)
     values ($1, to_timestamp(floor(extract(epoch from now()) / $2) * $2), 1)
     on conflict (key, window_start) do update set count = rate_counter.count + 1
     returning count`,
    [key, WINDOW_SECONDS],
  );
  return row!.count;
}

/** Takes one back: it was no failure. */
export async function takeBackFromWindow(db: Queryable, key: string): Promise<void> {
  await db.query('update rate_counter set count = greatest(count - 1, 0) where key = $1', [key]);
}
