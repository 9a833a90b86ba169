import { statfs } from 'node:fs/promises';
import { isDiskFull, type Queryable } from '@qingnang/database';

export interface DiskRoom {
  /** Bytes that this account may still write beside the data folder. */
  free: number;
  /** Whose disk is full; null where both have room. */
  full: 'folder' | 'database' | null;
}

/** Bytes free where the folder lies, for accounts that are not root. */
export async function freeBytes(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
}

/** Sorts two megabytes in 64 kB, so that PostgreSQL has to write to its disk what it forgets at once. */
const WRITE_A_LITTLE = `set local work_mem = '64kB';
  select count(*) from (select repeat(md5(i::text), 32) as x from generate_series(1, 2000) i order by 1) t`;

/**
 * Whether there is room for the data folder, and for the database, which may lie on another machine: it is asked to write.
 * Needs no room of its own.
 */
export async function readDiskRoom(
  place: { dataDir: string; leastFreeMb: number },
  database: Queryable,
): Promise<DiskRoom> {
  const free = await freeBytes(place.dataDir);
  if (free < place.leastFreeMb * 2 ** 20) return { free, full: 'folder' };
  try {
    await database.query(WRITE_A_LITTLE);
    return { free, full: null };
  } catch (error) {
    if (isDiskFull(error)) return { free, full: 'database' };
    throw error;
  }
}

/** What is full and what to do, in one sentence. */
export function diskFullSentence({ free, full }: DiskRoom): string {
  const what =
    full === 'database'
      ? 'The disk of the database is full'
      : `The disk of the data folder is full (${Math.floor(free / 2 ** 20)} MB free)`;
  return `${what}: jobs wait and nothing new is kept; free some space and everything goes on by itself.`;
}
