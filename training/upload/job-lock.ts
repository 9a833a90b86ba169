import { mkdir, readdir, rename, rm, rmdir, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { uuidv7 } from '@qingnang/kernel';
import { NothingToDoError } from '../data/input.errors.js';

/**
 * Keeps a folder to one call at a time, also when the last was killed. The lock is a folder that holds one file, named by
 * the process that has it. Such a folder takes a name at once, and only one that is free or empty; what a dead process left
 * is removed by its own name. So two that find a dead one's lock at the same moment cannot both have it after.
 * @param pid of whoever asks
 * @throws NothingToDoError while another call works in this folder
 */
export async function takeLock(
  work: string,
  pid = process.pid,
  alive: (pid: number) => boolean = isAlive,
): Promise<() => Promise<void>> {
  const lock = join(work, 'at-work');
  const [own, name] = [`${lock}.${uuidv7()}`, `${pid}.${uuidv7()}`];
  await mkdir(own, { recursive: true });
  await writeFile(join(own, name), '');
  try {
    for (const left of await readdir(lock).catch((): string[] => [])) {
      const owner = Number(left.split('.')[0]);
      // Our own number is that of a call before a restart: in a container processes are numbered alike each time.
      if (owner !== pid && alive(owner)) throw atWork(owner);
      await unlink(join(lock, left)).catch(passIfGone);
    }
    await rename(own, lock).catch((error: NodeJS.ErrnoException) => {
      throw error.code === 'ENOTEMPTY' || error.code === 'EEXIST' ? atWork(null) : error;
    });
  } catch (error) {
    await rm(own, { recursive: true, force: true });
    throw error;
  }
  return async () => {
    await unlink(join(lock, name)).catch(passIfGone);
    // Not where somebody has taken it already.
    await rmdir(lock).catch(() => undefined);
  };
}

/**
 * The same, waiting for whoever has it: for what two jobs have in common.
 * @param wait called before each further try
 */
export async function waitForLock(work: string, wait: (tries: number) => Promise<void>): Promise<() => Promise<void>> {
  for (let tries = 0; ; tries++) {
    try {
      return await takeLock(work);
    } catch (error) {
      if (!(error instanceof NothingToDoError)) throw error;
      await wait(tries);
    }
  }
}

function atWork(owner: number | null): NothingToDoError {
  return new NothingToDoError(
    `Another call${owner === null ? '' : ` (process ${owner})`} is at work here; let it end.`,
  );
}

function passIfGone(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') throw error;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
