import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { repositoryRoot } from '@qingnang/config';

/** Starts the built program, as `npm start` does after installing and building; `npm run build` first. */
export class Installation {
  readonly dataDir: string;
  output = '';
  private child: ChildProcess | undefined;
  private address_: string | undefined;

  constructor(private readonly env: Record<string, string> = {}) {
    this.dataDir = mkdtempSync(join(tmpdir(), 'qingnang-installation-'));
    chmodSync(this.dataDir, 0o711);
  }

  /** Where it answers, once `up` has said so. */
  get address(): string {
    if (!this.address_) throw new Error('This installation has not been started.');
    return this.address_;
  }

  get pid(): number {
    return this.child!.pid!;
  }

  /** Runs a command to its end. */
  async run(...args: string[]): Promise<{ code: number | null; output: string }> {
    const child = this.spawn(args);
    let output = '';
    for (const stream of [child.stdout!, child.stderr!]) stream.on('data', (chunk: Buffer) => (output += chunk));
    const [code] = (await once(child, 'close')) as [number | null];
    return { code, output };
  }

  /** `qingnang up`; settles when it is ready. */
  async up(): Promise<void> {
    const child = this.spawn(['up']);
    this.child = child;
    this.output = '';
    for (const stream of [child.stdout!, child.stderr!]) stream.on('data', (chunk: Buffer) => (this.output += chunk));
    await new Promise<void>((resolve, reject) => {
      child.on('message', (message: { ready?: boolean; address?: string }) => {
        this.address_ = message.address;
        resolve();
      });
      child.on('exit', (code) => reject(new Error(`up ended with code ${code}: ${this.output}`)));
    });
  }

  /** The way Ctrl-C goes; gives the exit code. */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> {
    const child = this.child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return child?.exitCode ?? null;
    const ended = once(child, 'exit') as Promise<[number | null]>;
    child.kill(signal);
    return (await ended)[0];
  }

  /** What the first start printed and kept. */
  firstLogin(): { login: string; password: string } {
    const text = readFileSync(join(this.dataDir, 'first-login'), 'utf8');
    const field = (name: string): string => new RegExp(`^${name}: (.*)$`, 'm').exec(text)![1]!;
    return { login: field('login'), password: field('password') };
  }

  log(name: string): string {
    const file = join(this.dataDir, 'logs', `${name}.log`);
    return existsSync(file) ? readFileSync(file, 'utf8') : '';
  }

  /** The process a log names last for one of the children. */
  pidOf(name: 'api' | 'worker' | 'rehearsal' | 'postgres'): number {
    const line = name === 'postgres' ? /\[(\d+)\] LOG: +starting PostgreSQL/g : /started as process (\d+)/g;
    return Number([...this.log(name).matchAll(line)].at(-1)?.[1]);
  }

  async remove(): Promise<void> {
    await this.stop();
    rmSync(this.dataDir, { recursive: true, force: true });
  }

  private spawn(args: string[]): ChildProcess {
    const program = join(repositoryRoot(), 'dist', 'apps', 'cli', 'src', 'main.js');
    if (!existsSync(program)) throw new Error('Nothing is built: run npm run build first.');
    return spawn(process.execPath, [program, ...args], {
      // With a channel, so that it ends should the test run be killed.
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      env: {
        PATH: process.env.PATH,
        HOME: this.dataDir,
        QINGNANG_DATA_DIR: this.dataDir,
        QINGNANG_PORT: '0',
        ...this.env,
      },
    });
  }
}
