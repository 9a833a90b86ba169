import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parseSettings } from '@qingnang/config';
import { snapshotManifest } from '@qingnang/contracts';
import { ImportRunner } from '@qingnang/corpus';
import { createFirstAdmin } from '@qingnang/identity';
import { TaskSetMaker } from '@qingnang/preference';
import { ONLY_ATTEMPT } from '@qingnang/queue';
import { PolishReviewService, TaskSetService, WorkService } from '@qingnang/review';
import { Freezer } from '@qingnang/snapshot';
import { FolderBlobStore } from '@qingnang/storage';
import { entities } from '../../apps/worker/src/entities.js';
import type { DemoServices } from '../../apps/worker/src/demo/seed/demo-step.js';
import { seedDemo } from '../../apps/worker/src/demo/seed/seed-demo.js';
import { createTestDataSource } from '../support/postgres.js';

let db: Awaited<ReturnType<typeof createTestDataSource>>;
let dataDir: string;
let services: DemoServices;

beforeAll(async () => {
  db = await createTestDataSource(entities);
  dataDir = await mkdtemp(join(tmpdir(), 'qingnang-demo-'));
  const { dataSource } = db;
  const settings = parseSettings({});
  const blobs = new FolderBlobStore(dataDir);
  services = {
    dataSource,
    blobs,
    imports: new ImportRunner(dataSource, blobs),
    taskSets: new TaskSetMaker(new TaskSetService(dataSource)),
    work: new WorkService(dataSource, settings),
    reviews: new PolishReviewService(dataSource, new WorkService(dataSource, settings), settings),
  };
});
afterAll(async () => {
  await db.close();
  await rm(dataDir, { recursive: true });
});

const count = async (sql: string): Promise<number> =>
  (await db.dataSource.query(`select count(*)::int as n from ${sql}`))[0].n;

test('without anybody to show it to, there is no demo', async () => {
  await seedDemo(services);
  expect(await count('project')).toBe(0);
});

test('the demo is made once, also when it is begun again at any step', async () => {
  await createFirstAdmin(db.dataSource);
  await seedDemo(services);
  const counted = async () => ({
    chinese: await count(`record where language = 'zh' and not question_only`),
    english: await count(`record where language = 'en'`),
    dataSets: await count(`(select distinct data_set from record) d`),
    departments: await count(`(select distinct department from record) d`),
    references: await count(`reference where doctor_id is not null`),
    prompts: await count('prompt'),
    candidates: await count('candidate'),
    labelled: await count('judgement_item where total is not null'),
    openTasks: await count(`task where state = 'open'`),
    doneTasks: await count(`task where state = 'decided'`),
    rejected: await count('rejected_row'),
  });
  const first = await counted();
  expect(first.chinese).toBe(1200);
  expect(first).toMatchObject({
    english: 20,
    dataSets: 4,
    departments: 20,
    references: 300,
    prompts: 1500,
    candidates: 1200,
    labelled: 1200,
    doneTasks: 10,
    rejected: 0,
  });
  expect(first.openTasks).toBeGreaterThan(40);
  for (const done of [0, 1, 2, 3, 4, 5]) {
    await db.dataSource.query(
      `update installation_setting set value = jsonb_set(value, '{done}', $1) where key = 'demo'`,
      [done],
    );
    await seedDemo(services);
  }
  expect(await counted()).toEqual(first);
});

test('its snapshots freeze, hold a fifth out, and say that they hold rehearsal text', async () => {
  const freezer = new Freezer(db.dataSource, { dataDir });
  for (const { project_id, id } of await db.dataSource.query('select project_id, id from snapshot'))
    await freezer.run(project_id, id, ONLY_ATTEMPT);
  const frozen = await db.dataSource.query('select kind, state, manifest from snapshot order by kind');
  expect(frozen.map((row: { kind: string; state: string }) => [row.kind, row.state])).toEqual([
    ['preference', 'frozen'],
    ['prompts', 'frozen'],
    ['sft', 'frozen'],
  ]);
  for (const { manifest } of frozen) {
    const { counts, rehearsal } = snapshotManifest.parse(manifest);
    expect(rehearsal).toBe(true);
    const heldOut = 1 - counts.split.train! / counts.rows;
    expect(heldOut).toBeGreaterThan(0.1);
    expect(heldOut).toBeLessThan(0.3);
  }
});
