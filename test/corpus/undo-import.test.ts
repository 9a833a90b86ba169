import { Readable } from 'node:stream';
import type { EntityManager } from 'typeorm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Actor, createTaskSet, type KeptRecord, keptRecordQuery } from '@qingnang/contracts';
import {
  approve,
  createRecords,
  ImportService,
  ImportUndoer,
  ImportUndoService,
  lockSource,
  prepareDialogue,
  type SourceEntity,
} from '@qingnang/corpus';
import { TaskSetMaker } from '@qingnang/preference';
import { ONLY_ATTEMPT } from '@qingnang/queue';
import { TaskSetService } from '@qingnang/review';
import { ImportUndoHandler } from '../../apps/worker/src/imports/import-undo.handler.js';
import { entities } from '../../apps/worker/src/entities.js';
import { importContent, makeProject, makeSource, readRecord } from '../support/corpus.js';
import { promptsOf } from '../support/preference.js';
import { createTestDataSource } from '../support/postgres.js';
import { makePerson, polishRecords } from '../support/review.js';
import { untilWaiting } from '../support/waiting.js';

let db: Awaited<ReturnType<typeof createTestDataSource>>;
let projectId: string;
let lead: Actor;
let undos: ImportUndoService;
let handler: ImportUndoHandler;
beforeAll(async () => {
  db = await createTestDataSource(entities);
  projectId = await makeProject(db.dataSource);
  lead = await makePerson(db.dataSource, projectId, ['data_lead']);
  undos = new ImportUndoService(db.dataSource, new ImportService(db.dataSource));
  handler = new ImportUndoHandler(new ImportUndoer(db.dataSource));
});
afterAll(() => db.close());

const plan = { container: 'json', layout: 'alpaca', encoding: 'utf-8', mapping: { id: 'id' } } as const;
const take = (source: SourceEntity, questions: readonly string[], options: object = {}) => {
  const lines = questions.map((instruction) =>
    JSON.stringify({ instruction, input: '', output: `${instruction}：就诊。` }),
  );
  return importContent(db.dataSource, source, () => Readable.from([Buffer.from(lines.join('\n'))]), {
    plan,
    ...options,
  });
};

const going = { ...ONLY_ATTEMPT, workerId: 'w', attempt: 1 };
async function undo(importId: string, context = going) {
  await undos.undo(lead, importId);
  await handler.run({ projectId, importId }, context);
  return new ImportService(db.dataSource).get(lead, importId);
}

async function recordsOf(importId: string): Promise<Map<string, string>> {
  const rows: { question: string; id: string }[] = await db.dataSource.query(
    `select v.turns -> 0 ->> 'text' as question, r.id from occurrence o join record r on r.id = o.record_id
     join version v on v.id = o.version_id where o.import_id = $1`,
    [importId],
  );
  return new Map(rows.map((row) => [row.question, row.id]));
}

async function states(source: SourceEntity): Promise<Record<string, string>> {
  const rows: { question: string; state: string }[] = await db.dataSource.query(
    `select distinct v.turns -> 0 ->> 'text' as question, r.state from record r
     join version v on v.id = r.import_version_id join occurrence o on o.record_id = r.id where o.source_id = $1`,
    [source.id],
  );
  return Object.fromEntries(rows.map((row) => [row.question, row.state]));
}

async function kept(importId: string): Promise<Record<string, KeptRecord['reason']>> {
  const { items } = await undos.kept(lead, importId, keptRecordQuery.parse({ perPage: 100 }));
  return Object.fromEntries(items.map((row) => [row.question, row.reason]));
}

describe('an import taken back', () => {
  test('withdraws what only it brought and nobody worked on, and lists the rest with why', async () => {
    const source = await makeSource(db.dataSource, projectId);
    const names = ['空闲', '润色过', '批过', '搁置', '派了任务', '出了题', '进了快照', '问过模型'];
    const job = await take(source, names);
    const ids = await recordsOf(job.id);
    const id = (name: string): string => ids.get(name)!;
    await polishRecords(db.dataSource, projectId, [id('润色过')]);
    const [approvedRow] = await db.dataSource.query('select latest_version_id from record where id = $1', [id('批过')]);
    await db.dataSource.transaction((tx) =>
      approve(tx, {
        projectId,
        recordId: id('批过'),
        versionId: approvedRow.latest_version_id,
        approvedBy: null,
        rule: 'test',
      }),
    );
    await db.dataSource.query(`update record set state = 'held_back' where id = $1`, [id('搁置')]);
    await polishRecords(db.dataSource, projectId, [id('派了任务')]);
    const wish = createTaskSet.parse({
      name: 't',
      kind: 'polish_review',
      roles: ['annotator'],
      filter: { ids: [id('派了任务')] },
    });
    await new TaskSetMaker(new TaskSetService(db.dataSource)).create(lead, wish);
    await promptsOf(db.dataSource, projectId, { filter: { ids: [id('出了题')] } });
    const [snapshot] = await db.dataSource.query(
      `insert into snapshot (id, project_id, name, version, kind, selection) values (gen_random_uuid(), $1, 's', 1, 'sft', '{}')
       returning id`,
      [projectId],
    );
    await db.dataSource.query(
      `insert into snapshot_item (snapshot_id, project_id, ordinal, split, item_type, record_id, version_id, rehearsal)
       select $1, project_id, 0, 'train', 'version', id, import_version_id, false from record where id = $2`,
      [snapshot.id, id('进了快照')],
    );
    const ended = await undo(job.id);
    expect(ended).toMatchObject({ state: 'undone', undo: { done: 8, total: 8, withdrawn: 2, kept: 6, failure: null } });
    expect(await kept(job.id)).toEqual({
      润色过: 'has_versions',
      批过: 'approved',
      搁置: 'held_back',
      派了任务: 'has_versions',
      出了题: 'has_prompts',
      进了快照: 'in_snapshot',
    });
    expect(await states(source)).toMatchObject({ 空闲: 'withdrawn', 问过模型: 'withdrawn', 批过: 'approved' });
    const acts = await db.dataSource.query(`select action, after from audit_entry where subject_id = $1 order by at`, [
      job.id,
    ]);
    expect(acts.map((act: { action: string }) => act.action)).toEqual(['import.undo', 'import.undone']);
    expect(acts[1].after).toEqual({ withdrawn: 2, kept: 6 });
    await expect(undos.undo(lead, job.id)).rejects.toMatchObject({ code: 'import.undone', status: 409 });
  });

  test('leaves what another import brought, too, until that one is taken back as well; what it barred is free again', async () => {
    const [open, tests] = [
      await makeSource(db.dataSource, projectId),
      await makeSource(db.dataSource, projectId, { allowedUse: ['evaluate'] }),
    ];
    const first = await take(tests, ['重叠一', '重叠二', '只在前面']);
    const second = await take(open, ['重叠一', '重叠二', '只在后面']);
    expect(second).toMatchObject({ acceptedCount: 1, duplicateCount: 2 });
    await undo(first.id);
    expect(await kept(first.id)).toEqual({ 重叠一: 'said_elsewhere', 重叠二: 'said_elsewhere' });
    expect(await states(tests)).toEqual({ 重叠一: 'imported', 重叠二: 'imported', 只在前面: 'withdrawn' });
    const row = await readRecord(db.dataSource, (await recordsOf(second.id)).get('重叠一')!);
    expect(row).toMatchObject({ allowed_use: ['train', 'evaluate', 'reference', 'release'], source_id: open.id });
    await undo(second.id);
    expect(await kept(second.id)).toEqual({});
    expect(await states(open)).toEqual({ 重叠一: 'withdrawn', 重叠二: 'withdrawn', 只在后面: 'withdrawn' });
  });

  test('can come again: the same file brings its records back', async () => {
    const wrong = await makeSource(db.dataSource, projectId, { allowedUse: ['evaluate'] });
    const right = await makeSource(db.dataSource, projectId);
    const job = await take(wrong, ['放错来源', '也放错了']);
    const ids = await recordsOf(job.id);
    await undo(job.id);
    const again = await take(right, ['放错来源', '也放错了', '放错来源']);
    expect(again).toMatchObject({ acceptedCount: 2, duplicateCount: 1, rejectedCount: 0 });
    expect(await recordsOf(again.id)).toEqual(ids);
    const row = await readRecord(db.dataSource, ids.get('放错来源')!);
    expect(row).toMatchObject({ state: 'imported', source_id: right.id });
    expect(row.allowed_use).toContain('train');
  });

  test('keeps a record whose text it replaced, and what was made from its own', async () => {
    const source = await makeSource(db.dataSource, projectId);
    const row = (question: string) => () =>
      Readable.from([Buffer.from(JSON.stringify({ id: 'x', instruction: question, input: '', output: '就诊。' }))]);
    await importContent(db.dataSource, source, row('原先的话'), { plan });
    const changed = await importContent(db.dataSource, source, row('后来的话'), { plan, knownIds: 'replace' });
    await undo(changed.id);
    expect(await kept(changed.id)).toEqual({ 后来的话: 'replaced_earlier' });
  });

  test('goes on after a stop and after being told twice, and counts every row once', async () => {
    const source = await makeSource(db.dataSource, projectId);
    const job = await take(
      source,
      Array.from({ length: 1_200 }, (_, i) => `第${i}次抽血前要空腹吗`),
    );
    const stop = new AbortController();
    stop.abort();
    await undos.undo(lead, job.id);
    await handler.run({ projectId, importId: job.id }, { ...going, signal: stop.signal });
    const half = await new ImportService(db.dataSource).get(lead, job.id);
    expect(half).toMatchObject({ state: 'undoing', undo: { done: 500, total: 1_200, withdrawn: 500 } });
    await expect(undos.undo(lead, job.id)).rejects.toMatchObject({ code: 'import.undone' });
    await Promise.all([1, 2].map(() => handler.run({ projectId, importId: job.id }, going)));
    const done = await new ImportService(db.dataSource).get(lead, job.id);
    expect(done).toMatchObject({ state: 'undone', undo: { done: 1_200, withdrawn: 1_200, kept: 0 } });
  });

  test('waits for the end of its reading, and can be told again after it gave up', async () => {
    const source = await makeSource(db.dataSource, projectId);
    const stop = new AbortController();
    stop.abort();
    const many = Array.from({ length: 600 }, (_, i) => `第${i}天能洗澡吗`);
    const running = await take(source, many, { signal: stop.signal });
    await expect(undos.undo(lead, running.id)).rejects.toMatchObject({ code: 'import.running', status: 409 });
    await new ImportService(db.dataSource).cancel(lead, running.id);
    await undos.undo(lead, running.id);
    await handler.gaveUp({ projectId, importId: running.id }, going);
    const stuck = await new ImportService(db.dataSource).get(lead, running.id);
    expect(stuck.undo?.failure).toContain('broke off');
    expect((await undo(running.id)).undo).toMatchObject({ withdrawn: 500, failure: null });
  });

  test('of another project is not there', async () => {
    const other = await makePerson(db.dataSource, await makeProject(db.dataSource), ['data_lead']);
    const job = await take(await makeSource(db.dataSource, projectId), ['别家的']);
    await expect(undos.undo(other, job.id)).rejects.toMatchObject({ status: 404 });
  });
});

describe('beside others at the same moment', () => {
  /** What a model made says the words of a file: as an import of another source would, in a transaction of its own. */
  const sayAgain = async (tx: EntityManager, source: SourceEntity, question: string) => {
    const dialogue = prepareDialogue({
      turns: [
        { role: 'patient', text: question },
        { role: 'doctor', text: `${question}：就诊。` },
      ],
      madeBy: { kind: 'import', id: 'other' },
    });
    const held = await lockSource(tx, projectId, source.id);
    const origin = { projectId, dataSet: 'real_instruction', source: held, kind: 'import' } as const;
    return createRecords(tx, [dialogue], { ...origin, madeBy: { kind: 'import', id: 'other' } });
  };

  test('keeps what was just approved, or is just being said by another source', async () => {
    const [source, other] = [await makeSource(db.dataSource, projectId), await makeSource(db.dataSource, projectId)];
    const job = await take(source, ['正在批', '正在另说', '没人管']);
    const another = await take(other, ['另一处的话']);
    const ids = await recordsOf(job.id);
    const [row] = await db.dataSource.query('select latest_version_id from record where id = $1', [ids.get('正在批')]);
    let undoing: Promise<unknown> | undefined;
    await db.dataSource.transaction(async (tx) => {
      const approval = { recordId: ids.get('正在批')!, versionId: row.latest_version_id as string };
      await approve(tx, { ...approval, projectId, approvedBy: null, rule: 'test' });
      const [said] = await sayAgain(tx, other, '正在另说');
      expect(said).toMatchObject({ outcome: 'duplicate', recordId: ids.get('正在另说') });
      await tx.query(
        `insert into occurrence (id, project_id, record_id, version_id, source_id, import_id, row_number, line, outcome)
         values (gen_random_uuid(), $1, $2, $3, $4, $5, 9, 9, 'duplicate')`,
        [projectId, said!.recordId, said!.versionId, other.id, another.id],
      );
      undoing = undo(job.id);
      await untilWaiting(db.dataSource);
    });
    await undoing;
    expect(await kept(job.id)).toEqual({ 正在批: 'approved', 正在另说: 'said_elsewhere' });
    expect(await states(source)).toEqual({ 正在批: 'approved', 正在另说: 'imported', 没人管: 'withdrawn' });
  });

  test('what it just withdrew comes back with a source that says it while that is not yet committed', async () => {
    const [source, other] = [await makeSource(db.dataSource, projectId), await makeSource(db.dataSource, projectId)];
    const job = await take(source, ['刚撤下']);
    let saying: ReturnType<typeof sayAgain> | undefined;
    await db.dataSource.transaction(async (tx) => {
      await tx.query(
        `update record set state = 'withdrawn', undone_import_id = $1
         where id in (select record_id from occurrence where source_id = $2)`,
        [job.id, source.id],
      );
      saying = db.dataSource.transaction((inner) => sayAgain(inner, other, '刚撤下'));
      await untilWaiting(db.dataSource);
    });
    expect((await saying)![0]).toMatchObject({ outcome: 'accepted' });
    expect(await states(source)).toEqual({ 刚撤下: 'imported' });
  });
});
