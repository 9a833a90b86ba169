import type { EntityManager } from 'typeorm';

type Db = Pick<EntityManager, 'query'>;

/** One taking of a job from the queue, as the queue's row says it. */
export interface TakenJob {
  id: string;
  locked_by: string | null;
  attempts: number;
}

/** The job went to another worker, because this one had fallen silent: nothing that this copy does may count any more. */
export class JobTakenError extends Error {
  constructor() {
    super('The job was given to another worker.');
    this.name = 'JobTakenError';
  }
}

/**
 * The row of the queue as we took it: a later taking, also by this same process, has a higher number. Where the same work
 * was ordered again meanwhile, the queue has raised the number to the last and made another row.
 */
const OURS = `id = $1 and locked_by = $2 and (attempts = $3 or key is null and attempts = max_attempts)`;

/** The fence of one attempt at a job: its effects count only while the queue's row says that this attempt has it. */
export class JobHold {
  private readonly key: readonly unknown[];

  constructor({ id, locked_by, attempts }: TakenJob) {
    this.key = [id, locked_by, attempts];
  }

  /**
   * To be called in each transaction that writes something: until it ends, the job cannot be given to anybody else.
   * @throws JobTakenError where that has happened already
   */
  async hold(tx: Db): Promise<void> {
    const rows = await tx.query<unknown[]>(`select from graphile_worker._private_jobs where ${OURS} for share`, [
      ...this.key,
    ]);
    if (rows.length === 0) throw new JobTakenError();
  }

  /**
   * Takes the job out of the queue. The queue itself would do so by its number alone, and so lose the job for whoever has
   * it now.
   * @throws JobTakenError
   */
  async end(db: { query(sql: string, values: unknown[]): Promise<{ rowCount: number | null }> }): Promise<void> {
    const { rowCount } = await db.query(`delete from graphile_worker._private_jobs where ${OURS}`, [...this.key]);
    if (rowCount === 0) throw new JobTakenError();
  }
}
