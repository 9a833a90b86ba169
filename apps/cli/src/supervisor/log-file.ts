import { closeSync, existsSync, fstatSync, mkdirSync, openSync, renameSync, statSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';

const LIMIT_BYTES = 10 * 1024 * 1024;
const KEPT = 4;

/** Appends to a file and moves it to `.1`, `.2` … when it has grown past the limit. */
export class LogFile {
  private descriptor: number;
  private size: number;

  constructor(
    private readonly path: string,
    private readonly limit = LIMIT_BYTES,
  ) {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    this.descriptor = openSync(path, 'a', 0o600);
    this.size = fstatSync(this.descriptor).size;
  }

  /** Never throws: a full disk must not take the processes down whose words are lost. */
  write(text: string | Uint8Array): void {
    const bytes = typeof text === 'string' ? Buffer.from(text) : text;
    try {
      if (this.size > 0 && this.size + bytes.length > this.limit) this.rotate();
      writeSync(this.descriptor, bytes);
      this.size += bytes.length;
    } catch {
      return;
    }
  }

  close(): void {
    closeSync(this.descriptor);
  }

  private rotate(): void {
    closeSync(this.descriptor);
    rotateFile(this.path);
    this.descriptor = openSync(this.path, 'a', 0o600);
    this.size = 0;
  }
}

/** For a file another program appends to: moved before that program starts. */
export function rotateIfLarge(path: string, limit = LIMIT_BYTES): void {
  if (existsSync(path) && statSync(path).size > limit) rotateFile(path);
}

function rotateFile(path: string): void {
  for (let n = KEPT - 1; n >= 1; n--) {
    if (existsSync(`${path}.${n}`)) renameSync(`${path}.${n}`, `${path}.${n + 1}`);
  }
  renameSync(path, `${path}.1`);
}
