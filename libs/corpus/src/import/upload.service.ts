import type { Readable } from 'node:stream';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { currentAct, writeAudit } from '@qingnang/audit';
import { SETTINGS, type Settings } from '@qingnang/config';
import type { Actor, ChosenLayout, Upload } from '@qingnang/contracts';
import { DomainError, notFound, uuidv7 } from '@qingnang/kernel';
import { BLOB_STORE, type BlobStore } from '@qingnang/storage';
import { UnreadableFile } from '../readers/readers.errors.js';
import { detectFile } from '../readers/detection/detect-file.js';
import { UploadEntity } from './upload.entity.js';

/** Files on their way in. */
@Injectable()
export class UploadService {
  constructor(
    private readonly dataSource: DataSource,
    @Inject(BLOB_STORE) private readonly blobs: BlobStore,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  /** Streams a file to the store, within the size limit, then looks at its beginning. */
  async create(actor: Actor, fileName: string, content: Readable, chosen: ChosenLayout = {}): Promise<Upload> {
    const id = uuidv7();
    const blobKey = `uploads/${actor.projectId}/${id}`;
    const stored = await this.blobs.put(blobKey, content, this.settings.uploadLimitBytes);
    const act = currentAct();
    if (act) act.contentHash = stored.sha256;
    if (stored.bytes === 0) {
      await this.blobs.delete(blobKey);
      throw new DomainError({ code: 'upload.empty', status: 422, field: 'body', detail: `“${fileName}” is empty.` });
    }
    await this.dataSource.transaction(async (tx) => {
      await tx.insert(UploadEntity, {
        id,
        projectId: actor.projectId,
        fileName,
        bytes: String(stored.bytes),
        sha256: stored.sha256,
        blobKey,
        createdBy: actor.personId,
      });
      await writeAudit(tx, actor, {
        action: 'upload.create',
        subjectType: 'upload',
        subjectId: id,
        after: { bytes: stored.bytes, sha256: stored.sha256 },
      });
    });
    return this.get(actor, id, chosen);
  }

  /** With what a person says of the file, its beginning is looked at again. */
  async get(actor: Actor, id: string, chosen: ChosenLayout = {}): Promise<Upload> {
    const found = await this.dataSource.manager.findOneBy(UploadEntity, { projectId: actor.projectId, id });
    if (!found) throw notFound('upload', id);
    const [before]: { id: string }[] = await this.dataSource.query(
      `select i.id from import i join import_file f on f.import_id = i.id join upload u on u.id = f.upload_id
       where i.project_id = $1 and u.sha256 = $2 and u.id <> $3 and i.state = 'done' order by i.id desc limit 1`,
      [actor.projectId, found.sha256, id],
    );
    return {
      id,
      fileName: found.fileName,
      bytes: Number(found.bytes),
      sha256: found.sha256,
      createdAt: found.createdAt.toISOString(),
      ...(await this.detect(found, chosen)),
      importedBefore: before?.id ?? null,
    };
  }

  private async detect(
    found: UploadEntity,
    chosen: ChosenLayout,
  ): Promise<Pick<Upload, 'detection' | 'problem' | 'problemSaid'>> {
    const content = await this.blobs.get(found.blobKey);
    try {
      const detection = await detectFile(content as AsyncIterable<Uint8Array>, { bytes: Number(found.bytes), chosen });
      return { detection, problem: null, problemSaid: null };
    } catch (error) {
      if (!(error instanceof UnreadableFile)) throw error;
      return { detection: null, problem: error.message, problemSaid: error.said };
    } finally {
      content.destroy();
    }
  }
}
