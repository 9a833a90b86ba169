import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Actor, type MetricPoint } from '@qingnang/contracts';
import { uuidv7 } from '@qingnang/kernel';
import { MetricsService, storeMetrics } from '@qingnang/runs';
import { makeProject } from '../support/corpus.js';
import { createTestDataSource } from '../support/postgres.js';
import { anyActor } from '../support/runs.js';

let db: Awaited<ReturnType<typeof createTestDataSource>>;
let actor: Actor;
let metrics: MetricsService;

beforeAll(async () => {
  db = await createTestDataSource();
  actor = anyActor(await makeProject(db.dataSource));
  metrics = new MetricsService(db.dataSource);
});
afterAll(() => db.close());

async function makeRun(attempts = 3): Promise<{ id: string; projectId: string }> {
  const id = uuidv7();
  await db.dataSource.query(
    `insert into run (id, project_id, name, method, config, seed, folder) values ($1, $2, 'r', 'sft', '{}', 1, 'runs/r')`,
    [id, actor.projectId],
  );
  for (let n = 1; n <= attempts; n++) {
    await db.dataSource.query('insert into run_attempt (id, project_id, run_id, n) values ($1, $2, $3, $4)', [
      uuidv7(),
      actor.projectId,
      id,
      n,
    ]);
  }
  return { id, projectId: actor.projectId };
}

const table = (id: string): Promise<unknown> =>
  db.dataSource.query('select attempt, step, key, value, at from run_metric where run_id = $1 order by 1, 2, 3', [id]);

const point = (attempt: number, step: number, value: number, key = 'train/loss'): MetricPoint => ({
  attempt,
  step,
  key,
  value,
  time: '2026-01-01T00:00:00.000Z',
});

/** Points as a trainer makes them: one value a (attempt, step, key). */
const points = fc
  .uniqueArray(fc.tuple(fc.integer({ min: 1, max: 3 }), fc.nat({ max: 40 }), fc.constantFrom('train/loss', 'ppo/kl')), {
    selector: (key) => key.join(),
    minLength: 1,
    maxLength: 60,
  })
  .map((keys) => keys.map(([attempt, step, key], n) => point(attempt, step, n / 7, key)));

describe('metrics of a run', () => {
  it('make the same table whatever the order, the cut into batches and the repetitions', async () => {
    await fc.assert(
      fc.asyncProperty(points, fc.infiniteStream(fc.nat({ max: 20 })), async (all, random) => {
        const [straight, mixed] = [await makeRun(), await makeRun()];
        await storeMetrics(db.dataSource, straight, all);
        const rest = all.flatMap((each) => Array.from({ length: 1 + (random.next().value! % 2) }, () => each));
        const shuffled = rest
          .map((each) => ({ each, at: random.next().value! }))
          .sort((a, b) => a.at - b.at)
          .map(({ each }) => each);
        while (shuffled.length > 0) {
          await metrics.take(actor, mixed.id, { points: shuffled.splice(0, 1 + random.next().value!) });
        }
        expect(await table(mixed.id)).toEqual(await table(straight.id));
      }),
      { numRuns: 25 },
    );
  });

  it('let the highest attempt win from its first step on', async () => {
    const run = await makeRun();
    const first = [1, 2, 3, 4, 5].map((step) => point(1, step, 10 + step));
    const second = [4, 6].map((step) => point(2, step, 20 + step));
    await storeMetrics(db.dataSource, run, [...first, ...second, point(3, 6, 36), point(1, 5, 1, 'eval/loss')]);
    const read = await metrics.read(actor, run.id, { points: 100 });
    expect(read.keys).toEqual(['eval/loss', 'train/loss']);
    // What attempt 1 said of step 5 is gone: attempt 2 began again before it.
    expect(read.series).toEqual([
      {
        key: 'train/loss',
        points: [
          [1, 11],
          [2, 12],
          [3, 13],
          [4, 24],
          [6, 36],
        ],
      },
    ]);
  });

  it('come thinned for a plot, and only the curves asked for', async () => {
    const run = await makeRun();
    await storeMetrics(
      db.dataSource,
      run,
      Array.from({ length: 900 }, (_, step) => point(1, step, Math.sin(step))),
    );
    await storeMetrics(db.dataSource, run, [point(1, 1, 2, 'ppo/kl')]);
    const read = await metrics.read(actor, run.id, { keys: 'train/loss', points: 50 });
    expect(read.series.map(({ key, points: drawn }) => [key, drawn.length])).toEqual([['train/loss', 50]]);
  });

  it('of an attempt that never began are refused', async () => {
    const run = await makeRun(1);
    await expect(metrics.take(actor, run.id, { points: [point(2, 1, 1)] })).rejects.toMatchObject({
      code: 'run.unknown_attempt',
      status: 422,
    });
  });
});
