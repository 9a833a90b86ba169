import { createReadStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { writeAudit } from '@qingnang/audit';
import { SETTINGS, type Settings } from '@qingnang/config';
import type {
  Actor,
  CreateSnapshot,
  ListReply,
  Snapshot,
  SnapshotDetail,
  SnapshotLeftOut,
  SnapshotLeftOutQuery,
  SnapshotManifest,
  SnapshotPreview,
  SnapshotPreviewRequest,
  SnapshotQuery,
  Split,
} from '@qingnang/contracts';
import { isUniqueViolation, listPage, type Queryable } from '@qingnang/database';
import { DomainError, notFound, uuidv7 } from '@qingnang/kernel';
import { enqueue, notify } from '@qingnang/queue';
import { countUnwritable, exportShareGpt } from './formats/export-sharegpt.js';
import { preview } from './freeze/preview.js';
import { type FrozenFolder, listLeftOut } from './left-out.js';
import { SnapshotEntity } from './snapshot.entity.js';
import { freezeJob } from './snapshot.jobs.js';

const COLUMNS = `s.id, s.name, s.version, s.kind, s.state, s.selection, s.digest,
  (s.manifest #>> '{counts,rows}')::int as rows, (s.manifest ->> 'rehearsal')::boolean as rehearsal, s.total, s.done,
  s.failure, s.created_at as "createdAt", s.frozen_at as "frozenAt"`;

/** Orders to freeze, and what was frozen. */
@Injectable()
export class SnapshotService {
  constructor(
    private readonly dataSource: DataSource,
    @Inject(SETTINGS) private readonly settings: Pick<Settings, 'dataDir'>,
  ) {}

  list(actor: Actor, query: SnapshotQuery): Promise<ListReply<Snapshot>> {
    const params: unknown[] = [actor.projectId];
    const where = ['s.project_id = $1'];
    for (const column of ['kind', 'state', 'name'] as const) {
      if (query[column]) where.push(`s.${column} = $${params.push(query[column])}`);
    }
    return listPage<Snapshot, Snapshot>(this.dataSource, {
      select: COLUMNS,
      from: 'snapshot s',
      where,
      params,
      sortable: { createdAt: { sql: 's.created_at', type: 'timestamptz' } },
      id: { sql: 's.id', type: 'uuid' },
      query,
      map: (row) => row,
    });
  }

  async get(actor: Actor, id: string, db: Queryable = this.dataSource): Promise<SnapshotDetail> {
    const [found] = await db.query<SnapshotDetail[]>(
      `select ${COLUMNS}, s.manifest, s.successor_id as "successorId" from snapshot s
       where s.project_id = $1 and s.id = $2`,
      [actor.projectId, id],
    );
    if (!found) throw notFound('snapshot', id);
    return found;
  }

  preview(actor: Actor, input: SnapshotPreviewRequest): Promise<SnapshotPreview> {
    return this.dataSource.transaction('REPEATABLE READ', (tx) => preview(tx, actor.projectId, input));
  }

  /** The next version of the name, ordered to be frozen by a worker. */
  async create(actor: Actor, input: CreateSnapshot): Promise<SnapshotDetail> {
    try {
      return await this.dataSource.transaction((tx) => this.insert(tx, actor, input));
    } catch (error) {
      // Somebody took the same number a moment ago: the next one is free.
      if (!isUniqueViolation(error, 'uq_snapshot_version')) throw error;
      return this.dataSource.transaction((tx) => this.insert(tx, actor, input));
    }
  }

  private async insert(tx: EntityManager, actor: Actor, input: CreateSnapshot): Promise<SnapshotDetail> {
    const id = uuidv7();
    const { projectId } = actor;
    const [last]: { version: number }[] = await tx.query(
      'select coalesce(max(version), 0)::int as version from snapshot where project_id = $1 and name = $2',
      [projectId, input.name],
    );
    await tx.insert(SnapshotEntity, { ...input, id, projectId, version: last!.version + 1, createdBy: actor.personId });
    await enqueue(tx, freezeJob, { projectId, snapshotId: id });
    await notify(tx, projectId, 'snapshots', id);
    await writeAudit(tx, actor, {
      action: 'snapshot.create',
      subjectType: 'snapshot',
      subjectId: id,
      after: { kind: input.kind, name: input.name, version: last!.version + 1 },
    });
    return this.get(actor, id, tx);
  }

  /** Deletes the files for good; the manifest stays, so that what was trained on it can still be named. */
  async withdraw(actor: Actor, id: string): Promise<SnapshotDetail> {
    const withdrawn = await this.dataSource.transaction(async (tx) => {
      const before = await this.get(actor, id, tx);
      if (before.state !== 'frozen' && before.state !== 'released') throw notFrozen(before.state);
      await tx.query(`update snapshot set state = 'withdrawn', withdrawn_at = now(), folder = null where id = $1`, [
        id,
      ]);
      await notify(tx, actor.projectId, 'snapshots', id);
      await writeAudit(tx, actor, {
        action: 'snapshot.withdraw',
        subjectType: 'snapshot',
        subjectId: id,
        before: { state: before.state, digest: before.digest },
      });
      return this.get(actor, id, tx);
    });
    await rm(join(this.settings.dataDir, 'snapshots', id), { recursive: true, force: true });
    return withdrawn;
  }

  /**
   * The folder of a frozen snapshot.
   * @throws DomainError 409 while it is not frozen, 410 once withdrawn.
   */
  async folder(projectId: string, id: string): Promise<string> {
    return (await this.frozen(projectId, id)).folder;
  }

  /** One file of the folder, by its name in the manifest; `manifest.json` too. */
  async openFile(projectId: string, id: string, name: string): Promise<Readable> {
    return createReadStream(await this.filePath(projectId, id, name));
  }

  /** @throws DomainError 404 for a name that the manifest does not have. */
  async filePath(projectId: string, id: string, name: string): Promise<string> {
    const { folder, manifest } = await this.frozen(projectId, id);
    const named = [...manifest.files, ...manifest.left_out.filter((entry) => 'path' in entry)];
    const known = name === 'manifest.json' || named.some((file) => file.path === name);
    if (!known) throw notFound('file', name);
    return join(folder, name);
  }

  /** A page of what the freeze left out for a reason, with the records it can be looked up in. Refused like {@link folder}. */
  async leftOut({ projectId }: Actor, id: string, query: SnapshotLeftOutQuery): Promise<ListReply<SnapshotLeftOut>> {
    return listLeftOut(this.dataSource, { projectId, ...(await this.frozen(projectId, id)) }, query);
  }

  async exportShareGpt(projectId: string, id: string, split?: Split): Promise<Readable> {
    const { folder, manifest } = await this.frozen(projectId, id);
    refuseUnfit(manifest);
    return exportShareGpt(folder, manifest, split);
  }

  /** Rows that a ShareGPT export would have to leave out. */
  async countUnwritable(projectId: string, id: string, split?: Split): Promise<number> {
    const { folder, manifest } = await this.frozen(projectId, id);
    refuseUnfit(manifest);
    return countUnwritable(folder, manifest, split);
  }

  private async frozen(projectId: string, id: string): Promise<Omit<FrozenFolder, 'projectId'>> {
    const found = await this.dataSource.manager.findOneBy(SnapshotEntity, { projectId, id });
    if (!found) throw notFound('snapshot', id);
    if (found.state === 'withdrawn') throw gone(found);
    if (!found.folder || !found.manifest) throw notFrozen(found.state);
    const { kind, manifest, folder } = found;
    return { kind, manifest, folder: join(this.settings.dataDir, folder) };
  }
}

/** A prompt alone is no conversation. */
function refuseUnfit(manifest: SnapshotManifest): void {
  if (manifest.kind === 'sft' || manifest.kind === 'preference') return;
  throw new DomainError({
    code: 'snapshot.format_unfit',
    status: 422,
    detail: `ShareGPT holds conversations and pairs, not ${manifest.kind}; take the files of the folder instead.`,
    field: '/format',
  });
}

function notFrozen(state: string): DomainError {
  return new DomainError({
    code: 'snapshot.not_frozen',
    status: 409,
    detail: `This snapshot is ${state}; only a frozen one has files.`,
    details: { state },
  });
}

function gone(snapshot: SnapshotEntity): DomainError {
  return new DomainError({
    code: 'snapshot.withdrawn',
    status: 410,
    detail: 'This snapshot was withdrawn and its files were deleted; take its successor, or freeze a new version.',
    details: { successorId: snapshot.successorId },
  });
}
