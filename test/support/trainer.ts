import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const bin = fileURLToPath(new URL('../../training/bin/qingnang-train.mjs', import.meta.url));

/** The built trainer as a child process. */
export class Trainer {
  readonly process: ChildProcess;
  stdout = '';
  stderr = '';
  private readonly ended: Promise<number>;

  constructor(...args: string[]) {
    this.process = spawn(process.execPath, [bin, ...args], { stdio: ['pipe', 'pipe', 'pipe'] });
    this.process.stdout!.setEncoding('utf8').on('data', (text: string) => (this.stdout += text));
    this.process.stderr!.setEncoding('utf8').on('data', (text: string) => (this.stderr += text));
    this.ended = once(this.process, 'close').then(([code]) => (code as number | null) ?? -1);
  }

  /** Exit code; -1 after a signal that was not handled. */
  exit(): Promise<number> {
    return this.ended;
  }

  /** Resolves when standard error or output says so; rejects when the process ends before. */
  async says(pattern: RegExp): Promise<RegExpExecArray> {
    for (;;) {
      const found = pattern.exec(this.stderr) ?? pattern.exec(this.stdout);
      if (found) return found;
      const more = [this.process.stdout!, this.process.stderr!].map((stream) => once(stream, 'data'));
      const ended = this.ended.then(() => 'ended' as const);
      if ((await Promise.race([...more, ended])) === 'ended') {
        const last = pattern.exec(this.stderr) ?? pattern.exec(this.stdout);
        if (last) return last;
        throw new Error(`The trainer ended without saying ${String(pattern)}: ${this.stderr}`);
      }
    }
  }
}

/** Runs the trainer to its end. */
export async function runTrainer(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const trainer = new Trainer(...args);
  trainer.process.stdin!.end();
  const code = await trainer.exit();
  return { code, stdout: trainer.stdout, stderr: trainer.stderr };
}
