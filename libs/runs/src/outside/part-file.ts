import { createWriteStream } from 'node:fs';
import { open, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ArtefactQuery } from '@qingnang/contracts';
import { DomainError, sha256 as hashOf } from '@qingnang/kernel';

/** Where files of a run on their way lie: apart from the run's own, which are whole. */
export const PARTS = 'parts';

/** The hash is part of the name: stretches of one content never meet those of another. */
export function partPath(runFolder: string, { path, sha256 }: { path: string; sha256: string }): string {
  return join(runFolder, PARTS, `${hashOf(path).slice(0, 16)}-${sha256.slice(0, 16)}`);
}

export async function lengthOf(path: string): Promise<number> {
  return (await stat(path).catch(() => null))?.size ?? 0;
}

/**
 * Writes from the offset on, which must be where the part ends; from 0 a part begins anew. Each byte goes to its own
 * place, so that a request given up that still trickles in beside its repetition writes what is there already.
 * @returns the part's length now
 * @throws DomainError `run.artefact_offset` (409), `run.artefact_too_long` (422), `run.artefact_cut` (400)
 */
export async function append(part: string, { offset, bytes, path }: ArtefactQuery, content: Readable): Promise<number> {
  const there = offset === 0 ? 0 : await lengthOf(part);
  if (there !== offset) {
    content.resume();
    throw goOnFrom(there, path);
  }
  const taken = atMost(bytes - offset);
  const file = createWriteStream(part, offset === 0 ? { flags: 'w' } : { flags: 'r+', start: offset });
  await pipeline(content, taken.stream, file).catch(cutOff);
  if (taken.overflowed()) {
    await rm(part, { force: true });
    throw new DomainError({
      code: 'run.artefact_too_long',
      status: 422,
      field: 'bytes',
      detail: `More came of ${path} than the bytes announced: send it again from the start.`,
    });
  }
  // Gone while it was written: another request has brought the rest, and the file is whole.
  const handle = await open(part, 'r').catch((error: NodeJS.ErrnoException) => {
    throw error.code === 'ENOENT' ? goOnFrom(0, path) : error;
  });
  try {
    await handle.sync();
    return (await handle.stat()).size;
  } finally {
    await handle.close();
  }
}

function goOnFrom(offset: number, path: string): DomainError {
  return new DomainError({
    code: 'run.artefact_offset',
    status: 409,
    field: 'offset',
    detail: `Of ${path} ${offset} bytes are on their way here: ask what has arrived, and go on from there.`,
    details: { offset },
  });
}

/** The sender went away in the middle: what came stays, and somebody may be told so. */
function cutOff(error: unknown): never {
  const { code } = error as NodeJS.ErrnoException;
  if (code !== 'ERR_STREAM_PREMATURE_CLOSE' && code !== 'ECONNRESET') throw error;
  throw new DomainError({
    code: 'run.artefact_cut',
    status: 400,
    detail: 'The connection ended before the file did: go on from where it was cut.',
  });
}

/** Lets through what the file still lacks; the rest is read and dropped, so that the sender hears the answer. */
function atMost(bytes: number): { stream: Transform; overflowed: () => boolean } {
  let left = bytes;
  const stream = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      const fitting = Math.max(0, Math.min(left, chunk.length));
      left -= chunk.length;
      done(null, chunk.subarray(0, fitting));
    },
  });
  return { stream, overflowed: () => left < 0 };
}
