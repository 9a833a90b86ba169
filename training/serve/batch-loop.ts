import { setImmediate as nextTurn } from 'node:timers/promises';
import type { BatchRow, ContinuousBatch } from '../generate/continuous-batch.js';
import { OpenAiError } from './openai-error.js';

/** Steps a batch for as long as there is something to say, and lets sockets be served between two steps. */
export class BatchLoop {
  private turning: Promise<void> | null = null;
  private closed = false;

  constructor(
    private readonly batch: ContinuousBatch,
    /** Rows that speak and rows that wait, together. */
    private readonly mostRows: number,
  ) {}

  get load(): { running: number; waiting: number } {
    return { running: this.batch.running, waiting: this.batch.waiting };
  }

  /** @throws OpenAiError 429 where too many wait already, 503 once told to close */
  submit(rows: readonly BatchRow[]): void {
    if (this.closed) throw new OpenAiError(503, 'shutting_down', 'This server is about to end.', null, 5);
    const { running, waiting } = this.load;
    if (running + waiting + rows.length > this.mostRows) {
      const most = `${running} replies are being written and ${waiting} wait, of ${this.mostRows} in all`;
      throw new OpenAiError(429, 'rate_limit_exceeded', `The server is busy: ${most}. Try again soon.`, null, 1);
    }
    for (const row of rows) this.batch.add(row);
    this.turning ??= this.turn();
  }

  /** Takes no more; settles when the last reply is done. */
  async drain(): Promise<void> {
    this.closed = true;
    await this.turning;
  }

  private async turn(): Promise<void> {
    // Before the first step too: what arrived together is read together.
    do await nextTurn();
    while (this.batch.step());
    this.turning = null;
  }
}
