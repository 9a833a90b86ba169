import { mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

const NEW = '.new';
const OLD = '.old';

/**
 * Fills a folder so that it exists whole or not at all: written beside its place, flushed, then renamed. One of that name
 * gives way only once the new one is complete; `settleFolders` finishes what a kill interrupted. What could not be filled
 * is removed: on a full disk its gigabytes are needed.
 */
export async function writeFolder(path: string, fill: (folder: string) => Promise<void>): Promise<void> {
  const hidden = join(dirname(path), `.${basename(path)}`);
  await rm(hidden + NEW, { recursive: true, force: true });
  await mkdir(hidden + NEW, { recursive: true });
  await fill(hidden + NEW).catch(async (error: unknown) => {
    await rm(hidden + NEW, { recursive: true, force: true });
    throw error;
  });
  for (const name of await readdir(hidden + NEW)) await flush(join(hidden + NEW, name));
  await rm(hidden + OLD, { recursive: true, force: true });
  await rename(path, hidden + OLD).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
  });
  await rename(hidden + NEW, path);
  await flush(dirname(path));
  await rm(hidden + OLD, { recursive: true, force: true });
}

/** Removes half-written folders and puts back one that had given way to a successor that never came. */
export async function settleFolders(parent: string): Promise<void> {
  const names = await readdir(parent).catch((): string[] => []);
  for (const name of names) {
    const path = join(parent, name);
    if (name.startsWith('.') && name.endsWith(NEW)) await rm(path, { recursive: true, force: true });
    if (!name.startsWith('.') || !name.endsWith(OLD)) continue;
    const own = name.slice(1, -OLD.length);
    if (names.includes(own)) await rm(path, { recursive: true, force: true });
    else await rename(path, join(parent, own));
  }
}

async function flush(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
