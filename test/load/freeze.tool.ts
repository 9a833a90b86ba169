import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Actor, createSnapshot } from '@qingnang/contracts';
import { corpusEntities, createRecords, prepareDialogue, type SourceEntity } from '@qingnang/corpus';
import { snapshotEntities, SnapshotService } from '@qingnang/snapshot';
import { makeProject, makeSource } from '../support/corpus.js';
import { createTestDataSource } from '../support/postgres.js';
import { makePerson } from '../support/review.js';
import { startWorkerProcess } from '../support/worker-process.js';

// `npm run bench -- freeze`; BENCH_ROWS=2000000 for more rows
const ROWS = Number(process.env.BENCH_ROWS ?? 226_000);
const BARRED_SHARE = 0.01;
/** Huatuo-26M's mean lengths. */
const QUESTION = 45;
const ANSWER = 121;
const BATCH = 2_000;
const SYLLABLES = '头晕恶心咳嗽发热胸闷气短失眠腹痛腰酸乏力口干多梦便秘心悸手麻脚肿耳鸣视物模糊食欲不振体重下降';

let db: Awaited<ReturnType<typeof createTestDataSource>>;
let dataDir: string;
let lead: Actor;
let snapshots: SnapshotService;

beforeAll(async () => {
  db = await createTestDataSource([...corpusEntities, ...snapshotEntities]);
  dataDir = await mkdtemp(join(tmpdir(), 'qingnang-freeze-'));
  const projectId = await makeProject(db.dataSource);
  lead = await makePerson(db.dataSource, projectId, ['data_lead']);
  snapshots = new SnapshotService(db.dataSource, { dataDir });
  const free = await makeSource(db.dataSource, projectId);
  const barred = await makeSource(db.dataSource, projectId, { allowedUse: ['reference'] });
  const bars = Math.round(ROWS * BARRED_SHARE);
  for (let from = 0; from < ROWS; from += BATCH) {
    await makeRecords(projectId, from < bars ? barred : free, from, Math.min(from + BATCH, ROWS));
  }
  await db.dataSource.query(
    `insert into approval (id, project_id, record_id, version_id, rule)
     select gen_random_uuid(), project_id, id, latest_version_id, 'single_answer' from record`,
  );
  await db.dataSource.query(`update record set state = 'approved'`);
  await db.dataSource.query('analyze');
}, 3_600_000);
afterAll(async () => {
  await db.close();
  await rm(dataDir, { recursive: true, force: true });
});

async function makeRecords(projectId: string, source: SourceEntity, from: number, to: number): Promise<void> {
  const madeBy = { kind: 'import' as const, id: source.id };
  const dialogues = Array.from({ length: to - from }, (_, i) =>
    prepareDialogue({
      turns: [
        { role: 'patient', text: words(from + i, QUESTION) },
        { role: 'doctor', text: words(from + i + 7, ANSWER) },
      ],
      madeBy,
    }),
  );
  await db.dataSource.transaction((tx) =>
    createRecords(tx, dialogues, { projectId, dataSet: 'real_instruction', source, kind: 'import', madeBy }),
  );
}

function words(seed: number, length: number): string {
  let text = `第${seed}例`;
  for (let i = 0; text.length < length; i++) text += SYLLABLES[(seed * 31 + i * i * 7 + i * seed) % SYLLABLES.length];
  return text;
}

const highest = async (pid: number): Promise<number> =>
  Number(/VmHWM:\s+(\d+)/.exec(await readFile(`/proc/${pid}/status`, 'utf8'))![1]) / 1024;

describe(`freezing ${ROWS} records`, () => {
  it('is previewed from a sample and frozen in flat memory', async () => {
    const { kind, selection } = createSnapshot.parse({ name: 'bench', kind: 'sft' });
    const previews: number[] = [];
    for (let i = 0; i < 5; i++) {
      const started = performance.now();
      const preview = await snapshots.preview(lead, { kind, selection });
      previews.push(Math.round(performance.now() - started));
      expect(preview.sample).not.toBeNull();
      expect(preview.rows).toBeGreaterThan(ROWS * 0.9);
    }
    const worker = await startWorkerProcess({ databaseUrl: db.url, dataDir });
    const before = await highest(worker.pid!);
    const made = await snapshots.create(lead, createSnapshot.parse({ name: 'bench', kind: 'sft' }));
    const started = performance.now();
    await expect
      .poll(async () => (await snapshots.get(lead, made.id)).state, { timeout: 3_600_000, interval: 200 })
      .toMatch(/frozen|failed/);
    const seconds = (performance.now() - started) / 1000;
    const peak = await highest(worker.pid!);
    worker.kill('SIGTERM');
    await once(worker, 'exit');
    const { state, rows } = await snapshots.get(lead, made.id);
    const bars = Math.ceil(Math.round(ROWS * BARRED_SHARE) / BATCH) * BATCH;
    expect({ state, rows }).toEqual({ state: 'frozen', rows: ROWS - bars });
    const figures = { rows: ROWS, previewMs: previews, freezeSeconds: Math.round(seconds * 10) / 10 };
    console.log(JSON.stringify({ ...figures, idleMb: Math.round(before), peakMb: Math.round(peak) }));
  }, 7_200_000);
});
