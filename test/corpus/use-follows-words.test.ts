import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createSnapshot, type PlainTurn, type SnapshotManifest, systemActor } from '@qingnang/contracts';
import {
  approve,
  createRecords,
  lockSource,
  mayLeaveSql,
  prepareDialogue,
  type RecordParent,
  type SourceEntity,
  SourceService,
} from '@qingnang/corpus';
import { uuidv7 } from '@qingnang/kernel';
import { ONLY_ATTEMPT } from '@qingnang/queue';
import { Freezer, SnapshotService } from '@qingnang/snapshot';
import { SuiteService } from '@qingnang/suites';
import { entities } from '../../apps/worker/src/entities.js';
import { importContent, importDialogues, makeProject, makeSource, readRecord } from '../support/corpus.js';
import { createTestDataSource } from '../support/postgres.js';
import { makePerson } from '../support/review.js';

let db: Awaited<ReturnType<typeof createTestDataSource>>;
let dataDir: string;
let projectId: string;
beforeAll(async () => {
  db = await createTestDataSource(entities);
  dataDir = await mkdtemp(join(tmpdir(), 'qingnang-use-'));
  projectId = await makeProject(db.dataSource);
});
afterAll(async () => {
  await db.close();
  await rm(dataDir, { recursive: true });
});

const plan = { container: 'json', layout: 'alpaca', encoding: 'utf-8', mapping: { id: 'id' } } as const;
const says = (source: SourceEntity, id: string, instruction: string, output: string) =>
  importContent(
    db.dataSource,
    source,
    () => Readable.from([Buffer.from(JSON.stringify({ id, instruction, input: '', output }))]),
    { plan, knownIds: 'replace' },
  );

const record = (id: string) => readRecord(db.dataSource, id);

async function said(source: SourceEntity, outsideId: string) {
  const rows = await db.dataSource.query(
    `select o.record_id, v.turns -> 0 ->> 'text' as question, o.line, f.role from occurrence o
     join version v on v.id = o.version_id join import_file f on f.import_id = o.import_id and f.n = o.file_n
     where o.source_id = $1 and o.outside_id = $2 order by o.id`,
    [source.id, outsideId],
  );
  return rows as { record_id: string; question: string; line: number; role: string }[];
}

const approveLatest = (recordId: string) =>
  db.dataSource.transaction(async (tx) => {
    const [row] = await tx.query('select latest_version_id from record where id = $1', [recordId]);
    await approve(tx, { projectId, recordId, versionId: row.latest_version_id, approvedBy: null, rule: 'test' });
  });

async function freeze(ids: readonly string[]): Promise<{ taken: string[]; leftOut: SnapshotManifest['left_out'] }> {
  const snapshots = new SnapshotService(db.dataSource, { dataDir });
  const wish = createSnapshot.parse({ kind: 'sft', name: `s-${uuidv7()}`, selection: { filter: { ids } } });
  const { id } = await snapshots.create(systemActor(projectId), wish);
  await new Freezer(db.dataSource, { dataDir }).run(projectId, id, ONLY_ATTEMPT);
  const { manifest, failure } = await snapshots.get(systemActor(projectId), id);
  expect(failure).toBeNull();
  const items = await db.dataSource.query('select record_id from snapshot_item where snapshot_id = $1', [id]);
  return { taken: items.map((item: { record_id: string }) => item.record_id), leftOut: manifest!.left_out };
}

/** Records as a distillation would make them: other words than their parents', which they name. */
async function distil(
  source: SourceEntity,
  dialogues: readonly { texts: readonly string[]; parents: readonly RecordParent[] }[],
): Promise<string[]> {
  const madeBy = { kind: 'llm' as const, id: 'call' };
  const turnsOf = (texts: readonly string[]): PlainTurn[] =>
    texts.map((text, i) => ({ role: i % 2 === 0 ? 'patient' : 'doctor', text }));
  return db.dataSource.transaction(async (tx) => {
    const held = await lockSource(tx, projectId, source.id);
    const prepared = dialogues.map(({ texts, parents }) => prepareDialogue({ turns: turnsOf(texts), madeBy, parents }));
    const origin = { projectId, dataSet: 'distilled_conversation', source: held, kind: 'distil', madeBy } as const;
    return (await createRecords(tx, prepared, origin)).map((one) => one.recordId);
  });
}

async function parentOf(id: string): Promise<RecordParent> {
  return { recordId: id, versionId: (await record(id)).import_version_id };
}

test('a test question stays one when another source that says it renumbers its rows', async () => {
  const testSet = await makeSource(db.dataSource, projectId, { allowedUse: ['evaluate'] });
  const [hospital, web] = [await makeSource(db.dataSource, projectId), await makeSource(db.dataSource, projectId)];
  await says(testSet, 't', '夜里磨牙要治吗', '先看口腔科。');
  expect(await says(hospital, '1', '夜里磨牙要治吗', '先看口腔科。')).toMatchObject({ duplicateCount: 1 });
  await says(hospital, '1', '手指割伤怎么处理', '清创缝合。');

  const [question] = await said(testSet, 't');
  expect(question).toMatchObject({ question: '夜里磨牙要治吗', line: 1, role: 'rows' });
  const [before, after] = await said(hospital, '1');
  expect(before).toMatchObject({ record_id: question!.record_id, question: '夜里磨牙要治吗' });
  expect(after).toMatchObject({ question: '手指割伤怎么处理' });
  const changed = await record(after!.record_id);
  expect(changed.derived_from_record_id).toBe(question!.record_id);
  expect(changed.allowed_use).toEqual(['train', 'evaluate', 'reference', 'release']);
  expect(changed.group_id).toBe((await record(question!.record_id)).group_id);

  expect(await says(web, 'w', '夜里磨牙要治吗', '先看口腔科。')).toMatchObject({ duplicateCount: 1, acceptedCount: 0 });
  const [again] = await said(web, 'w');
  expect(again!.record_id).toBe(question!.record_id);
  expect((await record(again!.record_id)).allowed_use).toEqual(['evaluate']);
});

test('a row keeps its words also from another row of its own source', async () => {
  const source = await makeSource(db.dataSource, projectId);
  await says(source, 'a', '打喷嚏流清水涕', '查过敏原。');
  await says(source, 'b', '打喷嚏流清水涕', '查过敏原。');
  await says(source, 'a', '鼻塞一月', '做鼻内镜。');
  const [first] = await said(source, 'b');
  const again = await says(source, 'b', '打喷嚏流清水涕', '查过敏原。');
  expect(again).toMatchObject({ duplicateCount: 1, acceptedCount: 0 });
  expect((await said(source, 'b')).map((row) => row.record_id)).toEqual([first!.record_id, first!.record_id]);
});

test('words that an evaluate-only source said once are found again when another source says them later', async () => {
  const testSet = await makeSource(db.dataSource, projectId, { allowedUse: ['evaluate'] });
  await says(testSet, '1', '孩子夜里尿床怎么办', '先查尿常规。');
  await says(testSet, '1', '孩子夜里尿床怎么治', '先做尿检，再谈训练。');
  const open = await makeSource(db.dataSource, projectId);
  const [leaked] = await importDialogues(db.dataSource, open, [['孩子夜里尿床怎么办', '少喝水，查尿常规。']]);
  const [free] = await importDialogues(db.dataSource, open, [['眼皮跳了两周', '少看手机，注意休息。']]);
  for (const id of [leaked!, free!]) await approveLatest(id);
  const { taken, leftOut } = await freeze([leaked!, free!]);
  expect(taken).toEqual([free]);
  expect(leftOut.map(({ reason, count }) => [reason, count])).toEqual([['in_evaluation_exact', 1]]);
});

describe('what is made from a text', () => {
  let model: SourceEntity;
  let open: SourceEntity;
  beforeAll(async () => {
    model = await makeSource(db.dataSource, projectId, { name: '蒸馏' });
    open = await makeSource(db.dataSource, projectId);
  });

  test('is refused for training where the text is evaluate-only, though no sentence is equal, at any remove', async () => {
    const testSet = await makeSource(db.dataSource, projectId, { allowedUse: ['evaluate'] });
    const [exam] = await importDialogues(db.dataSource, testSet, [['反复低热一月余', '排查结核。']]);
    const [plain] = await importDialogues(db.dataSource, open, [['嘴角起泡', '多为单纯疱疹，外用药膏。']]);
    const [child] = await distil(model, [
      { texts: ['老人近来容易累', '做个胸片看看。'], parents: [await parentOf(exam!)] },
    ]);
    const [grandchild, free] = await distil(model, [
      { texts: ['爷爷没精神', '先去照个片子。'], parents: [await parentOf(plain!), await parentOf(child!)] },
      { texts: ['唇边长水疱', '涂阿昔洛韦乳膏。'], parents: [await parentOf(plain!)] },
    ]);
    expect((await record(grandchild!)).allowed_use).toEqual(['evaluate']);
    for (const id of [child!, grandchild!, free!]) await approveLatest(id);
    const { taken, leftOut } = await freeze([child!, grandchild!, free!]);
    expect(taken).toEqual([free]);
    expect(leftOut.map(({ reason, count }) => [reason, count])).toEqual([['not_allowed_for_training', 2]]);
  });

  test('is refused where the text is a case of an evaluation suite', async () => {
    const lead = await makePerson(db.dataSource, projectId, ['data_lead']);
    const suites = new SuiteService(db.dataSource);
    const question = { messages: [{ role: 'user' as const, content: '一例急腹症：右下腹痛六小时' }], reference: null };
    const suite = await suites.create(lead, '病例集', [{ ...question, department: null, category: null }] as never);
    const { items } = await suites.items(lead, suite.id, { page: 1, perPage: 10, sort: 'n', order: 'asc' } as never);
    const [child] = await distil(model, [
      { texts: ['肚子疼得直不起腰', '怕是阑尾炎，快去急诊。'], parents: [{ suiteItemId: items[0]!.id }] },
    ]);
    expect((await record(child!)).allowed_use).toEqual(['evaluate']);
  });

  test('follows a use taken from its parent later, and one that the freezing alone sees', async () => {
    const source = await makeSource(db.dataSource, projectId);
    const [parent] = await importDialogues(db.dataSource, source, [['胸口发闷', '做心电图。']]);
    const [child] = await distil(model, [
      { texts: ['心口不舒服', '查个心电图。'], parents: [await parentOf(parent!)] },
    ]);
    const [free] = await importDialogues(db.dataSource, open, [['指甲变厚', '查真菌。']]);
    for (const id of [child!, free!]) await approveLatest(id);
    const lead = await makePerson(db.dataSource, projectId, ['data_lead']);
    await new SourceService(db.dataSource).update(lead, source.id, 1, { allowedUse: ['evaluate', 'reference'] });
    expect((await record(child!)).allowed_use).toEqual(['evaluate', 'reference']);
    // As if it had been made while the source was changed: its own row still says yes.
    await db.dataSource.query(
      `update record set source_set_id = w.id from source_set w
       where record.id = $1 and w.source_id = $2 and w.above = '{}' and not w.from_case`,
      [child, model.id],
    );
    expect((await record(child!)).allowed_use).toContain('train');
    expect((await freeze([child!, free!])).taken).toEqual([free]);
  });

  test('narrows a record that says the same already', async () => {
    const testSet = await makeSource(db.dataSource, projectId, { allowedUse: ['evaluate'] });
    const [exam] = await importDialogues(db.dataSource, testSet, [['吞咽时胸骨后痛', '做胃镜。']]);
    const [known] = await importDialogues(db.dataSource, open, [['咽东西疼', '查食管。']], 'distilled_conversation');
    const again = await distil(model, [{ texts: ['咽东西疼', '查食管。'], parents: [await parentOf(exam!)] }]);
    expect(again).toEqual([known]);
    expect((await record(known!)).allowed_use).toEqual(['evaluate']);
  });

  test('stands in one split with all its parents, and with whoever asks what it asks', async () => {
    const [a, b, mate] = await importDialogues(db.dataSource, open, [
      ['腰疼半年', '拍片。'],
      ['腿麻一周', '做肌电图。'],
      ['坐久了腰腿都不舒服', '少坐。'],
    ]);
    const [child] = await distil(model, [
      { texts: ['坐久了腰腿都不舒服', '照个片，多活动。'], parents: [await parentOf(a!), await parentOf(b!)] },
    ]);
    const groups = async (ids: readonly (string | undefined)[]) =>
      new Set(await Promise.all(ids.map(async (id) => (await record(id!)).group_id)));
    expect((await groups([a, b, mate, child])).size).toBe(1);
    const [later] = await importDialogues(db.dataSource, open, [['坐久了腰腿都不舒服', '换把椅子。']]);
    await approveLatest(later!);
    await freeze([later!]);
    expect((await groups([a, later])).size).toBe(1);
  });

  test('may leave the house only where all it was made from may', async () => {
    const inside = await makeSource(db.dataSource, projectId, { deidentified: false });
    const [name] = await importDialogues(db.dataSource, inside, [['我是张三，头疼', '休息。']]);
    const [free] = await importDialogues(db.dataSource, open, [['头顶发胀', '测血压。']]);
    const [child, other] = await distil(model, [
      { texts: ['脑袋疼', '歇一歇。'], parents: [await parentOf(free!), await parentOf(name!)] },
      { texts: ['头胀', '量血压。'], parents: [await parentOf(free!)] },
    ]);
    const [grandchild] = await distil(model, [{ texts: ['偏头痛', '睡一觉。'], parents: [await parentOf(child!)] }]);
    const rows = await db.dataSource.query(
      `select r.id, ${mayLeaveSql('r', 'r.import_version_id')} as may from record r where r.id = any($1)`,
      [[child, other, grandchild]],
    );
    expect(new Map(rows.map((row: { id: string; may: boolean }) => [row.id, row.may]))).toEqual(
      new Map([
        [child, false],
        [other, true],
        [grandchild, false],
      ]),
    );
    const mask = `insert into version (id, project_id, record_id, parent_id, kind, turns, made_by_kind, made_by_id)
      select gen_random_uuid(), project_id, id, import_version_id, 'mask', '[]', 'mask', 'test' from record where id = $1
      returning id`;
    const [[masked]] = [await db.dataSource.query(mask, [name])];
    const [fromMasked] = await distil(model, [
      { texts: ['头疼得厉害', '先休息，再测血压。'], parents: [{ recordId: name!, versionId: masked.id }] },
    ]);
    const [row] = await db.dataSource.query(
      `select ${mayLeaveSql('r', 'r.import_version_id')} as may from record r where r.id = $1`,
      [fromMasked],
    );
    expect(row.may).toBe(true);
  });
});
