import { existsSync, readFileSync } from 'node:fs';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { KnownIds } from '@qingnang/contracts';
import { approve, corpusEntities, type SourceEntity } from '@qingnang/corpus';
import { importContent, makeProject, makeSource } from '../support/corpus.js';
import { createTestDataSource } from '../support/postgres.js';

let db: Awaited<ReturnType<typeof createTestDataSource>>;
let projectId: string;
beforeAll(async () => {
  db = await createTestDataSource(corpusEntities);
  projectId = await makeProject(db.dataSource);
});
afterAll(() => db.close());

const plan = { container: 'json', layout: 'alpaca', encoding: 'utf-8', mapping: { id: 'id' } } as const;
type Row = readonly [id: string, instruction: string, output: string];

async function take(source: SourceEntity, rows: readonly Row[], knownIds?: KnownIds) {
  const lines = rows.map(([id, instruction, output]) => JSON.stringify({ id, instruction, input: '', output }));
  const job = await importContent(db.dataSource, source, () => Readable.from([Buffer.from(lines.join('\n'))]), {
    plan,
    ...(knownIds ? { knownIds } : {}),
  });
  const { readCount, acceptedCount, replacedCount, duplicateCount, rejectedCount, reasons } = job;
  expect(readCount).toBe(acceptedCount + replacedCount + duplicateCount + rejectedCount);
  return { counts: [acceptedCount, replacedCount, duplicateCount, rejectedCount], reasons, job };
}

const recordsOf = (source: SourceEntity) =>
  db.dataSource.query<{ id: string; state: string; question: string }[]>(
    `select r.id, r.state, v.turns -> 0 ->> 'text' as question from record r
     join source_set w on w.id = r.source_set_id join version v on v.id = r.import_version_id
     where w.source_id = $1 order by r.id`,
    [source.id],
  );

async function approveAll(source: SourceEntity): Promise<void> {
  for (const { id } of await recordsOf(source)) {
    const [row] = await db.dataSource.query('select latest_version_id from record where id = $1', [id]);
    await db.dataSource.transaction((tx) =>
      approve(tx, { projectId, recordId: id, versionId: row.latest_version_id, approvedBy: null, rule: 'test' }),
    );
  }
}

describe('a known id with other words', () => {
  test('is refused unless told otherwise: nothing is replaced, no approval lost, and the row is kept to be read', async () => {
    const source = await makeSource(db.dataSource, projectId);
    await take(source, [
      ['1', '胃痛三天', '做胃镜。'],
      ['2', '心慌气短', '查心电图。'],
    ]);
    await approveAll(source);
    const second = await take(source, [
      ['1', '手指割伤', '清创缝合。'],
      ['2', '心慌气短', '查心电图。'],
      ['3', '阑尾炎术后发热', '查血常规。'],
      ['1', '手指割伤', '清创缝合。'],
    ]);
    expect(second.counts).toEqual([1, 0, 1, 2]);
    expect(second.reasons).toEqual({ id_known: 2 });
    expect((await recordsOf(source)).map((row) => [row.question, row.state])).toEqual([
      ['胃痛三天', 'approved'],
      ['心慌气短', 'approved'],
      ['阑尾炎术后发热', 'imported'],
    ]);
    const [refused] = await db.dataSource.query(
      'select reason, field, raw, line from rejected_row where import_id = $1 order by row_number limit 1',
      [second.job.id],
    );
    expect(refused).toMatchObject({ reason: 'id_known', field: 'id', line: 1 });
    expect(refused.raw).toContain('手指割伤');
  });

  test('keeps both where that was chosen', async () => {
    const source = await makeSource(db.dataSource, projectId);
    await take(source, [['1', '咽干', '喝水。']]);
    expect((await take(source, [['1', '眼干', '用人工泪液。']], 'keep_both')).counts).toEqual([1, 0, 0, 0]);
    expect(await recordsOf(source)).toHaveLength(2);
    // Now the id says two things, so a third cannot tell which of them it changes.
    const third = [['1', '口干', '查血糖。']] as const;
    expect((await take(source, third, 'replace')).reasons).toEqual({ id_ambiguous: 1 });
    expect((await take(source, third)).reasons).toEqual({ id_ambiguous: 1 });
    expect((await take(source, [['1', '眼干', '用人工泪液。']], 'replace')).counts).toEqual([0, 0, 1, 0]);
    expect((await take(source, third, 'keep_both')).counts).toEqual([1, 0, 0, 0]);
  });

  test('replaces where that was chosen, counted apart, and the approvals it ends are listed', async () => {
    const source = await makeSource(db.dataSource, projectId);
    await take(source, [
      ['1', '腹泻两天', '补液。'],
      ['2', '便秘一周', '多吃菜。'],
    ]);
    const before = await recordsOf(source);
    await approveAll(source);
    await db.dataSource.query(`update record set state = 'held_back' where id = $1`, [before[1]!.id]);
    await db.dataSource.query('update approval set until_at = now() where record_id = $1', [before[1]!.id]);
    const changed = [
      ['1', '腹泻三天', '补液，查便常规。'],
      ['2', '便秘两周', '多吃菜，查肠镜。'],
      ['1', '腹泻三天', '补液，查便常规。'],
    ] as const;
    const second = await take(source, changed, 'replace');
    expect(second.counts).toEqual([0, 2, 1, 0]);
    expect(second.job.endedApprovals).toBe(1);
    const after = await recordsOf(source);
    expect(after.map((row) => [row.id, row.state, row.question])).toEqual([
      [before[0]!.id, 'imported', '腹泻三天'],
      [before[1]!.id, 'held_back', '便秘两周'],
    ]);
    const ended = await db.dataSource.query(
      `select o.record_id, a.until_at is not null as ended from occurrence o join approval a on a.id = o.ended_approval_id
       where o.import_id = $1`,
      [second.job.id],
    );
    expect(ended).toEqual([{ record_id: before[0]!.id, ended: true }]);
    expect((await take(source, changed, 'replace')).counts).toEqual([0, 0, 3, 0]);
    // Once more: the id is known by what it said last.
    expect((await take(source, [['1', '腹泻四天', '住院补液。']], 'replace')).counts).toEqual([0, 1, 0, 0]);
  });

  test('said twice in one file with two texts, replaces once and is refused the second time, in whatever batch', async () => {
    const source = await makeSource(db.dataSource, projectId);
    await take(source, [['1', '牙龈出血', '洗牙。']]);
    const filler = Array.from({ length: 600 }, (_, i): Row => [`f${i}`, `第${i}次换药`, `第${i}次不疼。`]);
    const rows: Row[] = [['1', '牙龈出血', '洗牙，查血小板。'], ...filler, ['1', '牙龈出血', '拔牙。']];
    const second = await take(source, rows, 'replace');
    expect(second.counts).toEqual([600, 1, 0, 1]);
    expect(second.reasons).toEqual({ id_ambiguous: 1 });
  });

  test('said only in another data set or by a withdrawn record, is not known', async () => {
    const source = await makeSource(db.dataSource, projectId);
    await take(source, [['1', '耳鸣', '查听力。']]);
    await db.dataSource.query(
      `update record set state = 'withdrawn' from source_set w
      where w.id = source_set_id and w.source_id = $1`,
      [source.id],
    );
    expect((await take(source, [['1', '头鸣', '查颈椎。']])).counts).toEqual([1, 0, 0, 0]);
  });
});

const cases = new URL('../../../shared/cases/import/', import.meta.url);

describe.skipIf(!existsSync(cases))('the cases', () => {
  const file = (name: string) => () => Readable.from([readFileSync(new URL(name, cases))]);
  const csv = { container: 'csv', encoding: 'utf-8', delimiter: ',' } as const;

  test('two files that count their rows keep all four, the counter being no id', async () => {
    const source = await makeSource(db.dataSource, projectId);
    const mapping = { ask: '问题', answer: '回答' };
    for (const name of ['01a-own-numbering.csv', '01b-own-numbering.csv']) {
      const job = await importContent(db.dataSource, source, file(name), {
        plan: { ...csv, layout: 'qa_columns', mapping },
      });
      expect(job).toMatchObject({ acceptedCount: 2, replacedCount: 0, rejectedCount: 0 });
    }
    // Somebody names it as one all the same: nothing is overwritten.
    const job = await importContent(db.dataSource, source, file('01a-own-numbering.csv'), {
      plan: { ...csv, layout: 'qa_columns', mapping: { ...mapping, id: '序号' } },
    });
    expect(job).toMatchObject({ acceptedCount: 0, duplicateCount: 2 });
    const other = await importContent(db.dataSource, source, file('01b-own-numbering.csv'), {
      plan: { ...csv, layout: 'qa_columns', mapping: { ...mapping, id: '序号' } },
    });
    expect(other.reasons).toEqual({ id_known: 2 });
    expect(await recordsOf(source)).toHaveLength(4);
  });
});
