import { randomBytes } from 'node:crypto';
import { mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { SETTINGS, type Settings } from '@qingnang/config';
import { SNAPSHOT_SCHEMA_VERSION, type SnapshotManifest } from '@qingnang/contracts';
import { joinGroups } from '@qingnang/corpus';
import { canonicalJson, DomainError, notFound, sha256 } from '@qingnang/kernel';
import { type JobAttempt, notify } from '@qingnang/queue';
import { SnapshotEntity } from '../snapshot.entity.js';
import { approvalsOf } from './approvals-of.js';
import { RowCounts } from './count-rows.js';
import { countSelection } from './count-selection.js';
import { ahead } from './ahead.js';
import { rowsOf } from './item-rows.js';
import { LeftOutFiles } from './left-out-files.js';
import { selectItems } from './select-items.js';
import { SOURCES } from './sources.js';
import { SplitFiles } from './write-folder.js';

const SIGN_OF_LIFE_MS = 5_000;
/** After so many rows what the database has answered meanwhile is taken in. */
const ROWS_A_TURN = 50;

const GAVE_UP =
  'Freezing broke off several times on an internal error, which the log of the worker names; nothing was frozen. Freeze again once it is mended.';

/** Freezes snapshots: items in one consistent view of the database, then files, then, in one step, the state. */
@Injectable()
export class Freezer {
  constructor(
    private readonly dataSource: DataSource,
    @Inject(SETTINGS) private readonly settings: Pick<Settings, 'dataDir'>,
  ) {}

  /** Killed anywhere, it begins anew. Of several copies at once one works and the others wait; the last word is its own. */
  async run(projectId: string, snapshotId: string, attempt: JobAttempt): Promise<void> {
    await this.dataSource.transaction(async (guard) => {
      await guard.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [`snapshot:${snapshotId}`]);
      await attempt.hold(guard);
      // A copy that hangs is quiet, and loses the guard and with it the right to end what it began.
      const signs = setInterval(() => void guard.query('select 1').catch(() => undefined), SIGN_OF_LIFE_MS);
      try {
        await this.runAlone(guard, { projectId, snapshotId }, attempt);
      } finally {
        clearInterval(signs);
      }
    });
  }

  /** For an error that tries did not mend. */
  giveUp(projectId: string, snapshotId: string, attempt: JobAttempt): Promise<void> {
    return this.dataSource.transaction(async (tx) => {
      await attempt.hold(tx);
      await fail(tx, { projectId, snapshotId }, GAVE_UP);
    });
  }

  private async runAlone(guard: EntityManager, which: Which, attempt: JobAttempt): Promise<void> {
    const { projectId, snapshotId } = which;
    const snapshot = await this.dataSource.manager.findOneBy(SnapshotEntity, { projectId, id: snapshotId });
    if (!snapshot) throw notFound('snapshot', snapshotId);
    if (snapshot.state !== 'draft' && snapshot.state !== 'freezing') return;
    try {
      await this.freeze(guard, snapshot, attempt);
    } catch (error) {
      const failure = failureOf(error);
      if (failure === null) throw error;
      await fail(guard, which, failure);
    }
  }

  private async freeze(guard: EntityManager, snapshot: SnapshotEntity, attempt: JobAttempt): Promise<void> {
    await this.dataSource.transaction(async (tx) => {
      await attempt.hold(tx);
      await tx.query(`update snapshot set state = 'freezing', done = 0 where id = $1`, [snapshot.id]);
      await notify(tx, snapshot.projectId, 'snapshots', snapshot.id);
      await tx.query('delete from snapshot_item where snapshot_id = $1', [snapshot.id]);
    });
    await this.dataSource.transaction((tx) => joinGroups(tx, snapshot.projectId));
    const folder = join('snapshots', snapshot.id);
    const target = join(this.settings.dataDir, folder);
    // A name of its own, so that a copy that has lost its right writes into no folder but its own.
    const partial = join(dirname(target), `.${snapshot.id}.${randomBytes(4).toString('hex')}.part`);
    await removeLeftOver(dirname(target), snapshot.id);
    await mkdir(partial, { recursive: true, mode: 0o700 });
    try {
      const manifest = await this.dataSource.transaction('REPEATABLE READ', async (tx) => {
        await attempt.hold(tx);
        return this.write(tx, snapshot, partial);
      });
      const bytes = `${canonicalJson(manifest)}\n`;
      const file = await open(join(partial, 'manifest.json'), 'w', 0o600);
      await file.writeFile(bytes);
      await file.sync();
      await file.close();
      if (!(await finish(guard, snapshot, manifest, { digest: sha256(bytes), folder }))) return;
      await rm(target, { recursive: true, force: true });
      await rename(partial, target);
    } finally {
      await rm(partial, { recursive: true, force: true });
    }
  }

  /** Items and files in one pass; of neither is more in memory than a batch. */
  private async write(tx: EntityManager, snapshot: SnapshotEntity, folder: string): Promise<SnapshotManifest> {
    const { id, projectId, kind, selection } = snapshot;
    const [project]: { split_salt: string }[] = await tx.query('select split_salt from project where id = $1', [
      projectId,
    ]);
    const source = SOURCES[kind as keyof typeof SOURCES];
    const [counts, files, leftOut] = [new RowCounts(), new SplitFiles(folder), new LeftOutFiles(folder)];
    const { candidates } = await countSelection(tx, projectId, { kind: kind as keyof typeof SOURCES, selection });
    await this.progress(snapshot, 0, candidates);
    const items = selectItems(tx, snapshot, project!.split_salt, { source, leftOut });
    // While rows are written the database already works on the next ones.
    for await (const rows of ahead(rowsOf(tx, { id, kind }, items))) {
      for (const row of rows) {
        await files.add(row.split, row.row);
        counts.add(row);
        if (counts.rows % ROWS_A_TURN === 0) await setImmediate();
      }
      await this.progress(snapshot, counts.rows, Math.max(candidates, counts.rows));
    }
    if (counts.rows === 0) throw nothingSelected(leftOut.counts());
    return {
      schema_version: SNAPSHOT_SCHEMA_VERSION,
      kind,
      selection,
      counts: counts.manifest(),
      files: await files.close(),
      allowed_use: counts.allowedUse(),
      rehearsal: counts.rehearsal,
      ...(kind === 'sft' ? { approvals: await approvalsOf(tx, id) } : {}),
      left_out: await leftOut.close(),
    };
  }

  /** On a connection of its own, since the writing transaction shows nothing until it ends. */
  private async progress(snapshot: SnapshotEntity, done: number, total: number): Promise<void> {
    await this.dataSource.query('update snapshot set done = $2, total = $3 where id = $1', [snapshot.id, done, total]);
    await notify(this.dataSource.manager, snapshot.projectId, 'snapshots', snapshot.id);
  }
}

/** What attempts before this one did not live to end. */
async function removeLeftOver(folder: string, snapshotId: string): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  for (const name of names.filter((one) => one.startsWith(`.${snapshotId}.`))) {
    await rm(join(folder, name), { recursive: true, force: true });
  }
}

interface Which {
  projectId: string;
  snapshotId: string;
}

async function fail(tx: EntityManager, { projectId, snapshotId }: Which, failure: string): Promise<void> {
  await tx.query(
    `update snapshot set state = 'failed', failure = $3
     where project_id = $1 and id = $2 and state in ('draft', 'freezing')`,
    [projectId, snapshotId, failure],
  );
  await notify(tx, projectId, 'snapshots', snapshotId);
}

/** The state and the folder appear together: the caller moves the folder into place before it commits. */
async function finish(
  tx: EntityManager,
  snapshot: SnapshotEntity,
  manifest: SnapshotManifest,
  { digest, folder }: { digest: string; folder: string },
): Promise<boolean> {
  const [, changed] = await tx.query<[unknown, number]>(
    `update snapshot set state = 'frozen', manifest = $2, digest = $3, folder = $4, done = $5, total = $5,
       frozen_at = now()
     where id = $1 and state = 'freezing'`,
    [snapshot.id, JSON.stringify(manifest), digest, folder, manifest.counts.rows],
  );
  await notify(tx, snapshot.projectId, 'snapshots', snapshot.id);
  return changed > 0;
}

function nothingSelected(leftOut: readonly { reason: string; count: number }[]): DomainError {
  const why = leftOut.map(({ reason, count }) => `${reason}: ${count}`).join(', ');
  return new DomainError({
    code: 'snapshot.empty',
    status: 422,
    detail: `The selection holds nothing to freeze${why ? ` (left out: ${why})` : ''}; approve texts, or widen the filter.`,
  });
}

/** What a person is told, as failures are kept everywhere; null where another try may help, as on a disk that is full now. */
function failureOf(error: unknown): string | null {
  return error instanceof DomainError && !error.retryable ? `${error.code}: ${error.message}` : null;
}
