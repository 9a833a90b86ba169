import { rm, rmdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { DataSource, EntityManager } from 'typeorm';
import type { ArtefactQuery } from '@qingnang/contracts';
import { DomainError } from '@qingnang/kernel';
import type { OutsideRun } from './find-outside-run.js';
import { partPath } from './part-file.js';

/** Of a run folder, checkpoint and adapter; far more than the shards of any model. */
const FILES_AT_MOST = 1_000;
/** A part that nobody has added to for so long is removed; its trainer sends it from the start. */
const PART_DAYS = 7;
/** Removed in one go. */
const PARTS_AT_ONCE = 100;

type Sender = Pick<OutsideRun, 'id' | 'projectId' | 'attempt'>;

interface Entry {
  path: string;
  whole: boolean;
  bytes: string;
  sha256: string;
}

/**
 * Sets aside room for a file before its first byte is taken, under the run's lock: files sent side by side count with
 * what they will have, not with what has come.
 * @param limit bytes of all files of a run together
 * @returns whether it is there whole, and the hash of another content of this path that it takes the room of
 * @throws DomainError `run.upload_limit` (413)
 */
export async function reserveUpload(
  tx: EntityManager,
  run: Sender,
  { path, bytes, sha256 }: ArtefactQuery,
  limit: number,
): Promise<{ whole: boolean; dropped: string | null }> {
  const entries = await tx.query<Entry[]>('select path, whole, bytes, sha256 from run_artefact where run_id = $1', [
    run.id,
  ]);
  const there = entries.find((entry) => entry.path === path && entry.whole);
  if (there?.sha256 === sha256 && Number(there.bytes) === bytes) return { whole: true, dropped: null };
  const arriving = entries.find((entry) => entry.path === path && !entry.whole);
  const others = entries.filter((entry) => entry !== arriving);
  const used = others.reduce((sum, entry) => sum + Number(entry.bytes), 0);
  if (used + bytes > limit || others.length >= FILES_AT_MOST) throw overLimit(path, { used, bytes, limit });
  await tx.query(
    `insert into run_artefact (run_id, project_id, path, whole, bytes, sha256, attempt)
     values ($1, $2, $3, false, $4, $5, $6)
     on conflict (run_id, path, whole) do update set bytes = excluded.bytes, sha256 = excluded.sha256,
       attempt = excluded.attempt, created_at = now()`,
    [run.id, run.projectId, path, bytes, sha256, run.attempt],
  );
  return { whole: false, dropped: arriving && arriving.sha256 !== sha256 ? arriving.sha256 : null };
}

/** The file is there whole, in the room that was set aside for it. */
export async function enterUpload(
  tx: EntityManager,
  run: Sender,
  { path, bytes, sha256 }: ArtefactQuery,
): Promise<void> {
  await tx.query('delete from run_artefact where run_id = $1 and path = $2', [run.id, path]);
  await tx.query(
    `insert into run_artefact (run_id, project_id, path, bytes, sha256, attempt) values ($1, $2, $3, $4, $5, $6)`,
    [run.id, run.projectId, path, bytes, sha256, run.attempt],
  );
  await tx.query('update run_attempt set heartbeat_at = now() where run_id = $1 and n = $2', [run.id, run.attempt]);
}

/**
 * Removes what never arrived whole: of runs that have ended, and what has not grown for {@link PART_DAYS} days. The row
 * goes after the file, so that a kill in between forgets none.
 * @returns how many were removed
 */
export async function removeAbandonedParts(dataSource: DataSource, dataDir: string): Promise<number> {
  return dataSource.transaction(async (tx) => {
    const parts = await tx.query<{ runId: string; folder: string; path: string; sha256: string }[]>(
      `select a.run_id as "runId", r.folder, a.path, a.sha256 from run_artefact a join run r on r.id = a.run_id
       where not a.whole and (r.state <> 'running' or a.created_at < now() - make_interval(days => $1))
       limit $2 for update of a skip locked`,
      [PART_DAYS, PARTS_AT_ONCE],
    );
    for (const { runId, folder, ...file } of parts) {
      const place = partPath(join(dataDir, folder), file);
      await rm(place, { force: true });
      await rmdir(dirname(place)).catch(() => undefined);
      await tx.query('delete from run_artefact where run_id = $1 and path = $2 and not whole', [runId, file.path]);
    }
    return parts.length;
  });
}

function overLimit(path: string, sizes: { used: number; bytes: number; limit: number }): DomainError {
  const { used, bytes, limit } = sizes;
  return new DomainError({
    code: 'run.upload_limit',
    status: 413,
    field: 'bytes',
    detail: `With ${path} this run would have sent ${used + bytes} bytes; it may send ${limit} in at most ${FILES_AT_MOST} files. Send no checkpoint but the one the result names, or have QINGNANG_RUN_UPLOAD_LIMIT_BYTES raised.`,
    details: { ...sizes, files: FILES_AT_MOST },
  });
}
