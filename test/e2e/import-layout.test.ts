import type { Upload } from '@qingnang/contracts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startApi, type TestApi } from '../support/api.js';
import { addSource, importFile, rejectedRows, turnsBrought, uploadFile } from '../support/import-file.js';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());

const look = async (upload: Upload, query: string): Promise<Upload> =>
  (await api.as('data_lead').get(`/uploads/${upload.id}?${query}`).expect(200)).body as Upload;

describe('a file that was not recognised', () => {
  test('is said in words for any language, and read as the person says', async () => {
    const upload = await uploadFile(api, 'questions.txt', '头痛怎么办\n发热怎么办\n咳嗽怎么办\n');
    expect(upload).toMatchObject({
      detection: null,
      problemSaid: { say: 'layout_unknown', facts: { line: '头痛怎么办' } },
    });
    const seen = await look(upload, 'container=csv&noHeader=true');
    expect(seen).toMatchObject({ problem: null, problemSaid: null });
    expect(seen.detection).toMatchObject({
      noHeader: true,
      mapping: { ask: 'column_1' },
      rows: { count: 3, exact: true },
    });
    const job = await importFile(api, seen, await addSource(api, 'questions'));
    expect(job).toMatchObject({ state: 'done', read: 3, accepted: 3, notes: { answer_missing: 3 } });
  });

  test('is looked at with whatever was said, and nothing else', async () => {
    const upload = await uploadFile(api, 'odd.csv', '头痛;休息\n发热;喝水\n');
    const seen = await look(upload, 'delimiter=%3B&noHeader=false&encoding=utf-8');
    expect(seen.detection).toMatchObject({ delimiter: ';', header: ['头痛', '休息'] });
    await api.as('data_lead').get(`/uploads/${upload.id}?delimiter=x`).expect(422);
    await api.as('stranger').get(`/uploads/${upload.id}?noHeader=true`).expect(404);
  });
});

test('what was noticed on the way is counted with the import', async () => {
  const content = [
    {
      conversations: [
        ['human', '头痛'],
        ['human', '三天'],
        ['gpt', '休息'],
        ['human', '谢谢'],
      ],
    },
    { conversations: [['human', '发热两天']] },
    {
      conversations: [
        ['human', '咳嗽'],
        ['gpt', '喝水'],
      ],
    },
  ]
    .map(({ conversations }) =>
      JSON.stringify({ conversations: conversations.map(([from, value]) => ({ from, value })) }),
    )
    .join('\n');
  const upload = await uploadFile(api, 'notes.jsonl', content);
  expect(upload.detection!.outlook).toMatchObject({ read: 3, accepted: 3, notes: { turns_merged: 1 } });
  const job = await importFile(api, upload, await addSource(api, 'notes'));
  expect(job.notes).toEqual({ turns_merged: 1, trailing_turn_cut: 1, answer_missing: 1 });
  expect(await turnsBrought(api, job.id)).toEqual([['头痛\n三天', '休息'], ['发热两天'], ['咳嗽', '喝水']]);
});

test('an import of which nothing was taken has failed, and says so in words for any language', async () => {
  const upload = await uploadFile(api, 'empty.csv', 'ask,answer\nnan,休息\n,喝水\n');
  const job = await importFile(api, upload, await addSource(api, 'nothing'));
  expect(job).toMatchObject({
    state: 'failed',
    read: 2,
    rejected: 2,
    failureSaid: { say: 'all_rejected', facts: { count: 2 } },
  });
  expect(await rejectedRows(api, job.id)).toMatchObject([
    { reason: 'empty_question', said: { say: 'empty_question' } },
    { reason: 'empty_question', said: { say: 'empty_question' } },
  ]);
});

test('detection, order and worker hold to one check of the plan', async () => {
  const upload = await uploadFile(
    api,
    'plan.csv',
    '主要不适,处理\n头痛三天，伴恶心，休息后不缓解,建议先测血压，注意休息\n',
  );
  expect(upload.detection).toMatchObject({ mapping: {} });
  expect(upload.detection!.outlook).toBeUndefined();
  const sourceId = await addSource(api, 'plan');
  const order = (mapping: Record<string, string>) => ({
    uploadId: upload.id,
    sourceId,
    dataSet: 'real_instruction',
    plan: { container: 'csv', layout: 'qa_columns', encoding: 'utf-8', delimiter: ',', mapping },
  });
  const none = await api.as('data_lead').post('/imports', order({})).expect(422);
  expect(none.body).toMatchObject({ code: 'import.mapping_incomplete' });
  const twice = await api
    .as('data_lead')
    .post('/imports', order({ ask: '处理', answer: '处理' }))
    .expect(422);
  expect(twice.body).toMatchObject({ code: 'import.mapping_incomplete' });
});
