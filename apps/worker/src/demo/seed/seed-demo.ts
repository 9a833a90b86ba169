import type { EntityManager } from 'typeorm';
import { generateDemo } from '../generate.js';
import { DEMO_SEED, type DemoCast, type DemoServices, type DemoStep } from './demo-step.js';
import { seedPreference } from './seed-preference.js';
import { seedProject } from './seed-project.js';
import { approveTexts, polishDoctors, seedRecords } from './seed-records.js';
import { seedSnapshots } from './seed-snapshots.js';
import { seedTasks } from './seed-tasks.js';

const MARK = 'demo';

const steps: readonly ((step: DemoStep) => Promise<void>)[] = [
  seedRecords,
  polishDoctors,
  approveTexts,
  seedPreference,
  seedTasks,
  seedSnapshots,
];

interface Mark {
  cast: DemoCast;
  done: number;
}

/**
 * Makes the demo project step by step. How far it came is written down after each step, and a step begun again does
 * nothing twice, so a killed worker's successor finishes it. A demo that was made is never touched again.
 */
export async function seedDemo(services: DemoServices): Promise<void> {
  const { dataSource } = services;
  await dataSource.transaction(async (guard) => {
    // Held to the end, however long that is: two workers that start together make one demo.
    await guard.query('set local idle_in_transaction_session_timeout = 0');
    await guard.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [MARK]);
    await seedAlone(services);
  });
}

async function seedAlone(services: DemoServices): Promise<void> {
  const { dataSource } = services;
  const mark = await dataSource.transaction(async (tx) => (await readMark(tx)) ?? (await begin(tx)));
  if (!mark || mark.done === steps.length) return;
  const data = generateDemo(DEMO_SEED);
  for (let at = mark.done; at < steps.length; at++) {
    await steps[at]!({ services, data, cast: mark.cast });
    await writeMark(dataSource.manager, { ...mark, done: at + 1 });
  }
}

/** Null while there is nobody whose demo it could be. */
async function begin(tx: EntityManager): Promise<Mark | null> {
  const cast = await seedProject(tx);
  if (!cast) return null;
  const mark = { cast, done: 0 };
  await writeMark(tx, mark);
  return mark;
}

async function readMark(tx: EntityManager): Promise<Mark | null> {
  const [row]: { value: Mark }[] = await tx.query('select value from installation_setting where key = $1', [MARK]);
  return row?.value ?? null;
}

async function writeMark(tx: EntityManager, mark: Mark): Promise<void> {
  await tx.query(
    `insert into installation_setting (key, value) values ($1, $2)
     on conflict (key) do update set value = excluded.value, updated_at = now()`,
    [MARK, JSON.stringify(mark)],
  );
}
