import { Readable } from 'node:stream';
import type { Dashboard, ListReply, RecordFacets, Source } from '@qingnang/contracts';
import { approve, holdBack } from '@qingnang/corpus';
import { foldTally } from '@qingnang/database';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startApi, type TestApi } from '../support/api.js';
import { importContent, makeSource } from '../support/corpus.js';
import { addAiJudgement, addCandidates, promptsOf } from '../support/preference.js';
import { polishRecords } from '../support/review.js';

let api: TestApi;
let ids: string[];
beforeAll(async () => {
  api = await startApi({ settings: { QINGNANG_REQUEST_SECONDS: '1' } });
  const { dataSource, project } = api;
  const source = await makeSource(dataSource, project.id);
  const rows = Array.from({ length: 12 }, (_, n) => ({
    conversations: [
      { from: 'human', value: `第 ${n} 个问题：头痛三天怎么办？` },
      { from: 'gpt', value: `第 ${n} 个回答：请先休息并量血压。` },
    ],
  }));
  await importContent(dataSource, source, () => Readable.from([Buffer.from(JSON.stringify(rows))]));
  ids = (await dataSource.query<{ id: string }[]>('select id from record order by id')).map(({ id }) => id);
  await polishRecords(dataSource, project.id, ids.slice(0, 6));
  await polishRecords(dataSource, project.id, ids.slice(0, 2));
  await dataSource.transaction(async (tx) => {
    for (const recordId of ids.slice(0, 3)) {
      const [record] = await tx.query('select latest_version_id as id from record where id = $1', [recordId]);
      await approve(tx, { projectId: project.id, recordId, versionId: record.id, approvedBy: null, rule: 'test' });
    }
    const hold = { projectId: project.id, kind: 'decided' as const, heldBy: null, reason: 'x' };
    for (const recordId of ids.slice(2, 5)) await holdBack(tx, { ...hold, recordId });
  });
});
afterAll(() => api?.close());

const stop = async (key: string) => {
  const { body } = await api.as('data_lead').get('/dashboard').expect(200);
  return (body as Dashboard).stops.find((each) => each.key === key)!;
};

describe.each(['not folded yet', 'folded'])('counts that are kept, %s,', (when) => {
  beforeAll(async () => {
    if (when === 'folded') await foldTally(api.dataSource);
  });

  it('are what there is on the dashboard', async () => {
    expect(await stop('records')).toMatchObject({ count: 12, today: 12 });
    expect(await stop('polish')).toMatchObject({ count: 6 });
    expect(await stop('approved')).toMatchObject({ count: 2, today: 2 });
    const { body } = await api.as('data_lead').get('/dashboard').expect(200);
    const flow = (body as Dashboard).flows.find(({ from, to }) => from === 'sources' && to === 'records');
    expect(flow?.week).toBe(12);
  });

  it('are the totals of lists whose filter they are kept by, and the facets', async () => {
    const total = async (query: string) => {
      const { body } = await api.as('data_lead').get(`/records?perPage=1&${query}`).expect(200);
      return body as { total: number; totalIs: string };
    };
    expect(await total('')).toMatchObject({ total: 9, totalIs: 'exact' });
    expect(await total('state=approved')).toMatchObject({ total: 2, totalIs: 'exact' });
    expect(await total('state=approved&state=held_back&dataSet=real_instruction&questionOnly=false')).toMatchObject({
      total: 5,
    });
    expect(await total('dataSet=real_conversation')).toMatchObject({ total: 0, totalIs: 'exact' });
    // Nobody keeps count of these: they are counted.
    expect(await total('polished=true')).toMatchObject({ total: 3, totalIs: 'exact' });
    const facets = (await api.as('data_lead').get('/records/facets').expect(200)).body as RecordFacets;
    expect(facets.dataSets).toEqual([{ value: 'real_instruction', count: 9 }]);
    expect(facets.states).toEqual([
      { value: 'imported', count: 7 },
      { value: 'held_back', count: 3 },
      { value: 'approved', count: 2 },
    ]);
  });
});

it('leave out what a doctor took back', async () => {
  const { dataSource, project } = api;
  const prompts = await promptsOf(dataSource, project.id);
  const write =
    'insert into reference (id, project_id, prompt_id, kind, text) values (gen_random_uuid(), $1, $2, $3, $4)';
  for (const promptId of prompts.slice(0, 3))
    await dataSource.query(write, [project.id, promptId, 'answer', '多喝水。']);
  const [chosen, rejected] = await addCandidates(dataSource, project.id, prompts[0]!, ['甲', '乙']);
  const judgementId = await addAiJudgement(dataSource, project.id, prompts[0]!, [chosen!, rejected!], [9, 5]);
  expect(await stop('references')).toMatchObject({ count: 3, today: 3 });
  expect(await stop('reward_labels')).toMatchObject({ count: 1, today: 1 });
  await dataSource.query('update reference set undone = true where prompt_id = $1', [prompts[1]]);
  await dataSource.query('update judgement set undone = true where id = $1', [judgementId]);
  expect(await stop('references')).toMatchObject({ count: 2, today: 2 });
  expect(await stop('reward_labels')).toMatchObject({ count: 0, today: 0 });
});

it('know how many records a source has, through every set that holds it', async () => {
  const { dataSource, project } = api;
  const second = await makeSource(dataSource, project.id, { allowedUse: ['evaluate'] });
  // One that the first source says, too, and one of its own.
  const rows = [[0, '头痛三天怎么办？'] as const, [99, '手麻两周怎么办？'] as const].map(([n, asked]) => ({
    conversations: [
      { from: 'human', value: `第 ${n} 个问题：${asked}` },
      { from: 'gpt', value: `第 ${n} 个回答：请先休息并量血压。` },
    ],
  }));
  await importContent(dataSource, second, () => Readable.from([Buffer.from(JSON.stringify(rows))]));
  const [counted] = await dataSource.query<{ n: number }[]>(
    'select count(*)::int as n from source_set w join record r on r.source_set_id = w.id where w.source_id = $1',
    [second.id],
  );
  const { body } = await api.as('data_lead').get('/sources').expect(200);
  const { items } = body as ListReply<Source>;
  expect(items.find(({ id }) => id === second.id)?.records).toBe(counted!.n);
  expect(items.reduce((sum, { records }) => sum + records, 0)).toBe(13);
});

it('stops a question that takes the database too long, and says so', async () => {
  const other = new Client({ connectionString: api.url });
  await other.connect();
  try {
    await other.query('begin; lock table source in access exclusive mode');
    const { body } = await api.as('data_lead').get('/sources').expect(503);
    expect(body).toMatchObject({ code: 'request.too_long' });
    await api.as('data_lead').get('/records/facets').expect(200);
  } finally {
    await other.end();
  }
  await api.as('data_lead').get('/sources').expect(200);
});
