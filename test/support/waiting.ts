import type { DataSource } from 'typeorm';
import { expect } from 'vitest';

/** Waits until so many statements in the test's database wait for a lock: then what holds it can be let go. */
export async function untilWaiting(dataSource: DataSource, count = 1): Promise<void> {
  const waiting = `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
  await expect
    .poll(async () => (await dataSource.query<unknown[]>(waiting)).length, { timeout: 120_000, interval: 10 })
    .toBeGreaterThanOrEqual(count);
}
