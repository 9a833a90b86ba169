import { Readable } from 'node:stream';
import type { DataSource } from 'typeorm';
import type { AllowedUse, DataSet, KnownIds, ReadPlan } from '@qingnang/contracts';
import { GROUP_ID, ImportEntity, ImportFileEntity, ImportRunner, SourceEntity, UploadEntity } from '@qingnang/corpus';
import { uuidv7 } from '@qingnang/kernel';
import { ONLY_ATTEMPT } from '@qingnang/queue';
import type { BlobStore } from '@qingnang/storage';

/** A project with nothing in it, made by SQL. */
export async function makeProject(dataSource: DataSource, slug = `p-${uuidv7()}`): Promise<string> {
  const id = uuidv7();
  await dataSource.query(`insert into project (id, slug, name, split_salt) values ($1, $2, $2, 'salt')`, [id, slug]);
  return id;
}

export async function makeSource(
  dataSource: DataSource,
  projectId: string,
  changes: Partial<SourceEntity> = {},
): Promise<SourceEntity> {
  const id = uuidv7();
  await dataSource.manager.insert(SourceEntity, {
    id,
    projectId,
    name: `source ${id}`,
    licence: 'CC0-1.0',
    allowedUse: ['train', 'evaluate', 'reference', 'release'] satisfies AllowedUse[],
    deidentified: true,
    ...changes,
  });
  return dataSource.manager.findOneByOrFail(SourceEntity, { id });
}

export const jsonPlan: ReadPlan = { container: 'json', layout: 'sharegpt', encoding: 'utf-8', mapping: {} };

/** Imports content through the real runner and returns the finished import. */
export async function importContent(
  dataSource: DataSource,
  source: SourceEntity,
  content: () => Readable,
  options: { plan?: ReadPlan; dataSet?: DataSet; knownIds?: KnownIds; signal?: AbortSignal } = {},
): Promise<ImportEntity> {
  const { projectId } = source;
  const [uploadId, id] = [uuidv7(), uuidv7()];
  await dataSource.manager.insert(UploadEntity, {
    id: uploadId,
    projectId,
    fileName: 'test.json',
    bytes: '1',
    sha256: uploadId,
    blobKey: uploadId,
  });
  await dataSource.manager.insert(ImportEntity, {
    id,
    projectId,
    sourceId: source.id,
    dataSet: options.dataSet ?? 'real_instruction',
    plan: options.plan ?? jsonPlan,
    knownIds: options.knownIds ?? 'refuse',
  });
  await dataSource.manager.insert(ImportFileEntity, { importId: id, projectId, n: 0, role: 'rows', uploadId });
  const blobs: BlobStore = {
    get: () => Promise.resolve(content()),
    put: () => Promise.reject(new Error('not used')),
    delete: () => Promise.reject(new Error('not used')),
  };
  const { signal = ONLY_ATTEMPT.signal } = options;
  await new ImportRunner(dataSource, blobs).run(projectId, id, { ...ONLY_ATTEMPT, signal });
  return dataSource.manager.findOneByOrFail(ImportEntity, { id });
}

export interface StoredRecord {
  id: string;
  state: string;
  source_id: string;
  allowed_use: AllowedUse[];
  group_id: string;
  import_version_id: string;
  latest_version_id: string;
  derived_from_record_id: string | null;
}

/** A record with what its set of sources allows and the group it stands in. */
export async function readRecord(dataSource: DataSource, id: string): Promise<StoredRecord> {
  const [row]: StoredRecord[] = await dataSource.query(
    `select r.*, w.source_id, w.allowed_use, encode(${GROUP_ID}, 'hex') as group_id
     from record r join source_set w on w.id = r.source_set_id left join record_signal g on g.record_id = r.id
     where r.id = $1`,
    [id],
  );
  return row!;
}

/** Imports dialogues given as texts that alternate patient and doctor; returns the record ids in order. */
export async function importDialogues(
  dataSource: DataSource,
  source: SourceEntity,
  dialogues: readonly (readonly string[])[],
  dataSet: DataSet = 'real_instruction',
): Promise<string[]> {
  const lines = dialogues.map((texts) =>
    JSON.stringify({
      conversations: texts.map((value, i) => ({ from: i % 2 === 0 ? 'human' : 'gpt', value })),
    }),
  );
  const job = await importContent(dataSource, source, () => Readable.from([Buffer.from(lines.join('\n'))]), {
    dataSet,
  });
  if (job.acceptedCount !== dialogues.length) throw new Error(`imported ${job.acceptedCount} of ${dialogues.length}`);
  const rows: { record_id: string }[] = await dataSource.query(
    'select record_id from occurrence where import_id = $1 order by row_number',
    [job.id],
  );
  return rows.map((row) => row.record_id);
}
