import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { repositoryRoot } from '@qingnang/config';
import { consultationLines } from '../support/consultations.js';
import { earlierBuild } from '../support/earlier-build.js';
import { load, percentile } from '../support/load-bench.js';

// `npm run bench -- import`; BENCH_ROWS=200000 BENCH_ROUNDS=1 for more rows, BENCH_IDS=1 for rows with outside ids
const ROWS = Number(process.env.BENCH_ROWS ?? 40_000);
const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 3);
const WITH_ID = process.env.BENCH_IDS === '1';
const EARLIER = '8f997d5';
const CHILD = join(import.meta.dirname, 'import.child.mjs');

interface Figures {
  state: string;
  read: number;
  accepted: number;
  records: number;
  occurrences: number;
  seconds: number;
  rowsPerSecond: number;
  cpuSeconds: { node: number; postgres: number };
  megabytes: { afterTenth: number; highest: number };
}

let folder: string;
let file: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'qingnang-import-'));
  // PostgreSQL may run under another account, which has to pass through.
  chmodSync(folder, 0o711);
  file = join(folder, 'rows.jsonl');
  await pipeline(consultationLines(ROWS, { withId: WITH_ID }), createWriteStream(file));
}, 600_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

/** One import into an empty database on a server of its own, by the importer that is built there. */
async function importBy(build: string): Promise<Figures> {
  const data = await mkdtemp(join(folder, 'data-'));
  chmodSync(data, 0o711);
  const child = spawn(process.execPath, [CHILD, build, data, file], { stdio: ['ignore', 'pipe', 'inherit'] });
  let said = '';
  child.stdout.on('data', (part: Buffer) => (said += part.toString()));
  const [code] = (await once(child, 'exit')) as [number | null];
  await rm(data, { recursive: true, force: true });
  if (code !== 0) throw new Error(`the import ended with ${code}`);
  const figures = JSON.parse(said) as Figures;
  expect(figures).toMatchObject({ state: 'done', read: ROWS, accepted: ROWS, records: ROWS, occurrences: ROWS });
  return figures;
}

const say = (line: object): void => void process.stdout.write(`${JSON.stringify({ ...line, load: load() })}\n`);

const middle = (runs: readonly Figures[], of: (run: Figures) => number): number => percentile(runs.map(of), 50);

const summary = (runs: readonly Figures[]) => ({
  rowsPerSecond: Math.round(middle(runs, (run) => run.rowsPerSecond)),
  microsecondsOfNode: middle(runs, (run) => (run.cpuSeconds.node / ROWS) * 1e6),
  microsecondsOfPostgres: middle(runs, (run) => (run.cpuSeconds.postgres / ROWS) * 1e6),
  megabytes: {
    afterTenth: middle(runs, (run) => run.megabytes.afterTenth),
    highest: middle(runs, (run) => run.megabytes.highest),
  },
});

it(`imports ${ROWS} rows, beside commit ${EARLIER} in the same run`, async () => {
  const earlier = earlierBuild(EARLIER);
  say({ packagesOfEarlier: earlier.packages });
  const runs: Record<'today' | 'earlier', Figures[]> = { today: [], earlier: [] };
  for (let round = 0; round < ROUNDS; round++) {
    for (const which of round % 2 === 0 ? (['earlier', 'today'] as const) : (['today', 'earlier'] as const)) {
      const figures = await importBy(which === 'today' ? join(repositoryRoot(), 'dist') : earlier.build);
      runs[which].push(figures);
      say({ round, which, ...figures });
    }
  }
  const [today, before] = [summary(runs.today), summary(runs.earlier)];
  const ratio = Math.round((today.rowsPerSecond / before.rowsPerSecond) * 100) / 100;
  say({ rows: ROWS, rounds: ROUNDS, today, [EARLIER]: before, ratio });
}, 7_200_000);
