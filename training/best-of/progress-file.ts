import { appendFile, open, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { canonicalJson } from '@qingnang/kernel';
import { InputError } from '../data/input.errors.js';

/**
 * What a long job has done so far, a batch a line, beside the file it will become: its first line says what the job is, so
 * that only the very same job goes on from it. A line cut off by a kill is dropped.
 */
export class ProgressFile<T> {
  private constructor(
    private readonly path: string,
    /** Batches done, in order. */
    readonly done: T[],
  ) {}

  /** Goes on from what is there if it is of the same job, else begins anew. @throws InputError where nothing can be written */
  static async open<T>(path: string, job: unknown): Promise<ProgressFile<T>> {
    const header = canonicalJson(job);
    const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return '';
      throw error;
    });
    const lines = text
      .slice(0, text.lastIndexOf('\n') + 1)
      .split('\n')
      .slice(0, -1);
    const whole = lines[0] === header ? lines : [header];
    await writeFile(path, whole.map((line) => line + '\n').join('')).catch((error: NodeJS.ErrnoException) => {
      throw new InputError(
        'arguments',
        `${path} cannot be written (${error.code}); name a file in a folder that is there.`,
      );
    });
    return new ProgressFile(
      path,
      whole.slice(1).map((line) => JSON.parse(line) as T),
    );
  }

  async add(batch: T): Promise<void> {
    await appendFile(this.path, JSON.stringify(batch) + '\n');
    this.done.push(batch);
  }

  remove(): Promise<void> {
    return rm(this.path, { force: true });
  }
}

/** Writes a file whole or not at all. */
export async function writeWhole(path: string, content: string): Promise<void> {
  const beside = `${path}.new`;
  await writeFile(beside, content);
  const handle = await open(beside, 'r');
  await handle.sync().finally(() => handle.close());
  await rename(beside, path);
}
