import { createWriteStream } from 'node:fs';
import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';
import { pipeline } from 'node:stream/promises';
import type { RunInputFile, RunJob } from '@qingnang/contracts';
import { InputError } from '../data/input.errors.js';
import { hashFile } from './hash-file.js';
import type { PlatformClient, PlatformRequest } from './platform-client.js';

export type JobInput = RunJob['inputs'][number];

/** What a pull did: the folder stands whole either way. */
export interface PulledInput {
  role: string;
  name: string;
  version: number | null;
  digest: string;
  folder: string;
  outcome: 'pulled' | 'already_there';
}

/**
 * Fetches one input of a run into a folder that exists whole or not at all. Files half fetched before go on from where
 * they were cut; every file is compared with its SHA-256.
 * @throws PlatformRefusal, UnreachableError; InputError for a file that is not what the platform named
 */
export async function pullInput(
  client: PlatformClient,
  run: string,
  input: JobInput,
  folder: string,
): Promise<PulledInput> {
  const { role, name, version, digest, files } = input;
  const pulled = { role, name, version, digest, folder };
  if (await isWhole(folder, files)) return { ...pulled, outcome: 'already_there' };
  const hidden = join(dirname(folder), `.${basename(folder)}.part`);
  await mkdir(hidden, { recursive: true });
  for (const file of files) {
    const place = join(hidden, plainName(file.path));
    if (await isFile(place, file)) continue;
    await fetchFile(client, `/runs/${run}/inputs/${role}/${file.path}`, file, place);
  }
  await removeSurplus(hidden, files);
  await rm(folder, { recursive: true, force: true });
  await rename(hidden, folder);
  return { ...pulled, outcome: 'pulled' };
}

/** Twice at most: a half file of an earlier day may be damaged, a fresh one is not. */
async function fetchFile(client: PlatformClient, path: string, file: RunInputFile, place: string): Promise<void> {
  // The hash is part of the name, so that stretches of one content never meet those of another.
  const part = `${place}.${file.sha256.slice(0, 16)}`;
  const request = async (): Promise<PlatformRequest> => ({
    method: 'GET',
    path,
    headers: rangeAfter(await lengthOf(part), file),
    limitMs: null,
  });
  for (let tries = 0; tries < 2; tries++) {
    if ((await lengthOf(part)) < file.bytes || file.bytes === 0) {
      await client.send(request, (response) => save(response, part));
    }
    if ((await hashFile(part)) === file.sha256) return rename(part, place);
    await rm(part, { force: true });
  }
  throw new InputError(
    'pull_hash',
    `${file.path} as it came is not the file the platform names by its SHA-256; pull again, and if it stays so, tell whoever keeps the platform.`,
    { file: file.path },
  );
}

function rangeAfter(length: number, file: RunInputFile): Record<string, string> {
  return length === 0 ? {} : { range: `bytes=${length}-`, 'if-range': `"${file.sha256}"` };
}

/** 206 goes on where the file ended; anything else is the whole file. */
async function save(response: Response, path: string): Promise<void> {
  if (response.body === null) throw new TypeError('fetch failed: no body');
  const body = Readable.fromWeb(response.body as ReadableStream<Uint8Array>);
  await pipeline(body, createWriteStream(path, { flags: response.status === 206 ? 'a' : 'w' }));
}

async function isWhole(folder: string, files: readonly RunInputFile[]): Promise<boolean> {
  for (const file of files) if (!(await isFile(join(folder, plainName(file.path)), file))) return false;
  return true;
}

async function isFile(path: string, { bytes, sha256 }: RunInputFile): Promise<boolean> {
  const found = await stat(path).catch(() => null);
  return found?.size === bytes && (await hashFile(path)) === sha256;
}

async function lengthOf(path: string): Promise<number> {
  return (await stat(path).catch(() => null))?.size ?? 0;
}

/** A name from outside stays inside its folder. */
function plainName(path: string): string {
  if (/^[A-Za-z0-9_][A-Za-z0-9_.-]*$/.test(path)) return path;
  throw new InputError(
    'pull_name',
    'The platform names a file that does not lie plainly in its folder; nothing was fetched.',
  );
}

async function removeSurplus(folder: string, files: readonly RunInputFile[]): Promise<void> {
  const wanted = new Set(files.map(({ path }) => path));
  for (const name of await readdir(folder)) {
    if (!wanted.has(name)) await rm(join(folder, name), { recursive: true, force: true });
  }
}
