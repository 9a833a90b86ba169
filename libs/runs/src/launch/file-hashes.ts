import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';

const WEIGHT_FILE = /^model(-\d+-of-\d+)?\.safetensors$/;
/** So many hashes are remembered. */
const REMEMBERED = 10_000;

/**
 * Hashes by path, each with the inode, size and times of what was hashed; of these the change time is the one that nobody
 * can set back. Weights are gigabytes and asked about
 * for every file a trainer fetches: they are read once in the life of a process, and again when they have changed.
 */
const known = new Map<string, { stamp: string; hash: Promise<string> }>();

/** SHA-256 of a file, as hex; remembered. */
export function hashFile(path: string): Promise<string> {
  return remembered([path]);
}

/**
 * SHA-256 over the weights of a model folder, as the trainer names them: `model.safetensors`, or its shards in order;
 * remembered. Before a transaction that needs it, it is asked for once, so that nothing is held while gigabytes are read.
 */
export async function hashWeights(folder: string): Promise<string> {
  const names = (await readdir(folder)).filter((name) => WEIGHT_FILE.test(name)).sort();
  return remembered((names.length > 0 ? names : ['model.safetensors']).map((name) => join(folder, name)));
}

/** Notes the hash of a file that was compared with it under another name. */
export async function rememberHash(path: string, sha256: string): Promise<void> {
  keep(path, { stamp: await stampOf([path]), hash: Promise.resolve(sha256) });
}

/** Two that ask at the same time wait for the same reading. */
async function remembered(paths: string[]): Promise<string> {
  const key = paths.join('\n');
  const stamp = await stampOf(paths);
  const before = known.get(key);
  if (before?.stamp === stamp) return before.hash;
  const now = { stamp, hash: hashAll(paths) };
  keep(key, now);
  const forget = (): void => void (known.get(key) === now && known.delete(key));
  const hash = await now.hash.catch((error: unknown) => {
    forget();
    throw error;
  });
  // Written to while it was read: neither what it was nor what it is.
  if ((await stampOf(paths)) !== stamp) forget();
  return hash;
}

function keep(key: string, entry: { stamp: string; hash: Promise<string> }): void {
  known.delete(key);
  known.set(key, entry);
  if (known.size > REMEMBERED) known.delete(known.keys().next().value!);
}

async function stampOf(paths: readonly string[]): Promise<string> {
  const stats = await Promise.all(paths.map((path) => stat(path, { bigint: true })));
  return stats.map(({ ino, size, mtimeNs, ctimeNs }) => `${ino} ${size} ${mtimeNs} ${ctimeNs}`).join('\n');
}

async function hashAll(paths: readonly string[]): Promise<string> {
  const hash = createHash('sha256');
  for (const path of paths) await pipeline(createReadStream(path), hash, { end: false });
  return hash.digest('hex');
}
