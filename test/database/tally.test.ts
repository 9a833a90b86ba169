import { corpusEntities } from '@qingnang/corpus';
import { foldTally, mendTally, tallyDifferences } from '@qingnang/database';
import { createRandom, uuidv7 } from '@qingnang/kernel';
import type { DataSource, EntityManager } from 'typeorm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { checkCounts } from '../../apps/cli/src/commands/doctor-counts.js';
import { importDialogues, makeProject, makeSource } from '../support/corpus.js';
import { createTestDataSource } from '../support/postgres.js';

let dataSource: DataSource;
let url: string;
let close: () => Promise<void>;
let projectId: string;
beforeAll(async () => {
  ({ dataSource, url, close } = await createTestDataSource(corpusEntities));
  projectId = await makeProject(dataSource);
});
afterAll(() => close?.());

async function makeJob(): Promise<string> {
  const [providerId, jobId] = [uuidv7(), uuidv7()];
  await dataSource.query(
    `insert into provider (id, project_id, name, kind, base_url) values ($1::uuid, $2, $1::text, 'external', 'http://x')`,
    [providerId, projectId],
  );
  await dataSource.query(
    `insert into llm_job (id, project_id, purpose, name, provider_id, model) values ($1, $2, 'polish', 'x', $3, 'm')`,
    [jobId, projectId, providerId],
  );
  return jobId;
}

function addItems(tx: EntityManager, jobId: string, count: number): Promise<unknown> {
  return tx.query(
    `insert into llm_item (id, project_id, job_id, subject_type, subject_id, idempotency_key)
     select gen_random_uuid(), $1, $2, 'record', gen_random_uuid(), gen_random_uuid()::text from generate_series(1, $3)`,
    [projectId, jobId, count],
  );
}

const keptItems = async (jobId: string): Promise<number> => {
  const [row] = await dataSource.query<{ n: number }[]>(
    `select coalesce(sum(n), 0)::int as n from tally_total where topic = 'llm_item' and scope = $1`,
    [jobId],
  );
  return row!.n;
};

const unfolded = async (): Promise<number> =>
  (await dataSource.query<{ n: number }[]>('select count(*)::int as n from tally_delta'))[0]!.n;

/** One of the things that happen to items, drawn by lot; some of it is taken back. */
async function write(jobId: string, draw: () => number): Promise<void> {
  const states = ['waiting', 'in_flight', 'in_doubt', 'answered', 'stored', 'failed', 'skipped'];
  const state = states[Math.floor(draw() * states.length)]!;
  const undone = new Error('taken back');
  await dataSource
    .transaction(async (tx) => {
      await addItems(tx, jobId, Math.ceil(draw() * 5));
      await tx.query(
        `update llm_item set state = $2, in_doubt_count = in_doubt_count + 1, result_type = 'version'
         where id in (select id from llm_item where job_id = $1 order by id limit $3 for update skip locked)`,
        [jobId, state, Math.ceil(draw() * 8)],
      );
      await tx.query(
        `delete from llm_item where id = (select id from llm_item where job_id = $1 order by random() limit 1
           for update skip locked)`,
        [jobId],
      );
      if (draw() < 0.3) throw undone;
    })
    .catch((error: unknown) => {
      if (error !== undone) throw error;
    });
}

it('keeps the counts right while several write, take back and fold at once', async () => {
  const jobs = await Promise.all([makeJob(), makeJob()]);
  const draw = createRandom(7).next;
  const rounds = Array.from({ length: 40 }, (_, n) => n);
  await Promise.all([
    ...[0, 1, 2].map(async (n) => {
      for (const round of rounds) await write(jobs[(n + round) % 2]!, draw);
    }),
    (async () => {
      for (const _ of rounds) await foldTally(dataSource);
    })(),
  ]);
  expect(await tallyDifferences(dataSource.manager)).toEqual([]);
  await foldTally(dataSource);
  expect(await unfolded()).toBe(0);
  expect(await tallyDifferences(dataSource.manager)).toEqual([]);
  const [real] = await dataSource.query<{ n: number }[]>('select count(*)::int as n from llm_item where job_id = $1', [
    jobs[0],
  ]);
  expect(real!.n).toBeGreaterThan(0);
  expect(await keptItems(jobs[0]!)).toBe(real!.n);
});

it('says what is there inside the transaction that writes, and nothing of it once that is rolled back', async () => {
  const jobId = await makeJob();
  await foldTally(dataSource);
  await expect(
    dataSource.transaction(async (tx) => {
      await addItems(tx, jobId, 250);
      const [row] = await tx.query<{ n: string }[]>(
        `select sum(n) as n from tally_total where topic = 'llm_item' and scope = $1`,
        [jobId],
      );
      expect(row!.n).toBe('250');
      throw new Error('rolled back');
    }),
  ).rejects.toThrow('rolled back');
  expect(await unfolded()).toBe(0);
  expect(await keptItems(jobId)).toBe(0);
});

it('leaves one difference for a statement that writes many rows alike, and none where nothing countable changed', async () => {
  const jobId = await makeJob();
  await foldTally(dataSource);
  await addItems(dataSource.manager, jobId, 1_000);
  expect(await unfolded()).toBe(1);
  await dataSource.query('update llm_item set updated_at = now() where job_id = $1', [jobId]);
  expect(await unfolded()).toBe(1);
  expect(await keptItems(jobId)).toBe(1_000);
});

it('counts a record as polished once, however often it is polished', async () => {
  const source = await makeSource(dataSource, projectId);
  const [recordId] = await importDialogues(dataSource, source, [['嗓子哑了三天', '少说话，多喝水。']]);
  const polish = () =>
    dataSource.query(
      `insert into version (id, project_id, record_id, parent_id, kind, turns, made_by_kind, made_by_id)
       select gen_random_uuid(), project_id, id, import_version_id, 'polish', '[]', 'llm', 'test' from record where id = $1`,
      [recordId],
    );
  const kept = async (topic: string): Promise<number> => {
    const [row] = await dataSource.query<{ n: number }[]>(
      'select coalesce(sum(n), 0)::int as n from tally_total where topic = $1',
      [topic],
    );
    return row!.n;
  };
  expect([await kept('polish'), await kept('polished')]).toEqual([0, 0]);
  for (let n = 0; n < 3; n++) await polish();
  expect([await kept('polish'), await kept('polished')]).toEqual([3, 1]);
  expect(await tallyDifferences(dataSource.manager)).toEqual([]);
});

it('lets the doctor find a count that was tampered with, name it, and mend it when told to', async () => {
  const jobId = await makeJob();
  await addItems(dataSource.manager, jobId, 12);
  await foldTally(dataSource);
  expect(await checkCounts(url, { mend: false })).toBe('kept counts are what there is');
  await dataSource.query(`update tally set n = n + 5 where topic = 'llm_item' and scope = $1`, [jobId]);
  await dataSource.query(`delete from tally where topic = 'polish' and hour is not null`);
  await expect(checkCounts(url, { mend: false })).rejects.toThrow(
    new RegExp(`^2 kept counts differ[^]*llm_item \\{[^}]*\\} in ${jobId}[^\\n]*: kept 17, there are 12`),
  );
  expect(await checkCounts(url, { mend: true })).toBe('2 kept counts were wrong and are mended');
  expect(await checkCounts(url, { mend: false })).toBe('kept counts are what there is');
  expect(await keptItems(jobId)).toBe(12);
});

it('mends while others write', async () => {
  const jobId = await makeJob();
  await addItems(dataSource.manager, jobId, 12);
  await foldTally(dataSource);
  await dataSource.query(`update tally set n = 3 where topic = 'llm_item' and scope = $1`, [jobId]);
  const draw = createRandom(11).next;
  await Promise.all([
    (async () => {
      for (let n = 0; n < 20; n++) await write(jobId, draw);
    })(),
    mendTally(dataSource),
    (async () => {
      for (let n = 0; n < 20; n++) await foldTally(dataSource);
    })(),
  ]);
  expect(await tallyDifferences(dataSource.manager)).toEqual([]);
});
