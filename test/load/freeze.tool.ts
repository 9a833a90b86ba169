import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Actor, createSnapshot } from '@qingnang/contracts';
import { corpusEntities } from '@qingnang/corpus';
import { snapshotEntities, SnapshotService } from '@qingnang/snapshot';
import { makeProject, makeSource } from '../support/corpus.js';
import { cpuSeconds, load, postmasterOf } from '../support/load-bench.js';
import { makeMany } from '../support/many-records.js';
import { createTestDataSource } from '../support/postgres.js';
import { makePerson } from '../support/review.js';
import { startWorkerProcess } from '../support/worker-process.js';

// `npm run bench -- freeze`; BENCH_ROWS=2000000 for more rows
const ROWS = Number(process.env.BENCH_ROWS ?? 226_000);
/** So many may only be evaluated with: they are left out, and what repeats them too. */
const BARS = Math.round(ROWS * 0.01);

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
  const barred = await makeSource(db.dataSource, projectId, { allowedUse: ['evaluate'] });
  await makeMany(db.dataSource, barred, { from: 0, to: BARS });
  await makeMany(db.dataSource, free, { from: BARS, to: ROWS });
}, 3_600_000);
afterAll(async () => {
  await db.close();
  await rm(dataDir, { recursive: true, force: true });
});

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
    const postmaster = await postmasterOf(db.dataSource);
    const cpu = (): number[] => [worker.pid!, postmaster].map(cpuSeconds);
    const cpuBefore = cpu();
    const started = performance.now();
    await expect
      .poll(async () => (await snapshots.get(lead, made.id)).state, { timeout: 3_600_000, interval: 200 })
      .toMatch(/frozen|failed/);
    const seconds = (performance.now() - started) / 1000;
    const [workerCpu, postgresCpu] = cpu().map((used, i) => Math.round((used - cpuBefore[i]!) * 10) / 10);
    const peak = await highest(worker.pid!);
    worker.kill('SIGTERM');
    await once(worker, 'exit');
    const { state, rows } = await snapshots.get(lead, made.id);
    expect({ state, rows }).toEqual({ state: 'frozen', rows: ROWS - BARS });
    const figures = { rows: ROWS, previewMs: previews, freezeSeconds: Math.round(seconds * 10) / 10 };
    const memory = { idleMb: Math.round(before), peakMb: Math.round(peak) };
    console.log(JSON.stringify({ ...figures, workerCpu, postgresCpu, ...memory, load: load() }));
  }, 7_200_000);
});
