import type { Actor } from '@qingnang/contracts';
import { parseSettings } from '@qingnang/config';
import { corpusEntities } from '@qingnang/corpus';
import { uuidv7 } from '@qingnang/kernel';
import { reviewEntities, WorkService } from '@qingnang/review';
import { Client } from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { makeProject } from '../support/corpus.js';
import { createTestDataSource } from '../support/postgres.js';
import { makePerson } from '../support/review.js';

let db: Awaited<ReturnType<typeof createTestDataSource>>;
let work: WorkService;
let projectId: string;
beforeAll(async () => {
  db = await createTestDataSource([...corpusEntities, ...reviewEntities]);
  work = new WorkService(db.dataSource, parseSettings({}));
  projectId = await makeProject(db.dataSource);
  // What the planner knows of them is that they are empty, and it stays at that.
  for (const table of ['slot', 'task', 'assignment', 'subject', 'tally', 'tally_delta']) {
    await db.dataSource.query(`alter table ${table} set (autovacuum_enabled = false)`);
    await db.dataSource.query(`analyze ${table}`);
  }
});
afterAll(() => db?.close());

/**
 * A set over subjects of no record, written in bulk, over a line of its own: the checks of keys keep the plans that they made
 * when the tables were small.
 */
async function makeSet(tasks: number, overlap = 1): Promise<string> {
  const id = uuidv7();
  const line = new Client({ connectionString: db.url });
  await line.connect();
  await line.query(
    `insert into task_set (id, project_id, name, kind, overlap, roles) values ($1, $2, 'x', 'ranking', $3, '{doctor}')`,
    [id, projectId, overlap],
  );
  await line.query(
    `with made as (insert into subject (id, project_id, kind)
       select gen_random_uuid(), $1, 'dialogue_pair' from generate_series(1, $3) returning id)
     insert into task (id, project_id, task_set_id, subject_id) select gen_random_uuid(), $1, $2, id from made`,
    [projectId, id, tasks],
  );
  await line.query(
    `insert into slot (id, project_id, task_set_id, task_id, subject_id, n)
     select gen_random_uuid(), t.project_id, t.task_set_id, t.id, t.subject_id, n
     from task t, generate_series(1, $2) n where t.task_set_id = $1`,
    [id, overlap],
  );
  await line.end();
  return id;
}

const doctor = (): Promise<Actor> => makePerson(db.dataSource, projectId, ['doctor']);

/** Pages that a statement touched. */
async function pagesOf(sql: string, params: unknown[]): Promise<number> {
  const [row] = await db.dataSource.query<{ 'QUERY PLAN': [{ Plan: Record<string, number> }] }[]>(
    `explain (analyze, buffers, format json) ${sql}`,
    params,
  );
  const { Plan } = row!['QUERY PLAN'][0];
  return Plan['Shared Hit Blocks']! + Plan['Shared Read Blocks']!;
}

const claimPages = (who: Actor, setId: string): Promise<number> =>
  pagesOf('select claim_slot($1, $2, 300, $3)', [who.personId, setId, uuidv7()]);
const countPages = (who: Actor, setId: string): Promise<number> =>
  pagesOf('select * from work_counts($1, $2, $3)', [who.personId, projectId, setId]);

it('hands out of many as cheaply as of few, though the planner believes that there are none', async () => {
  const [few, many] = [await makeSet(300), await makeSet(30_000)];
  const who = await doctor();
  await claimPages(who, few);
  const pages = { few: await claimPages(await doctor(), few), many: await claimPages(await doctor(), many) };
  expect(pages.many).toBeLessThan(pages.few + 40);
  expect(pages.many).toBeLessThan(300);
  const counts = { few: await countPages(who, few), many: await countPages(who, many) };
  expect(counts.many).toBeLessThan(counts.few + 40);
});

it('costs no more after many were taken and answered', async () => {
  const setId = await makeSet(3_000);
  const who = await doctor();
  const first = await claimPages(who, setId);
  for (let n = 0; n < 400; n++) {
    const slot = (await work.claim(who, setId))!;
    await db.dataSource.query(`update slot set state = 'answered', lease_until = null where id = $1`, [slot.id]);
    await db.dataSource.query(`update assignment set outcome = 'answered' where slot_id = $1`, [slot.id]);
  }
  expect(await claimPages(who, setId)).toBeLessThan(first + 60);
});

it('goes on from where one was, and comes back to what others gave back before it', async () => {
  const setId = await makeSet(4);
  const [one, two] = [await doctor(), await doctor()];
  const first = (await work.claim(one, setId))!;
  const second = (await work.claim(two, setId))!;
  await work.skip(one, first.id, first.fencingToken, 'not mine');
  const taken = [second.id];
  for (let n = 0; n < 2; n++) {
    const slot = (await work.claim(one, setId))!;
    taken.push(slot.id);
    await work.skip(one, slot.id, slot.fencingToken, 'not mine');
  }
  expect(new Set(taken).size).toBe(3);
  expect(await work.claim(one, setId)).toBeNull();
  // All before what the second holds was given back meanwhile: it is theirs once nothing lies behind.
  await work.skip(two, second.id, second.fencingToken, 'not mine');
  const left = new Set<string>();
  for (let slot = await work.claim(two, setId); slot; slot = await work.claim(two, setId)) {
    left.add(slot.id);
    await work.skip(two, slot.id, slot.fencingToken, 'not mine');
  }
  expect([...left].sort()).toEqual([first.id, ...taken.slice(1)].sort());
});

it('gives no two people the same slot, down to the last', async () => {
  const setId = await makeSet(60);
  const people = await Promise.all(Array.from({ length: 5 }, doctor));
  const given: string[] = [];
  await Promise.all(
    people.map(async (who) => {
      for (let slot = await work.claim(who, setId); slot; slot = await work.claim(who, setId)) {
        given.push(slot.id);
        await db.dataSource.query(`update slot set state = 'answered', lease_until = null where id = $1`, [slot.id]);
      }
    }),
  );
  expect(given).toHaveLength(60);
  expect(new Set(given).size).toBe(60);
});

it('says how much waits: one by one of few, by the kept counts of many', async () => {
  const who = await doctor();
  const count = async (setId: string) => {
    const [row] = await db.dataSource.query('select * from work_counts($1, $2, $3)', [who.personId, projectId, setId]);
    return row as { done: number; waiting: number };
  };
  for (const [tasks, overlap] of [
    [20, 2],
    [500, 2],
    [500, 1],
  ] as const) {
    const setId = await makeSet(tasks, overlap);
    expect(await count(setId)).toEqual({ done: 0, waiting: tasks });
    const held = (await work.claim(who, setId))!;
    expect(held).toMatchObject({ done: 0, waiting: tasks });
    await db.dataSource.query(`update slot set state = 'answered', lease_until = null where id = $1`, [held.id]);
    await db.dataSource.query(`update assignment set outcome = 'answered' where slot_id = $1`, [held.id]);
    expect(await count(setId)).toEqual({ done: 1, waiting: tasks - 1 });
    const next = (await work.claim(who, setId))!;
    await work.skip(who, next.id, next.fencingToken, 'not mine');
    expect(await count(setId)).toEqual({ done: 1, waiting: tasks - 2 });
  }
});
