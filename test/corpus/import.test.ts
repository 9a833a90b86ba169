import { Readable } from 'node:stream';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { addVersion, corpusEntities, createRecords, prepareDialogue, SourceService } from '@qingnang/corpus';
import { ONLY_ATTEMPT } from '@qingnang/queue';
import { importContent, importDialogues, makeProject, makeSource, readRecord } from '../support/corpus.js';
import { createTestDataSource } from '../support/postgres.js';
import { makePerson } from '../support/review.js';

let db: Awaited<ReturnType<typeof createTestDataSource>>;
let projectId: string;
beforeAll(async () => {
  db = await createTestDataSource(corpusEntities);
  projectId = await makeProject(db.dataSource);
});
afterAll(() => db.close());

const alpaca = (rows: unknown[]) => () =>
  Readable.from([Buffer.from(rows.map((row) => JSON.stringify(row)).join('\n'))]);
const plan = { container: 'json', layout: 'alpaca', encoding: 'utf-8', mapping: { id: 'id' } } as const;

test('every row is accepted, a duplicate or rejected, and a second import adds nothing', async () => {
  const source = await makeSource(db.dataSource, projectId);
  const rows = [
    { instruction: '头晕两天怎么办', input: '', output: '先测血压。' },
    { instruction: '头晕两天怎么办 ', input: '', output: '先测血压。' },
    { instruction: '', input: '', output: '没有问题的回答' },
    { instruct: '第二种形状', output: '无' },
  ];
  const first = await importContent(db.dataSource, source, alpaca(rows), { plan });
  expect(first).toMatchObject({ state: 'done', readCount: 4, acceptedCount: 1, duplicateCount: 1, rejectedCount: 2 });
  expect(first.reasons).toEqual({ empty_question: 1, second_shape: 1 });
  const again = await importContent(db.dataSource, source, alpaca(rows), { plan });
  expect(again).toMatchObject({ state: 'done', readCount: 4, acceptedCount: 0, duplicateCount: 2, rejectedCount: 2 });
});

test('one evaluate-only occurrence bars a record from training', async () => {
  const train = await makeSource(db.dataSource, projectId);
  const testSet = await makeSource(db.dataSource, projectId, { allowedUse: ['evaluate'] });
  const rows = [{ instruction: '咳嗽一周要不要拍片', input: '', output: '先听诊。' }];
  await importContent(db.dataSource, train, alpaca(rows), { plan });
  await importContent(db.dataSource, testSet, alpaca(rows), { plan });
  const [record] = await db.dataSource.query(
    `select w.allowed_use from record r join occurrence o on o.record_id = r.id
     join source_set w on w.id = r.source_set_id where o.source_id = $1`,
    [testSet.id],
  );
  expect(record.allowed_use).toEqual(['evaluate']);
});

test('a use taken from the source while its file is read reaches the rows that came before and after', async () => {
  const lead = await makePerson(db.dataSource, projectId, ['data_lead']);
  const source = await makeSource(db.dataSource, projectId);
  const rows = Array.from({ length: 600 }, (_, i) => ({ instruction: `第${i}天换药疼吗`, output: `第${i}天不疼。` }));
  const lines = rows.map((row) => `${JSON.stringify(row)}\n`);
  async function* narrowedOnTheWay() {
    yield Buffer.from(lines.slice(0, 500).join(''));
    await new SourceService(db.dataSource).update(lead, source.id, 1, { allowedUse: ['evaluate'] });
    yield Buffer.from(lines.slice(500).join(''));
  }
  await importContent(db.dataSource, source, () => Readable.from(narrowedOnTheWay()), { plan });
  const uses = await db.dataSource.query(
    `select w.allowed_use, count(*)::int as n from record r join source_set w on w.id = r.source_set_id
     where w.source_id = $1 group by 1`,
    [source.id],
  );
  expect(uses).toEqual([{ allowed_use: ['evaluate'], n: 600 }]);
});

test('a source changed while another bars its records leaves them barred', async () => {
  const train = await makeSource(db.dataSource, projectId);
  const testSet = await makeSource(db.dataSource, projectId, { allowedUse: ['evaluate'] });
  const [recordId] = await importDialogues(db.dataSource, train, [['耳鸣要不要查听力', '先查听力。']]);
  const [exam] = await importDialogues(db.dataSource, testSet, [['耳朵响查什么', '查听力。']]);
  const { manager } = db.dataSource;
  const lead = await makePerson(db.dataSource, projectId, ['data_lead']);
  let update: Promise<unknown> | undefined;
  // The words turn out to be made from the test set's, and the source is changed before that commits.
  await db.dataSource.transaction(async (tx) => {
    const madeBy = { kind: 'llm' as const, id: 'call' };
    const turns = [
      { role: 'patient' as const, text: '耳鸣要不要查听力' },
      { role: 'doctor' as const, text: '先查听力。' },
    ];
    const parents = [{ recordId: exam!, versionId: (await readRecord(db.dataSource, exam!)).import_version_id }];
    const origin = { projectId, dataSet: 'real_instruction', source: train, kind: 'distil', madeBy } as const;
    const [made] = await createRecords(tx, [prepareDialogue({ turns, madeBy, parents })], origin);
    expect(made).toMatchObject({ recordId, outcome: 'duplicate' });
    update = new SourceService(db.dataSource).update(lead, train.id, 1, { allowedUse: ['train', 'evaluate'] });
    await vi.waitFor(
      async () => {
        const [row] = await manager.query('select count(*)::int as n from pg_locks where not granted');
        expect(row.n).toBeGreaterThan(0);
      },
      { timeout: 120_000 },
    );
  });
  await update;
  expect((await readRecord(db.dataSource, recordId!)).allowed_use).toEqual(['evaluate']);
});

test('an import stopped after a batch goes on there, and counts every row once', async () => {
  const source = await makeSource(db.dataSource, projectId);
  const rows = Array.from({ length: 1200 }, (_, i) => ({ instruction: `第${i}次复查的间隔`, output: `间隔${i}天。` }));
  rows[3]!.instruction = rows[700]!.instruction = '';
  const stop = new AbortController();
  stop.abort();
  const stopped = await importContent(db.dataSource, source, alpaca(rows), { plan, signal: stop.signal });
  expect(stopped).toMatchObject({ state: 'running', readCount: 500 });
  const { ImportRunner } = await import('@qingnang/corpus');
  const blobs = {
    get: () => Promise.resolve(alpaca(rows)()),
    put: () => Promise.reject(),
    delete: () => Promise.reject(),
  };
  await new ImportRunner(db.dataSource, blobs).run(projectId, stopped.id, ONLY_ATTEMPT);
  const [counts] = await db.dataSource.query(
    'select state, read_count, accepted_count, reasons from import where id = $1',
    [stopped.id],
  );
  expect(counts).toEqual({
    state: 'done',
    read_count: 1200,
    accepted_count: 1198,
    reasons: { empty_question: 2 },
  });
});

test('a version keeps the provenance of the turns it left alone', async () => {
  const source = await makeSource(db.dataSource, projectId);
  const [recordId] = await importDialogues(db.dataSource, source, [['血压高吃什么药', '氨氯地平5mg，每天一次。']]);
  const [record] = await db.dataSource.query('select * from record where id = $1', [recordId]);
  const turns = [
    { n: 0, role: 'patient' as const, text: '血压高吃什么药' },
    { n: 1, role: 'doctor' as const, text: '您好，建议氨氯地平5mg，每天一次，并按时测血压。' },
  ];
  const base = { projectId, recordId: recordId!, parentId: record.import_version_id as string };
  const polished = await db.dataSource.transaction((tx) =>
    addVersion(tx, { ...base, kind: 'polish', turns, madeBy: { kind: 'llm', id: 'call-1' }, rehearsalCall: true }),
  );
  const [version] = await db.dataSource.query('select * from version where id = $1', [polished]);
  expect(version).toMatchObject({ rehearsal: true, parent_id: record.import_version_id });
  expect(version.turns[0]).toMatchObject({
    made_by: { kind: 'parent', id: record.import_version_id },
  });
  expect(version.turns[0].rehearsal).toBeUndefined();
  // Who made the version made this turn: the version says it.
  expect(version).toMatchObject({ made_by_kind: 'llm', made_by_id: 'call-1' });
  expect(version.turns[1]).toEqual({ ...turns[1], rehearsal: true });

  const own = [turns[0]!, { ...turns[1]!, text: '氨氯地平5mg，每天一次。' }];
  const back = await db.dataSource.transaction((tx) =>
    addVersion(tx, { ...base, parentId: polished, kind: 'edit', turns: own, madeBy: { kind: 'person', id: 'p' } }),
  );
  const [edited] = await db.dataSource.query('select rehearsal from version where id = $1', [back]);
  expect(edited.rehearsal).toBe(false);
  await expect(db.dataSource.query(`update version set kind = 'edit' where id = $1`, [polished])).rejects.toThrow(
    'never changed',
  );
});
