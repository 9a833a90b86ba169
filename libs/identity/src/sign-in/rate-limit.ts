import type { Queryable } from '@qingnang/database';
import { tooManyAttempts } from '../identity.errors.js';

export const WINDOW_SECONDS = 900;

/**
 * Counts an attempt in windows of a quarter of an hour, in the database, so that several api processes share the count.
 * Counting comes before looking, so attempts side by side cannot slip past.
 * @throws DomainError 429 with the seconds to wait.
 */
export async function countAttempt(db: Queryable, key: string, limit: number): Promise<void> {
  const [row] = await db.query<{ count: number; left: number }[]>(
    `with old as (
       delete from rate_counter where window_start < now() - interval '1 day'
     ), slot as (
       select to_timestamp(floor(extract(epoch from now()) / $2) * $2) as start
     )
     insert into rate_counter (key, window_start, count) select $1, start, 1 from slot
     on conflict (key, window_start) do update set count = rate_counter.count + 1
     returning count, ceil(extract(epoch from window_start + make_interval(secs => $2) - now()))::int as left`,
    [key, WINDOW_SECONDS],
  );
  if (row && row.count > limit) throw tooManyAttempts(Math.max(1, row.left));
}

/** A success: these attempts were no guessing. */
export async function forgetAttempts(db: Queryable, key: string): Promise<void> {
  await db.query('delete from rate_counter where key = $1', [key]);
}

/** Takes one attempt back, where others share the count. */
export async function takeBackAttempt(db: Queryable, key: string): Promise<void> {
  await db.query('update rate_counter set count = greatest(count - 1, 0) where key = $1', [key]);
}
