import { mkdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { SETTINGS, type Settings } from '@qingnang/config';
import type { Actor, ArtefactQuery, ArtefactReply, RunArtefacts } from '@qingnang/contracts';
import { DomainError } from '@qingnang/kernel';
import { hashFile, rememberHash } from '../launch/file-hashes.js';
import { findOutsideRun, type OutsideRun, refuseOldAttempt } from './find-outside-run.js';
import { append, lengthOf, partPath } from './part-file.js';
import { enterUpload, reserveUpload } from './uploads.js';

/** Files that a trainer elsewhere sends into its run's folder. */
@Injectable()
export class ArtefactService {
  constructor(
    private readonly dataSource: DataSource,
    @Inject(SETTINGS) private readonly settings: Pick<Settings, 'dataDir' | 'runUploadLimitBytes'>,
  ) {}

  /** The files that are there whole, so that a trainer sends only the others. */
  async list(actor: Actor, id: string): Promise<RunArtefacts> {
    await findOutsideRun(this.dataSource, actor, id);
    const items = await this.dataSource.query<(Omit<RunArtefacts['items'][number], 'bytes'> & { bytes: string })[]>(
      'select path, bytes, sha256, attempt from run_artefact where run_id = $1 and whole order by path',
      [id],
    );
    return { items: items.map((item) => ({ ...item, bytes: Number(item.bytes) })) };
  }

  /**
   * Takes a stretch of a file. What is there already is not written again; a whole file is compared with its hash before
   * it counts. A stretch that is cut stays, and the next begins where it ended; one without a byte only asks where.
   * @throws DomainError `run.upload_limit` (413), `run.artefact_hash` (422), those of `append`, findOutsideRun and
   *   refuseOldAttempt
   */
  async take(
    actor: Actor,
    id: string,
    asked: ArtefactQuery,
    content: Readable,
    empty: boolean,
  ): Promise<ArtefactReply> {
    const { path, bytes, sha256 } = asked;
    const { run, whole } = await this.reserve(actor, id, asked).catch((error: unknown) => {
      content.resume();
      throw error;
    });
    if (whole) {
      content.resume();
      return { path, bytes, received: bytes, whole: true };
    }
    const folder = join(this.settings.dataDir, run.folder);
    const part = partPath(folder, asked);
    await mkdir(dirname(part), { recursive: true, mode: 0o700 });
    const received = empty && bytes > 0 ? await lengthOf(part) : await append(part, asked, content);
    if (received < bytes) return { path, bytes, received, whole: false };
    // Longer where less is announced now than before: only what was announced counts against the limit.
    if (received !== bytes || (await hashFile(part)) !== sha256) {
      await rm(part, { force: true });
      throw new DomainError({
        code: 'run.artefact_hash',
        status: 422,
        field: 'sha256',
        detail: `What arrived of ${path} is not the file its SHA-256 names: send it again from the start.`,
      });
    }
    await this.enter(actor, id, asked, part, join(folder, ...path.split('/')));
    return { path, bytes, received, whole: true };
  }

  private async reserve(actor: Actor, id: string, asked: ArtefactQuery): Promise<{ run: OutsideRun; whole: boolean }> {
    const { run, whole, dropped } = await this.dataSource.transaction(async (tx) => {
      const found = await findOutsideRun(tx, actor, id);
      refuseOldAttempt(found, asked.attempt);
      return { run: found, ...(await reserveUpload(tx, found, asked, this.settings.runUploadLimitBytes)) };
    });
    if (dropped !== null) {
      await rm(partPath(join(this.settings.dataDir, run.folder), { ...asked, sha256: dropped }), { force: true });
    }
    return { run, whole };
  }

  /** The file takes its place and is entered while the run is held, so that no ended run changes any more. */
  private async enter(actor: Actor, id: string, asked: ArtefactQuery, part: string, place: string): Promise<void> {
    await mkdir(dirname(place), { recursive: true, mode: 0o700 });
    await this.dataSource.transaction(async (tx) => {
      const run = await findOutsideRun(tx, actor, id);
      refuseOldAttempt(run, asked.attempt);
      await rename(part, place);
      // While the run is held: nothing else can have taken this place yet.
      await rememberHash(place, asked.sha256);
      await enterUpload(tx, run, asked);
    });
  }
}
