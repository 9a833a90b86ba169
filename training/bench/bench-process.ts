import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Took } from './jobs.js';
import type { OpProfile } from './op-profile.js';
import type { BenchOrder } from './worker.js';

/** A back end or PyTorch in a process of its own, asked for one step at a time. */
export class BenchProcess {
  private readonly lines: AsyncIterator<string>;

  private constructor(
    readonly name: string,
    private readonly child: ChildProcess,
  ) {
    this.lines = createInterface({ input: child.stdout! })[Symbol.asyncIterator]();
  }

  /** @returns the process and what it said of itself, or why it did not start */
  static async start(
    name: string,
    program: string,
    args: readonly string[],
  ): Promise<{ process: BenchProcess; ready: Record<string, unknown> } | string> {
    const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'pipe'] });
    let complaints = '';
    child.stderr.on('data', (chunk: Buffer) => (complaints = (complaints + chunk.toString('utf8')).slice(-4000)));
    const process = new BenchProcess(name, child);
    const { value, done } = await process.lines.next();
    if (done) return /^\S*Error.*$/m.exec(complaints)?.[0] ?? (complaints.trim() || 'it ended without a word');
    return { process, ready: (JSON.parse(value) as { ready: Record<string, unknown> }).ready };
  }

  async step(order: BenchOrder): Promise<Took & { peakRss: number }> {
    return (await this.ask(order)) as Took & { peakRss: number };
  }

  async profile(order: BenchOrder): Promise<OpProfile> {
    return (await this.ask({ ...order, profile: true })) as OpProfile;
  }

  async end(): Promise<void> {
    const closed = once(this.child, 'close');
    this.child.stdin!.end();
    await closed;
  }

  private async ask(order: BenchOrder): Promise<unknown> {
    this.child.stdin!.write(`${JSON.stringify(order)}\n`);
    const { value, done } = await this.lines.next();
    if (done) throw new Error(`${this.name} ended in the middle of ${order.job} ${order.size}.`);
    return JSON.parse(value);
  }
}
