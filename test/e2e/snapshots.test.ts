import { gunzipSync } from 'node:zlib';
import { type SnapshotDetail, snapshotManifest, type SnapshotFileTicket } from '@qingnang/contracts';
import { approve } from '@qingnang/corpus';
import { sha256, uuidv7 } from '@qingnang/kernel';
import { runJobsUntilEmpty } from '@qingnang/queue';
import { Freezer } from '@qingnang/snapshot';
import type { Response } from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FreezeHandler } from '../../apps/worker/src/snapshots/freeze.handler.js';
import { startApi, type TestApi } from '../support/api.js';
import { importDialogues, makeSource } from '../support/corpus.js';
import { addAiJudgement, addCandidates, promptsOf } from '../support/preference.js';

const BARRED = 3;
const ROWS = 30;

let api: TestApi;
let lead: ReturnType<TestApi['as']>;
let barredRecords: string[];

async function approveAll(recordIds: readonly string[]): Promise<void> {
  for (const recordId of recordIds) {
    await api.dataSource.transaction(async (tx) => {
      const [record] = await tx.query('select latest_version_id as latest from record where id = $1', [recordId]);
      const { id: projectId } = api.project;
      await approve(tx, { projectId, recordId, versionId: record.latest, approvedBy: null, rule: 'test' });
    });
  }
}

beforeAll(async () => {
  api = await startApi();
  lead = api.as('data_lead');
  const { dataSource, project } = api;
  const dialogues = (from: number, n: number) =>
    Array.from({ length: n }, (_, i) => [
      `${'甲乙丙丁戊己庚辛'[i % 8]}科第${from + i}位病人问复查`,
      `第${from + i}天来复查，少盐。`,
    ]);
  const open = await makeSource(dataSource, project.id);
  await approveAll(await importDialogues(dataSource, open, dialogues(0, ROWS)));
  const barred = await makeSource(dataSource, project.id, { allowedUse: ['reference'] });
  barredRecords = await importDialogues(dataSource, barred, dialogues(500, BARRED));
  await approveAll(barredRecords);
});
afterAll(() => api.close());

async function freeze(body: object): Promise<SnapshotDetail> {
  const ordered = await lead.post('/snapshots', { name: 'talks', kind: 'sft', ...body }).expect(202);
  expect(ordered.body).toMatchObject({ state: 'draft', manifest: null });
  await runJobsUntilEmpty(api.url, [new FreezeHandler(api.app.get(Freezer, { strict: false }))]);
  return (await lead.get(`/snapshots/${ordered.body.id as string}`).expect(200)).body as SnapshotDetail;
}

/** The body as it came over the wire, undecoded. */
const asBytes = (response: Response, done: (error: Error | null, body: Buffer) => void): void => {
  const parts: Buffer[] = [];
  response.on('data', (part: Buffer) => parts.push(part));
  response.on('end', () => done(null, Buffer.concat(parts)));
};

async function download(
  id: string,
  file: object,
): Promise<{ bytes: Buffer; ticket: SnapshotFileTicket; fileName: string | undefined }> {
  const made = await lead.post(`/snapshots/${id}/download-ticket`, file).expect(201);
  const ticket = made.body as SnapshotFileTicket;
  // The address alone is the right to the file.
  const response = await api
    .nobody()
    .get(ticket.url)
    .buffer(true)
    .parse(asBytes as never)
    .expect(200);
  const fileName = /filename="([^"]*)"/.exec(response.headers['content-disposition'] as string)?.[1];
  return { bytes: response.body as Buffer, ticket, fileName };
}

describe('snapshots', () => {
  it('are for the data lead of their own project alone', async () => {
    const frozen = await freeze({ name: 'rights' });
    const path = `/snapshots/${frozen.id}`;
    await api.nobody().get('/snapshots').expect(401);
    await api.nobody().post(`${path}/withdraw`).expect(401);
    for (const role of ['annotator', 'doctor', 'lay', 'reviewer'] as const) {
      await api.as(role).get('/snapshots').expect(403);
      await api.as(role).post(`${path}/download-ticket`, {}).expect(403);
      await api.as(role).post('/snapshots', { name: 'x', kind: 'sft' }).expect(403);
    }
    await api.as('stranger').get(path).expect(404);
    const elsewhere = path.replace('/snapshots', `${api.otherProject.path}/snapshots`);
    await api.as('stranger').get(elsewhere).expect(404);
    await api.as('stranger').post(`${elsewhere}/withdraw`).expect(404);
    await lead.get(`/snapshots/${uuidv7()}`).expect(404);
    await lead.get(`/snapshots/${uuidv7()}/left-out?reason=rehearsal`).expect(404);
  });

  it('are previewed, frozen and listed; what the preview counts is what is frozen', async () => {
    const preview = await lead.post('/snapshots/preview', { kind: 'sft' }).expect(200);
    const leftOut = [{ reason: 'not_allowed_for_training', count: BARRED }];
    expect(preview.body).toMatchObject({ rows: ROWS, rehearsal: 0, chosen: ROWS + BARRED, leftOut, sample: null });
    const frozen = await freeze({ name: 'listed' });
    expect(frozen).toMatchObject({ state: 'frozen', version: 1, rows: ROWS, rehearsal: false });
    expect((await freeze({ name: 'listed' })).version).toBe(2);
    const listed = await lead.get('/snapshots?name=listed&state=frozen&perPage=1').expect(200);
    expect(listed.body).toMatchObject({ total: 2, items: [{ name: 'listed', version: 2, digest: frozen.digest }] });
  });

  it('order once however often the order is sent', async () => {
    const send = () =>
      lead.post('/snapshots', { name: 'once', kind: 'sft' }).set('Idempotency-Key', 'freeze-1').expect(202);
    const [first, second] = [await send(), await send()];
    expect(second.body.id).toBe(first.body.id);
    expect((await lead.get('/snapshots?name=once')).body.total).toBe(1);
    await lead.post('/snapshots', { name: 'other', kind: 'sft' }).set('Idempotency-Key', 'freeze-1').expect(422);
    const early = await lead.post(`/snapshots/${first.body.id as string}/withdraw`).expect(409);
    expect(early.body.code).toBe('snapshot.not_frozen');
    await lead.post(`/snapshots/${first.body.id as string}/download-ticket`, {}).expect(409);
  });

  it('name what they left out, and lead to its records page by page', async () => {
    const frozen = await freeze({ name: 'left' });
    expect(frozen.manifest!.left_out).toMatchObject([{ reason: 'not_allowed_for_training', count: BARRED }]);
    const path = `/snapshots/${frozen.id}/left-out?reason=not_allowed_for_training&perPage=2`;
    const first = (await lead.get(path).expect(200)).body;
    const second = (await lead.get(`${path}&after=${first.next as string}`).expect(200)).body;
    const seen = [...first.items, ...second.items] as { id: string; recordId: string }[];
    const [why] = frozen.manifest!.left_out;
    if (!why || !('path' in why)) throw new Error('form 2 names a file');
    const { bytes } = await download(frozen.id, { file: why.path });
    expect(sha256(bytes)).toBe(why.sha256);
    expect(seen.map((item) => `${item.id}\n`).join('')).toBe(bytes.toString());
    await lead.get(`${path}&after=yesterday`).expect(422);
    expect(seen.map((item) => item.recordId).sort()).toEqual([...barredRecords].sort());
    expect([first.total, second.next]).toEqual([BARRED, null]);
    expect((await lead.get(`/snapshots/${frozen.id}/left-out?reason=other`)).body.items).toEqual([]);
    await lead.get(`/snapshots/${frozen.id}/left-out`).expect(422);
    const early = await lead.post('/snapshots', { name: 'left-early', kind: 'sft' }).expect(202);
    await lead.get(path.replace(frozen.id, early.body.id as string)).expect(409);
    await lead.post(`/snapshots/${frozen.id}/withdraw`).expect(200);
    await lead.get(path).expect(410);
  });

  it('hand out their files with the bytes that the manifest names, and ShareGPT made from them', async () => {
    const frozen = await freeze({ name: 'files' });
    const { bytes } = await download(frozen.id, {});
    expect(sha256(bytes)).toBe(frozen.digest);
    const manifest = snapshotManifest.parse(JSON.parse(bytes.toString()));
    let rows = 0;
    for (const file of manifest.files) {
      const content = (await download(frozen.id, { file: file.path })).bytes;
      expect(sha256(content)).toBe(file.sha256);
      rows += gunzipSync(content).toString().trimEnd().split('\n').length;
    }
    expect(rows).toBe(ROWS);
    const exported = await download(frozen.id, { format: 'sharegpt' });
    expect(exported.ticket.unwritable).toBe(0);
    expect(exported.fileName).toBe('files-v1-all.sharegpt.json');
    expect(JSON.parse(exported.bytes.toString())).toHaveLength(ROWS);
    await lead.post(`/snapshots/${frozen.id}/download-ticket`, { file: '../../etc/passwd' }).expect(404);
    await lead.post(`/snapshots/${frozen.id}/download-ticket`, { format: 'xml' }).expect(422);
  });

  it('hold pairs and prompts as well; prompts are no conversations to export', async () => {
    const { dataSource, project } = api;
    const promptIds = await promptsOf(dataSource, project.id);
    for (const promptId of promptIds.slice(0, 5)) {
      const candidates = await addCandidates(dataSource, project.id, promptId, ['少盐，一周后复查。', '没事。']);
      await addAiJudgement(dataSource, project.id, promptId, candidates, [8, 3]);
    }
    const pairs = await freeze({ name: 'pairs', kind: 'preference', selection: { includeRehearsal: true } });
    expect(pairs).toMatchObject({ state: 'frozen', rows: 5, rehearsal: true });
    const without = await freeze({ name: 'pairs', kind: 'preference' });
    expect(without).toMatchObject({ state: 'failed' });
    const prompts = await freeze({ name: 'prompts', kind: 'prompts' });
    expect(prompts.state).toBe('frozen');
    const refused = await lead.post(`/snapshots/${prompts.id}/download-ticket`, { format: 'sharegpt' }).expect(422);
    expect(refused.body.code).toBe('snapshot.format_unfit');
  });

  it('are refused with the field at fault', async () => {
    const bad = [
      [{ name: '心内科', kind: 'sft' }, 'name'],
      [{ name: 'x', kind: 'evaluation' }, 'kind'],
      [{ name: 'x', kind: 'sft', selection: { splits: { train: 0.9, validation: 0.9, test: 0 } } }, 'splits'],
      [{ name: 'x', kind: 'sft', selection: { filter: { dataSet: ['nothing'] } } }, 'dataSet'],
      [{ name: 'x', kind: 'preference', selection: { minMargin: -1 } }, 'minMargin'],
    ] as const;
    for (const [body, field] of bad) {
      const refused = await lead.post('/snapshots', body).expect(422);
      expect(refused.body.errors[0].field).toContain(field);
    }
    await lead.get('/snapshots?page=2000&perPage=200').expect(422);
    await lead.get('/snapshots/not-an-id').expect(404);
  });

  it('can be withdrawn once: the files are gone, the manifest stays, and the act is known', async () => {
    const frozen = await freeze({ name: 'gone' });
    const ticket = await lead.post(`/snapshots/${frozen.id}/download-ticket`, {}).expect(201);
    const path = `/snapshots/${frozen.id}`;
    const withdrawn = await lead.post(`${path}/withdraw`).expect(200);
    expect(withdrawn.body).toMatchObject({ state: 'withdrawn', digest: frozen.digest });
    expect((await lead.get(path).expect(200)).body.manifest).toEqual(frozen.manifest);
    const gone = await lead.post(`${path}/download-ticket`, {}).expect(410);
    expect(gone.body.code).toBe('snapshot.withdrawn');
    await api.nobody().get(ticket.body.url).expect(410);
    await lead.post(`${path}/withdraw`).expect(409);
    const acts = await lead.get(`/audit-entries?subjectId=${frozen.id}`).expect(200);
    expect(acts.body.items.map((entry: { action: string }) => entry.action).sort()).toEqual([
      'snapshot.create',
      'snapshot.withdraw',
    ]);
  });
});
