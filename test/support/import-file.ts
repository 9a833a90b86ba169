import type { ImportJob, ImportRow, LayoutDetection, ReadPlan, Upload } from '@qingnang/contracts';
import { ImportRunner } from '@qingnang/corpus';
import { runJobsUntilEmpty } from '@qingnang/queue';
import { BLOB_STORE, StorageModule, type BlobStore } from '@qingnang/storage';
import { ImportRunHandler } from '../../apps/worker/src/imports/import-run.handler.js';
import type { TestApi } from './api.js';

/** Sends a file as the console does. */
export async function uploadFile(api: TestApi, fileName: string, content: string | Uint8Array): Promise<Upload> {
  const made = await api
    .as('data_lead')
    .post(`/uploads?fileName=${encodeURIComponent(fileName)}`)
    .set('Content-Type', 'application/octet-stream')
    .send(Buffer.from(content) as unknown as object)
    .expect(201);
  return made.body as Upload;
}

export function planOf(detection: LayoutDetection): ReadPlan {
  const { header: _1, sampleRows: _2, rowCounters: _3, rows: _4, outlook: _5, ...plan } = detection;
  return plan;
}

/** The worker's part of what was ordered. */
export async function workOff(api: TestApi): Promise<void> {
  const blobs = api.app.select(StorageModule).get<BlobStore>(BLOB_STORE);
  await runJobsUntilEmpty(api.url, [new ImportRunHandler(new ImportRunner(api.dataSource, blobs))]);
}

export async function addSource(api: TestApi, name: string): Promise<string> {
  const body = { name, licence: 'CC0-1.0', allowedUse: ['train'], deidentified: true, language: 'zh', origin: '' };
  return ((await api.as('admin').post('/sources', body).expect(201)).body as { id: string }).id;
}

/** Upload, proposal, order, work: the import as it stands afterwards. */
export async function importFile(
  api: TestApi,
  upload: Upload,
  sourceId: string,
  changes: Partial<ReadPlan> = {},
): Promise<ImportJob> {
  const plan = { ...planOf(upload.detection!), ...changes };
  const order = { uploadId: upload.id, sourceId, dataSet: 'real_conversation', plan };
  const made = await api.as('data_lead').post('/imports', order).expect(202);
  await workOff(api);
  const { id } = made.body as ImportJob;
  return (await api.as('data_lead').get(`/imports/${id}`).expect(200)).body as ImportJob;
}

export async function rejectedRows(api: TestApi, importId: string): Promise<ImportRow[]> {
  const reply = await api.as('data_lead').get(`/imports/${importId}/rows?outcome=rejected`).expect(200);
  return (reply.body as { items: ImportRow[] }).items;
}

/** Words of the turns of each record that the rows of an import say, in the order of the file. */
export async function turnsBrought(api: TestApi, importId: string): Promise<string[][]> {
  const rows: { turns: { text: string }[] }[] = await api.dataSource.query(
    `select v.turns from (
       select record_id, min(row_number) as first from occurrence where import_id = $1 group by record_id) said
     join record r on r.id = said.record_id join version v on v.id = r.import_version_id order by said.first`,
    [importId],
  );
  return rows.map((row) => row.turns.map((turn) => turn.text));
}
