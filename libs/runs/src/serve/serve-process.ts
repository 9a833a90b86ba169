import { type ChildProcess, spawn } from 'node:child_process';
import { trainerCommand } from '../launch/local-launcher.js';

/** One `qingnang-train serve`. It ends when its standard input closes: with us, however we end. */
export class ServeProcess {
  /** Where it listens, once it has said so. */
  port: number | null = null;
  /** Its last words on standard error, for the reason of a failure. */
  lastWords = '';
  exitCode: number | null | undefined;
  private readonly child: ChildProcess;

  constructor(modelFolder: string, name: string, command: string = trainerCommand()) {
    const args = [command, 'serve', '--model', modelFolder, '--port', '0', '--name', name];
    this.child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'pipe'] });
    let output = '';
    this.child.stdout!.setEncoding('utf8').on('data', (text: string) => {
      if (this.port !== null) return;
      output += text;
      const found = /\{"listening":(\d+)\}/.exec(output);
      if (found) this.port = Number(found[1]);
    });
    this.child.stderr!.setEncoding('utf8').on('data', (text: string) => {
      this.lastWords = (this.lastWords + text).slice(-500);
    });
    this.child.stdin!.on('error', () => undefined);
    this.child.once('error', () => (this.exitCode ??= null));
    this.child.once('close', (code) => (this.exitCode = code));
  }

  get ended(): boolean {
    return this.exitCode !== undefined;
  }

  get pid(): number | undefined {
    return this.child.pid;
  }

  stop(): void {
    this.child.kill('SIGTERM');
  }

  kill(): void {
    this.child.kill('SIGKILL');
  }
}
