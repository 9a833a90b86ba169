import { mendTally } from '@qingnang/database';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  type Caller,
  importRows,
  load,
  type LoadBench,
  percentile,
  polishAll,
  startLoadBench,
} from '../support/load-bench.js';
import { doubles, lost, makeSet, naiveDoubles, padSet, runTrial, type TrialResult } from '../support/queue-trial.js';
import { statementCosts } from '../support/statement-costs.js';

/** Of the open tasks so many have a record that can be shown; the others only stand in the queue. */
const PLAN = {
  open: 200_000,
  withRecord: 5_000,
  people: 200,
  thinkMs: 1_000,
  seconds: 60,
  fresh: 3_000,
  busy: 50,
  busySeconds: 20,
  warmUp: 800,
};

let bench: LoadBench;
let lead: Caller;
let people: Caller[];
beforeAll(async () => {
  bench = await startLoadBench();
  lead = await bench.person('data_lead');
  people = [];
  for (let n = 0; n < PLAN.people; n++) people.push(await bench.person('annotator'));
  await importRows(bench, PLAN.withRecord + PLAN.fresh + PLAN.warmUp + 1_000);
  await polishAll(bench);
}, 900_000);
afterAll(() => bench?.close());

const say = (figures: object): void => void process.stdout.write(`${JSON.stringify({ ...figures, load: load() })}\n`);

const figuresOf = (result: TrialResult) => ({
  seconds: Math.round(result.seconds),
  answers: result.accepted.length,
  answersPerSecond: Math.round((result.accepted.length / result.seconds) * 10) / 10,
  claim: { p50: percentile(result.claims, 50), p95: percentile(result.claims, 95) },
  submitAndNext: { p50: percentile(result.submits, 50), p95: percentile(result.submits, 95) },
  failures: Object.fromEntries(result.failures),
  double: doubles(result),
});

/** Runs a trial and says what API and PostgreSQL worked for each answer; the clients are this process. */
async function trial(what: string, setId: string, who: readonly Caller[], thinkMs: number, seconds: number) {
  const before = bench.cpu();
  const result = await runTrial({ setId, people: who, thinkMs, seconds });
  const after = bench.cpu();
  const each = (which: 'api' | 'postgres') =>
    Math.round(((after[which] - before[which]) * 10_000) / Math.max(1, result.accepted.length)) / 10;
  const missing = await lost(bench, result);
  say({ what, ...figuresOf(result), lost: missing, apiMs: each('api'), postgresMs: each('postgres') });
  expect(doubles(result)).toBe(0);
  expect(missing).toBe(0);
  return result;
}

// `npm run bench -- queue`
it('queue: a machine that is warm', async () => {
  // What is measured is a day's work, not the first minute after a start: code and plans are made once.
  const setId = await makeSet(lead, PLAN.warmUp);
  await runTrial({ setId, people: people.slice(0, PLAN.busy), thinkMs: 0, seconds: 60 });
});

it('queue: a set made a second before, people without a pause', async () => {
  const setId = await makeSet(lead, PLAN.fresh);
  await trial('fresh set, no pause', setId, people.slice(0, PLAN.busy), 0, PLAN.busySeconds);
});

it('queue: what an answer costs by statement, and a bare route beside it', async () => {
  const setId = await makeSet(lead, 200);
  const [who] = people.slice(-1);
  let answers = 0;
  const costs = await statementCosts(bench, async () => {
    answers = (await runTrial({ setId, people: [who!], thinkMs: 0, seconds: 5 })).accepted.length;
  });
  say({
    what: 'statements of an answer',
    answers,
    statements: costs.slice(0, 25).map(({ statement, times, ms }) => ({
      statement,
      times: Math.round((times / answers) * 10) / 10,
      msAnAnswer: Math.round((ms / answers) * 1_000) / 1_000,
    })),
    allMsAnAnswer: Math.round((costs.reduce((sum, { ms }) => sum + ms, 0) / answers) * 1_000) / 1_000,
  });
  const before = bench.cpu();
  let asked = 0;
  const end = performance.now() + 5_000;
  await Promise.all(
    people.slice(0, PLAN.busy).map(async (caller) => {
      for (; performance.now() < end; asked++) await caller.send('GET', '/../../health/live');
    }),
  );
  const ms = ((bench.cpu().api - before.api) * 1_000) / asked;
  say({ what: 'a bare route', requests: asked, perSecond: Math.round(asked / 5), apiMs: Math.round(ms * 100) / 100 });
});

it('queue: many open tasks, many people with a second to think', async () => {
  const setId = await makeSet(lead, PLAN.withRecord);
  await padSet(bench, setId, PLAN.open - PLAN.withRecord);
  say({ what: 'counts set right', topics: await mendTally(bench.dataSource) });
  await trial('many open tasks, a second to think', setId, people, PLAN.thinkMs, PLAN.seconds);
});

it('queue: the last hundred tasks, all people at once; and a hand-out that reads first', async () => {
  const setId = await makeSet(lead, 100);
  const result = await trial('last hundred', setId, people, 0, 30);
  expect(result.accepted).toHaveLength(100);
  const naive = await makeSet(lead, 100);
  const found = await naiveDoubles(bench, naive, 20);
  say({ what: 'reading first, then taking', of: 100, double: found });
  expect(found).toBeGreaterThan(0);
});
