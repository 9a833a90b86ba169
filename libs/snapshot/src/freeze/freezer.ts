import { mkdir, open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { SETTINGS, type Settings } from '@qingnang/config';
import { type AllowedUse, SNAPSHOT_SCHEMA_VERSION, type SnapshotManifest, split as splits } from '@qingnang/contracts';
import { joinGroups } from '@qingnang/corpus';
import { canonicalJson, DomainError, notFound, sha256 } from '@qingnang/kernel';
import { notify } from '@qingnang/queue';
import { SnapshotEntity } from '../snapshot.entity.js';
import { RowCounts } from './count-rows.js';
import { itemRows } from './item-rows.js';
import { selectItems } from './select-items.js';
import { SOURCES } from './sources.js';
import { type SnapshotFile, writeSplit } from './write-folder.js';

/** Rows between two words on progress. */
const PROGRESS_ROWS = 1000;

const GAVE_UP =
  'Freezing broke off several times on an internal error, which the log of the worker names; nothing was frozen. Freeze again once it is mended.';

/** Freezes snapshots: items in one consistent view of the database, then files, then, in one step, the state. */
@Injectable()
export class Freezer {
  constructor(
    private readonly dataSource: DataSource,
    @Inject(SETTINGS) private readonly settings: Pick<Settings, 'dataDir'>,
  ) {}

  async run(projectId: string, snapshotId: string): Promise<void> {
    // Held to the end: a worker that was taken for dead may still be writing the same folder.
    await this.dataSource.transaction(async (guard) => {
      await guard.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [`snapshot:${snapshotId}`]);
      await this.runAlone(projectId, snapshotId);
    });
  }

  /** For an error that tries did not mend. */
  giveUp(projectId: string, snapshotId: string): Promise<void> {
    return this.fail(projectId, snapshotId, GAVE_UP);
  }

  private async runAlone(projectId: string, snapshotId: string): Promise<void> {
    const snapshot = await this.dataSource.manager.findOneBy(SnapshotEntity, { projectId, id: snapshotId });
    if (!snapshot) throw notFound('snapshot', snapshotId);
    if (snapshot.state !== 'draft' && snapshot.state !== 'freezing') return;
    try {
      await this.freeze(snapshot);
    } catch (error) {
      const failure = failureOf(error);
      if (failure === null) throw error;
      await this.fail(projectId, snapshotId, failure);
    }
  }

  private async fail(projectId: string, snapshotId: string, failure: string): Promise<void> {
    const { manager } = this.dataSource;
    await manager.query(
      `update snapshot set state = 'failed', failure = $3
       where project_id = $1 and id = $2 and state in ('draft', 'freezing')`,
      [projectId, snapshotId, failure],
    );
    await notify(manager, projectId, 'snapshots', snapshotId);
  }

  private async freeze(snapshot: SnapshotEntity): Promise<void> {
    const { manager } = this.dataSource;
    await manager.query(`update snapshot set state = 'freezing', done = 0 where id = $1`, [snapshot.id]);
    await notify(manager, snapshot.projectId, 'snapshots', snapshot.id);
    await manager.query('delete from snapshot_item where snapshot_id = $1', [snapshot.id]);
    await this.dataSource.transaction((tx) => joinGroups(tx, snapshot.projectId));
    const leftOut = await this.dataSource.transaction('REPEATABLE READ', (tx) => this.select(tx, snapshot));
    const folder = join('snapshots', snapshot.id);
    const partial = join(this.settings.dataDir, 'snapshots', `.${snapshot.id}.part`);
    const target = join(this.settings.dataDir, folder);
    await rm(partial, { recursive: true, force: true });
    await rm(target, { recursive: true, force: true });
    await mkdir(partial, { recursive: true, mode: 0o700 });
    try {
      const manifest = await this.write(snapshot, partial, leftOut);
      const bytes = `${canonicalJson(manifest)}\n`;
      const file = await open(join(partial, 'manifest.json'), 'w', 0o600);
      await file.writeFile(bytes);
      await file.sync();
      await file.close();
      await rename(partial, target);
      await this.finish(snapshot, manifest, sha256(bytes), folder);
    } finally {
      await rm(partial, { recursive: true, force: true });
    }
  }

  private async select(tx: EntityManager, snapshot: SnapshotEntity): Promise<SnapshotManifest['left_out']> {
    const [project]: { split_salt: string }[] = await tx.query('select split_salt from project where id = $1', [
      snapshot.projectId,
    ]);
    const source = SOURCES[snapshot.kind as keyof typeof SOURCES];
    const { items, leftOut } = await selectItems(tx, snapshot, project!.split_salt, source);
    if (items === 0) throw nothingSelected(leftOut);
    await tx.query('update snapshot set total = $2 where id = $1', [snapshot.id, items]);
    return leftOut;
  }

  private write(
    snapshot: SnapshotEntity,
    folder: string,
    leftOut: SnapshotManifest['left_out'],
  ): Promise<SnapshotManifest> {
    return this.dataSource.transaction('REPEATABLE READ', async (tx) => {
      const counts = new RowCounts();
      const files: SnapshotFile[] = [];
      let done = 0;
      for (const split of splits.options) {
        const written = await writeSplit(folder, split, itemRows(tx, snapshot, split), async (row) => {
          counts.add(split, row as Parameters<RowCounts['add']>[1]);
          done += 1;
          if (done % PROGRESS_ROWS === 0) await this.progress(snapshot, done);
        });
        files.push(...written);
      }
      return {
        schema_version: SNAPSHOT_SCHEMA_VERSION,
        kind: snapshot.kind,
        selection: snapshot.selection,
        counts: counts.manifest(),
        files,
        allowed_use: await commonUse(tx, snapshot.id),
        rehearsal: counts.rehearsal,
        left_out: leftOut,
      };
    });
  }

  /** On a connection of its own, since the writing transaction shows nothing until it ends. */
  private async progress(snapshot: SnapshotEntity, done: number): Promise<void> {
    await this.dataSource.query('update snapshot set done = $2 where id = $1', [snapshot.id, done]);
    await notify(this.dataSource.manager, snapshot.projectId, 'snapshots', snapshot.id);
  }

  private async finish(
    snapshot: SnapshotEntity,
    manifest: SnapshotManifest,
    digest: string,
    folder: string,
  ): Promise<void> {
    await this.dataSource.transaction(async (tx) => {
      await tx.query(
        `update snapshot set state = 'frozen', manifest = $2, digest = $3, folder = $4, done = $5, frozen_at = now()
         where id = $1 and state = 'freezing'`,
        [snapshot.id, JSON.stringify(manifest), digest, folder, manifest.counts.rows],
      );
      await notify(tx, snapshot.projectId, 'snapshots', snapshot.id);
    });
  }
}

/** What every text of the snapshot may be used for. */
async function commonUse(tx: EntityManager, snapshotId: string): Promise<AllowedUse[]> {
  const rows: { use: AllowedUse }[] = await tx.query(
    `select use from unnest(array['train', 'evaluate', 'reference', 'release']) with ordinality as u (use, place)
     where not exists (select from snapshot_item i join record r on r.id = i.record_id
       join source_set w on w.id = r.source_set_id
       where i.snapshot_id = $1 and not u.use = any(w.allowed_use)) order by place`,
    [snapshotId],
  );
  return rows.map((row) => row.use);
}

function nothingSelected(leftOut: SnapshotManifest['left_out']): DomainError {
  const why = leftOut.map(({ reason, count }) => `${reason}: ${count}`).join(', ');
  return new DomainError({
    code: 'snapshot.empty',
    status: 422,
    detail: `The selection holds nothing to freeze${why ? ` (left out: ${why})` : ''}; approve texts, or widen the filter.`,
  });
}

/** What a person is told; null where another try may help. */
function failureOf(error: unknown): string | null {
  if (error instanceof DomainError && !error.retryable) return error.message;
  if (error instanceof Error && 'code' in error && error.code === 'ENOSPC') {
    return 'The disk is full; nothing was frozen. Free some space and freeze again.';
  }
  return null;
}
