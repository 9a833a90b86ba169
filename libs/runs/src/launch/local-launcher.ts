import { type ChildProcess, spawn } from 'node:child_process';
import { hostname, setPriority } from 'node:os';
import { join } from 'node:path';
import { repositoryRoot } from '@qingnang/config';
import type { Launcher, LaunchHandle, LaunchProgress } from './launcher.js';
import { processIdentity } from './process-identity.js';

/** Of what a trainer writes to standard output, this much is kept. */
const OUTPUT_BYTES = 20_000;
/** People at screens come first. */
const NICE = 5;

/** The built trainer, run by this Node. */
export function trainerCommand(): string {
  return join(repositoryRoot(), 'dist', 'training', 'cli.js');
}

/** Child processes of this worker. They save and end when their standard input closes: with us, however we end. */
export class LocalLauncher implements Launcher {
  readonly name = 'local';
  private readonly children = new Map<number, { child: ChildProcess; output: string; ended: LaunchProgress | null }>();

  constructor(private readonly command: string = trainerCommand()) {}

  start(args: readonly string[]): Promise<LaunchHandle> {
    const child = spawn(process.execPath, [this.command, ...args], { stdio: ['pipe', 'pipe', 'ignore'] });
    return new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('spawn', () => {
        const pid = child.pid!;
        lowerPriority(pid);
        this.watch(pid, child);
        resolve({ host: hostname(), pid, identity: processIdentity(pid) });
      });
    });
  }

  private watch(pid: number, child: ChildProcess): void {
    const kept = { child, output: '', ended: null as LaunchProgress | null };
    this.children.set(pid, kept);
    child.stdout!.setEncoding('utf8').on('data', (text: string) => {
      kept.output = (kept.output + text).slice(-OUTPUT_BYTES);
    });
    child.stdin!.on('error', () => undefined);
    child.once('close', (exitCode) => {
      kept.ended = { state: 'ended', exitCode, output: kept.output };
    });
  }

  poll(handle: LaunchHandle): Promise<LaunchProgress> {
    const own = this.children.get(handle.pid);
    if (own) return Promise.resolve(own.ended ?? { state: 'running' });
    return Promise.resolve(isAlive(handle) ? { state: 'running' } : { state: 'ended', exitCode: null, output: '' });
  }

  stop(handle: LaunchHandle, how: 'gently' | 'now'): Promise<void> {
    const signal = how === 'gently' ? 'SIGTERM' : 'SIGKILL';
    const own = this.children.get(handle.pid);
    if (own) own.child.kill(signal);
    else if (isAlive(handle)) process.kill(handle.pid, signal);
    return Promise.resolve();
  }
}

/** Only where it is certain: a number that may be another process's is left alone. */
function isAlive({ host, pid, identity }: LaunchHandle): boolean {
  return host === hostname() && identity !== null && processIdentity(pid) === identity;
}

function lowerPriority(pid: number): void {
  try {
    setPriority(pid, NICE);
  } catch {
    // Gone already, or the system does not allow it; it runs all the same.
  }
}
