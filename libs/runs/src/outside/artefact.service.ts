import { createWriteStream } from 'node:fs';
import { mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { SETTINGS, type Settings } from '@qingnang/config';
import type { Actor, ArtefactQuery, ArtefactReply, RunArtefacts } from '@qingnang/contracts';
import { DomainError } from '@qingnang/kernel';
import { hashFile } from '../launch/run-files.js';
import { findOutsideRun, refuseOldAttempt } from './find-outside-run.js';

interface Known {
  path: string;
  bytes: number;
  sha256: string;
  attempt: number;
}

/** Files that a trainer elsewhere sends into its run's folder. */
@Injectable()
export class ArtefactService {
  constructor(
    private readonly dataSource: DataSource,
    @Inject(SETTINGS) private readonly settings: Pick<Settings, 'dataDir'>,
  ) {}

  /** The files that are there whole, so that a trainer sends only the others. */
  async list(actor: Actor, id: string): Promise<RunArtefacts> {
    await this.find(actor, id);
    return { items: await this.known(id) };
  }

  /**
   * Takes a stretch of a file. What is there already is not written again; a whole file is compared with its hash before
   * it counts. A stretch that is cut stays, and the next begins where it ended; one without a byte only asks where.
   * @throws DomainError `run.artefact_offset` (409) with the offset to go on from, `run.artefact_hash` (422), those of
   *   findOutsideRun and refuseOldAttempt
   */
  async take(
    actor: Actor,
    id: string,
    asked: ArtefactQuery,
    content: Readable,
    empty: boolean,
  ): Promise<ArtefactReply> {
    const run = await this.find(actor, id);
    refuseOldAttempt(run, asked.attempt);
    const { path, bytes, sha256 } = asked;
    const known = (await this.known(id)).find((each) => each.path === path);
    if (known?.sha256 === sha256 && known.bytes === bytes) {
      content.resume();
      return { path, bytes, received: bytes, whole: true };
    }
    const place = join(this.settings.dataDir, run.folder, ...path.split('/'));
    // The hash is part of the name: stretches of one content never meet those of another.
    const part = `${place}.${sha256.slice(0, 16)}.part`;
    await mkdir(dirname(place), { recursive: true, mode: 0o700 });
    const received = empty && bytes > 0 ? await lengthOf(part) : await append(part, asked, content);
    if (received < bytes) return { path, bytes, received, whole: false };
    if ((await hashFile(part)) !== sha256) {
      await rm(part, { force: true });
      throw new DomainError({
        code: 'run.artefact_hash',
        status: 422,
        field: 'sha256',
        detail: `What arrived of ${path} is not the file its SHA-256 names: send it again from the start.`,
      });
    }
    await this.enter(actor, id, asked, part, place);
    return { path, bytes, received, whole: true };
  }

  /** The file takes its place and is entered while the run is held, so that no ended run changes any more. */
  private enter(actor: Actor, id: string, asked: ArtefactQuery, part: string, place: string): Promise<void> {
    return this.dataSource.transaction(async (tx) => {
      const run = await findOutsideRun(tx, actor, id);
      refuseOldAttempt(run, asked.attempt);
      await rename(part, place);
      await tx.query(
        `insert into run_artefact (run_id, project_id, path, bytes, sha256, attempt) values ($1, $2, $3, $4, $5, $6)
         on conflict (run_id, path) do update set bytes = excluded.bytes, sha256 = excluded.sha256,
           attempt = excluded.attempt, created_at = now()`,
        [id, run.projectId, asked.path, asked.bytes, asked.sha256, asked.attempt],
      );
      await tx.query('update run_attempt set heartbeat_at = now() where run_id = $1 and n = $2', [id, run.attempt]);
    });
  }

  private find(actor: Actor, id: string) {
    return this.dataSource.transaction((tx) => findOutsideRun(tx, actor, id));
  }

  private async known(id: string): Promise<Known[]> {
    const rows = await this.dataSource.query<(Omit<Known, 'bytes'> & { bytes: string })[]>(
      'select path, bytes, sha256, attempt from run_artefact where run_id = $1 order by path',
      [id],
    );
    return rows.map((row) => ({ ...row, bytes: Number(row.bytes) }));
  }
}

async function lengthOf(path: string): Promise<number> {
  return (await stat(path).catch(() => null))?.size ?? 0;
}

/**
 * Writes from the offset on, which must be where the part ends; from 0 a part begins anew. Each byte goes to its own
 * place, so that a request given up that still trickles in beside its repetition writes what is there already.
 * @returns the part's length now
 */
async function append(part: string, { offset, bytes, path }: ArtefactQuery, content: Readable): Promise<number> {
  const there = offset === 0 ? 0 : await lengthOf(part);
  if (there !== offset) {
    content.resume();
    throw new DomainError({
      code: 'run.artefact_offset',
      status: 409,
      field: 'offset',
      detail: `Of ${path} ${there} bytes are here: go on from there.`,
      details: { offset: there },
    });
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
  const handle = await open(part, 'r');
  try {
    await handle.sync();
    return (await handle.stat()).size;
  } finally {
    await handle.close();
  }
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
