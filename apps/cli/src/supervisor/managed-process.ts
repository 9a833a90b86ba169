import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { DomainError } from '@qingnang/kernel';
import { LogFile } from './log-file.js';

export interface ProcessPlan {
  name: string;
  /** Path of the program and its arguments, run by this Node. */
  command: string[];
  /** Asked anew at every start, since the database may have moved. */
  environment(): Record<string, string | undefined>;
  logFile: string;
  /** How long it may take from SIGTERM to its end. */
  stopLimitMs: number;
}

const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 30_000;
/** A process that ran this long has recovered: the next fall counts as the first. */
const HEALTHY_MS = 60_000;
/** Falls before the first sign of readiness after which the start as a whole has failed. */
const PATIENCE = 3;

/** A child that is started again whenever it falls, with a growing pause between. */
export class ManagedProcess {
  private child: ChildProcess | undefined;
  private readonly log: LogFile;
  private readonly ending = new AbortController();
  private loop: Promise<void> | undefined;
  private tail = '';
  restarts = 0;

  constructor(private readonly plan: ProcessPlan) {
    this.log = new LogFile(plan.logFile);
  }

  get pid(): number | undefined {
    return this.child?.pid;
  }

  /** Settles when the process first says it is ready; fails if it falls again and again before. */
  start(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.loop = this.keepRunning(resolve, reject);
    });
  }

  /** SIGTERM, then SIGKILL to its whole group after the limit; settles when it is gone. */
  async stop(): Promise<void> {
    this.ending.abort();
    const child = this.child;
    if (child) {
      child.kill('SIGTERM');
      const timer = setTimeout(() => signalGroup(child, 'SIGKILL'), this.plan.stopLimitMs);
      await this.loop;
      clearTimeout(timer);
    }
    await this.loop;
    this.log.close();
  }

  /** Ends the present process; the loop starts the next one. */
  restart(): void {
    this.child?.kill('SIGTERM');
  }

  /** At once, without a farewell. */
  kill(): void {
    this.ending.abort();
    if (this.child) signalGroup(this.child, 'SIGKILL');
  }

  private async keepRunning(ready: () => void, failed: (error: Error) => void): Promise<void> {
    let isReady = false;
    let pause = FIRST_PAUSE_MS;
    for (let falls = 0; !this.ending.signal.aborted;) {
      const startedAt = Date.now();
      const child = this.spawn();
      child.on('message', (message) => {
        if (!isReady && typeof message === 'object' && 'ready' in message) {
          isReady = true;
          ready();
        }
      });
      const end = await endOf(child);
      signalGroup(child, 'SIGTERM');
      this.child = undefined;
      if (this.ending.signal.aborted) break;
      this.note(`ended (${end})`);
      falls = Date.now() - startedAt > HEALTHY_MS ? 1 : falls + 1;
      pause = falls === 1 ? FIRST_PAUSE_MS : Math.min(pause * 2, LONGEST_PAUSE_MS);
      if (!isReady && falls >= PATIENCE) return failed(this.failure(end));
      this.restarts += 1;
      await delay(pause, undefined, { signal: this.ending.signal }).catch(() => undefined);
    }
    if (!isReady) failed(this.failure('stopped'));
  }

  private spawn(): ChildProcess {
    // A session of its own: Ctrl-C in the terminal reaches the supervisor alone, which then stops us in order.
    const child = spawn(process.execPath, ['--enable-source-maps', ...this.plan.command], {
      detached: true,
      env: this.plan.environment(),
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    this.child = child;
    this.note(`started as process ${child.pid}`);
    for (const stream of [child.stdout!, child.stderr!]) {
      stream.on('data', (chunk: Buffer) => {
        this.log.write(chunk);
        this.tail = (this.tail + chunk.toString()).slice(-4_000);
      });
    }
    return child;
  }

  private note(text: string): void {
    this.log.write(
      `${JSON.stringify({ time: new Date().toISOString(), app: 'supervisor', process: this.plan.name, text })}\n`,
    );
  }

  private failure(end: string): DomainError {
    const cause = this.tail.split('\n').findLast((line) => /error|EADDRINUSE|ENOSPC|cannot|not found/i.test(line));
    return new DomainError({
      code: 'supervisor.child_failed',
      status: 500,
      detail: `The ${this.plan.name} does not start (${end}): ${cause?.trim().slice(0, 300) ?? 'no reason given'}; see ${this.plan.logFile}.`,
    });
  }
}

async function endOf(child: ChildProcess): Promise<string> {
  try {
    const [code, signal] = (await once(child, 'exit')) as [number | null, string | null];
    return signal ?? `exit code ${code}`;
  } catch (error) {
    return (error as Error).message;
  }
}

/** Also what the child left behind: the trainer of a worker that was killed saves its checkpoint and ends. */
function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch (error) {
    // Nobody is left in the group.
    if (!['ESRCH', 'EPERM'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  }
}
