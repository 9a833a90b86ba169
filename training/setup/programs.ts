import { spawn } from 'node:child_process';
import { statfs } from 'node:fs/promises';
import { arch, platform } from 'node:process';
import { DomainError } from '@qingnang/kernel';
import type { NativePlan } from './native-plan.js';

/** Something on this machine is missing or failed; the message is one line. */
export class SetupError extends DomainError {
  constructor(detail: string, details: Record<string, unknown> = {}) {
    super({ code: 'training.setup_native', status: 500, detail, details });
  }
}

export interface Ran {
  /** −1 where the program could not be started. */
  code: number;
  output: string;
}

/** Runs a program to its end; what it prints is kept and, where wanted, shown as it comes. */
export function run(
  program: string,
  args: readonly string[],
  options: { cwd?: string; show?: boolean } = {},
): Promise<Ran> {
  return new Promise((resolve) => {
    const child = spawn(program, args, { cwd: options.cwd, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    const take = (chunk: Buffer): void => {
      output += chunk.toString('utf8');
      if (options.show) process.stderr.write(chunk);
    };
    child.stdout.on('data', take);
    child.stderr.on('data', take);
    child.once('error', () => resolve({ code: -1, output }));
    child.once('close', (code) => resolve({ code: code ?? -1, output }));
  });
}

/** The same; a failure is an error that ends with the program's last line. */
export async function must(what: string, ...call: Parameters<typeof run>): Promise<string> {
  const { code, output } = await run(...call);
  if (code === 0) return output;
  const last = output.trim().split('\n').at(-1) ?? '';
  throw new SetupError(`${what} failed: ${last || `${call[0]} could not be started`}`, { output: output.slice(-4000) });
}

/** What the making needs of the machine; the Python is `null` where the wheel is given. */
export interface Means {
  python: string | null;
}

/** @throws SetupError that names everything missing in one line */
export async function findMeans(plan: NativePlan, folder: string, wheel: string | null): Promise<Means> {
  if (platform !== 'linux' || arch !== 'x64') {
    throw new SetupError(
      `The native back end is made on Linux x86-64 only, not on ${platform} ${arch}; npm install @tensorflow/tfjs-node may do.`,
    );
  }
  const missing: string[] = [];
  for (const program of ['g++', 'npm']) {
    if ((await run(program, ['--version'])).code !== 0) missing.push(program);
  }
  const python = wheel !== null && !plan.gpu ? null : await pythonWithPip();
  if (python === undefined) missing.push(`Python 3 with pip (or --wheel FILE with the ${plan.wheel} wheel)`);
  const { bavail, bsize } = await statfs(folder);
  const free = bavail * bsize;
  if (free < plan.bytesNeeded)
    missing.push(`disk space: ${gigabytes(plan.bytesNeeded)} needed in ${folder}, ${gigabytes(free)} free`);
  if (missing.length > 0) throw new SetupError(`Missing: ${missing.join('; ')}.`, { missing });
  return { python: python ?? null };
}

async function pythonWithPip(): Promise<string | undefined> {
  for (const python of ['python3', 'python']) {
    if ((await run(python, ['-m', 'pip', '--version'])).code === 0) return python;
  }
  return undefined;
}

export function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(1)} GB`;
}
