import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { EntityManager } from 'typeorm';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import {
  type Actor,
  createSnapshot,
  sftRow,
  snapshotLeftOutQuery,
  type SnapshotManifest,
  snapshotManifest,
} from '@qingnang/contracts';
import { approve, corpusEntities } from '@qingnang/corpus';
import { sha256, uuidv7 } from '@qingnang/kernel';
import { ONLY_ATTEMPT } from '@qingnang/queue';
import { Freezer, LeftOutFiles, listLeftOut, snapshotEntities, SnapshotService } from '@qingnang/snapshot';
import { importDialogues, makeProject, makeSource } from '../support/corpus.js';
import { createTestDataSource } from '../support/postgres.js';
import { makePerson } from '../support/review.js';

let db: Awaited<ReturnType<typeof createTestDataSource>>;
let dataDir: string;
let snapshots: SnapshotService;
let freezer: Freezer;
let projectId: string;
let lead: Actor;
let recordIds: string[];

beforeAll(async () => {
  db = await createTestDataSource([...corpusEntities, ...snapshotEntities]);
  dataDir = await mkdtemp(join(tmpdir(), 'qingnang-snapshots-'));
  snapshots = new SnapshotService(db.dataSource, { dataDir });
  freezer = new Freezer(db.dataSource, { dataDir });
});
afterAll(async () => {
  await db.close();
  await rm(dataDir, { recursive: true });
});

beforeEach(async () => {
  projectId = await makeProject(db.dataSource);
  lead = await makePerson(db.dataSource, projectId, ['data_lead']);
  const source = await makeSource(db.dataSource, projectId);
  recordIds = await importDialogues(
    db.dataSource,
    source,
    Array.from({ length: 40 }, (_, i) => [
      `${'甲乙丙丁戊己庚辛'[i % 8]}科第${i}位病人问复查`,
      `第${i}天来复查，少盐。`,
    ]),
  );
  for (const recordId of recordIds) {
    await db.dataSource.transaction(async (tx) => {
      const [record] = await tx.query('select latest_version_id from record where id = $1', [recordId]);
      await approve(tx, { projectId, recordId, versionId: record.latest_version_id, approvedBy: null, rule: 'test' });
    });
  }
});

const freeze = async (selection: Record<string, unknown> = {}, name = 'doctor-talk') => {
  const made = await snapshots.create(lead, createSnapshot.parse({ name, kind: 'sft', selection }));
  await freezer.run(projectId, made.id, ONLY_ATTEMPT);
  return snapshots.get(lead, made.id);
};

const filesOf = async (id: string): Promise<Record<string, string>> => {
  const folder = await snapshots.folder(projectId, id);
  const names = (await readdir(folder)).sort();
  return Object.fromEntries(
    await Promise.all(names.map(async (name) => [name, sha256(await readFile(join(folder, name)))] as const)),
  );
};

const waiting = async (tx: EntityManager): Promise<number> => {
  const [row]: { n: number }[] = await tx.query(
    `select count(distinct pid)::int as n from pg_locks where not granted
       and (database is null or database = (select oid from pg_database where datname = current_database()))`,
  );
  return row!.n;
};

test('a frozen folder holds what its manifest says, row by row', async () => {
  const frozen = await freeze();
  expect(frozen).toMatchObject({ state: 'frozen', version: 1, rows: 40, done: 40, rehearsal: false });
  const folder = await snapshots.folder(projectId, frozen.id);
  const bytes = await readFile(join(folder, 'manifest.json'));
  expect(sha256(bytes)).toBe(frozen.digest);
  const manifest = snapshotManifest.parse(JSON.parse(bytes.toString()));
  expect(manifest).toEqual(frozen.manifest);
  let rows = 0;
  for (const file of manifest.files) {
    const content = await readFile(join(folder, file.path));
    expect(sha256(content)).toBe(file.sha256);
    const text = gunzipSync(content);
    expect(sha256(text)).toBe(file.content_sha256);
    const parsed = text
      .toString()
      .trimEnd()
      .split('\n')
      .map((line) => sftRow.parse(JSON.parse(line)));
    expect(parsed).toHaveLength(file.rows);
    rows += parsed.length;
  }
  expect(rows).toBe(40);
});

test('the same selection gives the same bytes: elsewhere in time, and with rows stored in another order', async () => {
  const first = await freeze();
  // Rewriting the rows backwards turns the order in which an unsorted query would meet them.
  for (const id of [...recordIds].reverse()) {
    await db.dataSource.query('update record set updated_at = updated_at where id = $1', [id]);
    await db.dataSource.query('update approval set reason = reason where record_id = $1', [id]);
  }
  const zone = process.env.TZ;
  process.env.TZ = 'Pacific/Kiritimati';
  try {
    const second = await freeze({}, 'another-name');
    expect(await filesOf(second.id)).toEqual(await filesOf(first.id));
    expect(second.digest).toBe(first.digest);
  } finally {
    process.env.TZ = zone;
  }
});

test('what is evaluated with is left out of training, exact and reworded, and named', async () => {
  const testSet = await makeSource(db.dataSource, projectId, { allowedUse: ['evaluate'] });
  const long = '最近总是头晕恶心，测血压一百五十，还需要做哪些检查呢';
  const source = await makeSource(db.dataSource, projectId);
  const [reworded] = await importDialogues(db.dataSource, source, [[`${long}？谢谢`, '先做心电图。']]);
  await db.dataSource.transaction(async (tx) => {
    const [record] = await tx.query('select latest_version_id from record where id = $1', [reworded]);
    await approve(tx, {
      projectId,
      recordId: reworded!,
      versionId: record.latest_version_id,
      approvedBy: null,
      rule: 'test',
    });
  });
  const first = await db.dataSource.query(
    `select v.turns -> 0 ->> 'text' as q from record r join version v on v.id = r.latest_version_id where r.id = $1`,
    [recordIds[0]],
  );
  await importDialogues(
    db.dataSource,
    testSet,
    [
      [long, '另一位医生的回答。'],
      [first[0].q, '测试集的回答。'],
    ],
    'real_conversation',
  );
  const previewed = await snapshots.preview(lead, createSnapshot.parse({ name: 'x', kind: 'sft' }));
  expect(previewed.rows).toBe(39);
  const frozen = await freeze();
  const leftOut = Object.fromEntries(frozen.manifest!.left_out.map((one) => [one.reason, one.count]));
  expect(leftOut).toEqual({ in_evaluation_exact: 1, in_evaluation_near: 1 });
  expect(frozen.rows).toBe(39);
});

test('rehearsal text stays out unless asked for, and then the manifest says so', async () => {
  await db.dataSource.query('alter table version disable trigger version_is_immutable');
  await db.dataSource.query(`update version set rehearsal = true where record_id = any($1)`, [recordIds.slice(0, 10)]);
  await db.dataSource.query('alter table version enable trigger version_is_immutable');
  const without = await freeze();
  expect(without).toMatchObject({ rows: 30, rehearsal: false });
  expect(without.manifest!.left_out).toMatchObject([{ reason: 'rehearsal', count: 10 }]);
  expect(await freeze({ includeRehearsal: true })).toMatchObject({ rows: 40, rehearsal: true, version: 2 });
});

test('a frozen snapshot is immutable in the database itself; withdrawn, its files are gone and its manifest stays', async () => {
  const frozen = await freeze();
  const change = (sql: string) => db.dataSource.query(sql, [frozen.id]);
  await expect(change(`update snapshot set digest = 'x' where id = $1`)).rejects.toThrow('frozen');
  await expect(change('delete from snapshot where id = $1')).rejects.toThrow('frozen');
  await expect(change('update snapshot_item set weight = 2 where snapshot_id = $1')).rejects.toThrow('never changed');
  await expect(change('delete from snapshot_item where snapshot_id = $1')).rejects.toThrow('never changed');
  const withdrawn = await snapshots.withdraw(lead, frozen.id);
  expect(withdrawn).toMatchObject({ state: 'withdrawn', digest: frozen.digest });
  expect(withdrawn.manifest).toEqual(frozen.manifest);
  await expect(snapshots.folder(projectId, frozen.id)).rejects.toMatchObject({ status: 410 });
});

test('a freeze that was killed starts over; one that finds nothing says so', async () => {
  const made = await snapshots.create(lead, createSnapshot.parse({ name: 'killed', kind: 'sft' }));
  await db.dataSource.query(`update snapshot set state = 'freezing' where id = $1`, [made.id]);
  await db.dataSource.query(
    `insert into snapshot_item (snapshot_id, project_id, ordinal, split, item_type, version_id, rehearsal)
     select $1, $2, 7, 'train', 'version', latest_version_id, false from record where id = $3`,
    [made.id, projectId, recordIds[0]],
  );
  await freezer.run(projectId, made.id, ONLY_ATTEMPT);
  expect(await snapshots.get(lead, made.id)).toMatchObject({ state: 'frozen', rows: 40 });
  const empty = await freeze({ filter: { department: ['没有这个科'] } });
  expect(empty).toMatchObject({ state: 'failed' });
  expect(empty.failure).toContain('nothing to freeze');
});

test('a freeze whose disk fills up has not failed: it is as it was for the job, which waits for room', async () => {
  const made = await snapshots.create(lead, createSnapshot.parse({ name: 'no-room', kind: 'sft' }));
  const full = Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
  let holds = 0;
  // The first is the guard's, the second is of what begins the freeze, the third of its rows and files.
  const attempt = { ...ONLY_ATTEMPT, hold: () => (++holds < 3 ? Promise.resolve() : Promise.reject(full)) };
  await expect(freezer.run(projectId, made.id, attempt)).rejects.toBe(full);
  expect(await snapshots.get(lead, made.id)).toMatchObject({ state: 'freezing', failure: null });
  // There is room again: the job tries anew, by itself.
  await freezer.run(projectId, made.id, ONLY_ATTEMPT);
  expect(await snapshots.get(lead, made.id)).toMatchObject({ state: 'frozen', rows: 40 });
});

test('two workers that freeze the same snapshot at once leave one whole folder', async () => {
  const made = await snapshots.create(lead, createSnapshot.parse({ name: 'twice', kind: 'sft' }));
  const runs: Promise<void>[] = [];
  // Rows cannot be read meanwhile, so the first is stopped between choosing and writing when the second begins.
  await db.dataSource.transaction(async (tx) => {
    await tx.query('lock table candidate in access exclusive mode');
    for (let i = 0; i < 2; i++) {
      runs.push(new Freezer(db.dataSource, { dataDir }).run(projectId, made.id, ONLY_ATTEMPT));
      await vi.waitFor(async () => expect(await waiting(tx)).toBe(i + 1), { timeout: 120_000 });
    }
  });
  expect((await Promise.allSettled(runs)).map((run) => run.status)).toEqual(['fulfilled', 'fulfilled']);
  const frozen = await snapshots.get(lead, made.id);
  expect(frozen).toMatchObject({ state: 'frozen', rows: 40 });
  const files = await filesOf(made.id);
  for (const file of frozen.manifest!.files) expect(files[file.path]).toBe(file.sha256);
  expect(files['manifest.json']).toBe(frozen.digest);
});

test('a freeze given up on says so, and a frozen one is left alone', async () => {
  const made = await snapshots.create(lead, createSnapshot.parse({ name: 'hopeless', kind: 'sft' }));
  await freezer.giveUp(projectId, made.id, ONLY_ATTEMPT);
  expect(await snapshots.get(lead, made.id)).toMatchObject({ state: 'failed' });
  const frozen = await freeze();
  await freezer.giveUp(projectId, frozen.id, ONLY_ATTEMPT);
  expect(await snapshots.get(lead, frozen.id)).toMatchObject({ state: 'frozen', failure: null });
});

test('the preview counts what the freeze then takes', async () => {
  const selection = { splits: { train: 0.5, validation: 0.25, test: 0.25 } };
  const { kind, selection: parsed } = createSnapshot.parse({ name: 'x', kind: 'sft', selection });
  const before = await snapshots.preview(lead, { kind, selection: parsed });
  const frozen = await freeze(selection);
  expect(frozen.manifest!.counts.split).toEqual(
    Object.fromEntries(Object.entries(before.split).filter(([, n]) => n > 0)),
  );
  expect(before).toMatchObject({ chosen: 40, leftOut: [], sample: null });
  const moved = await snapshots.preview(lead, createSnapshot.parse({ name: 'x', kind: 'sft' }));
  expect(moved.movedRecords).toBeGreaterThan(0);
});

test('a preview without a row says why it has none', async () => {
  const why = async (kind: 'sft' | 'preference' | 'prompts', filter: Record<string, unknown> = {}) => {
    const { rows, chosen, leftOut } = await snapshots.preview(lead, {
      kind,
      selection: createSnapshot.parse({ name: 'x', kind, selection: { filter } }).selection,
    });
    return { rows, chosen, leftOut };
  };
  await db.dataSource.query('update approval set until_at = now() where record_id = any($1)', [recordIds.slice(0, 30)]);
  await db.dataSource.query('update record set question_only = true where id = any($1)', [recordIds.slice(0, 5)]);
  const waiting = { ids: recordIds.slice(0, 30) };
  expect(await why('sft', waiting)).toEqual({
    rows: 0,
    chosen: 30,
    leftOut: [
      { reason: 'question_only', count: 5 },
      { reason: 'not_approved', count: 25 },
    ],
  });
  expect(await why('sft', { ids: [projectId] })).toEqual({ rows: 0, chosen: 0, leftOut: [] });
  expect(await why('prompts')).toEqual({ rows: 0, chosen: 40, leftOut: [{ reason: 'no_prompt', count: 40 }] });
  expect(await why('preference')).toEqual({ rows: 0, chosen: 40, leftOut: [{ reason: 'no_prompt', count: 40 }] });
});

test('what is left out is read from the manifest’s own list in form 1, from its file in form 2', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'qingnang-left-out-'));
  const files = new LeftOutFiles(folder);
  const ids = Array.from({ length: 2_500 }, () => uuidv7());
  for (const id of ids) await files.add('rehearsal', id);
  const [entry] = await files.close();
  expect(entry).toMatchObject({ reason: 'rehearsal', count: 2_500, path: 'left-out-rehearsal.txt' });
  const { manifest } = await freeze();
  const page = async (left_out: SnapshotManifest['left_out'], query: object) => {
    const frozen = { projectId, kind: 'sft' as const, folder, manifest: { ...manifest!, left_out } };
    const asked = snapshotLeftOutQuery.parse({ reason: 'rehearsal', perPage: 100, ...query });
    const { items, next, total } = await listLeftOut(db.dataSource, frozen, asked);
    return { ids: items.map((item) => item.id), next, total };
  };
  for (const form of [[entry!], [{ reason: 'rehearsal', count: 2_500, ids }]]) {
    const [leftOut] = snapshotManifest.shape.left_out.parse(form);
    expect(await page([leftOut!], { page: 3 })).toEqual({ ids: ids.slice(200, 300), next: '300', total: 2_500 });
    expect(await page([leftOut!], { after: '2450' })).toEqual({ ids: ids.slice(2450), next: null, total: 2_500 });
    expect(await page([leftOut!], { after: '2500' })).toEqual({ ids: [], next: null, total: 2_500 });
  }
  await rm(folder, { recursive: true });
});
