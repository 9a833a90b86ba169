import type { Pool } from 'pg';
import type { JobDefinition } from './define-job.js';
import { sweepLostJobs } from './sweep-lost-jobs.js';

const SWEEP_MS = 15_000;

/** Looks every few seconds for work that the queue has lost. */
export class Sweeper {
  private timer: NodeJS.Timeout | undefined;
  private look: Promise<void> = Promise.resolve();

  constructor(
    private readonly pool: Pool,
    private readonly jobs: readonly JobDefinition<unknown>[],
    private readonly everyMs = SWEEP_MS,
  ) {}

  start(): void {
    this.look = this.sweep();
    this.timer = setInterval(() => {
      this.look = this.look.then(() => this.sweep());
    }, this.everyMs);
  }

  async stop(): Promise<void> {
    clearInterval(this.timer);
    await this.look;
  }

  private async sweep(): Promise<void> {
    // Without a connection, or with a broken one, the next look tries again.
    const client = await this.pool.connect().catch(() => null);
    if (!client) return;
    try {
      const query = async (sql: string, values?: unknown[]): Promise<never> =>
        (await client.query(sql, values)).rows as never;
      await client.query('begin');
      await sweepLostJobs({ query }, this.jobs);
      await client.query('commit');
      client.release();
    } catch (error) {
      client.release(error instanceof Error ? error : true);
    }
  }
}
