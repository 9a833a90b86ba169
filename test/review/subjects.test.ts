import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { DataSource } from 'typeorm';
import { parseSettings } from '@qingnang/config';
import type { Actor } from '@qingnang/contracts';
import { corpusEntities } from '@qingnang/corpus';
import { createDataSource } from '@qingnang/database';
import { uuidv7 } from '@qingnang/kernel';
import { reviewEntities, TaskSetService, WorkService } from '@qingnang/review';
import { importDialogues, makeProject, makeSource } from '../support/corpus.js';
import { createTestDataSource } from '../support/postgres.js';
import { makePerson, polishRecords, polishReview } from '../support/review.js';

const entities = [...corpusEntities, ...reviewEntities];

let db: Awaited<ReturnType<typeof createTestDataSource>>;
let other: DataSource;
let sets: TaskSetService;
/** Two processes that hand out work. */
let workers: [WorkService, WorkService];
let projectId: string;
let lead: Actor;
let people: [Actor, Actor];

beforeAll(async () => {
  db = await createTestDataSource(entities);
  other = await createDataSource({ url: db.url, entities, poolSize: 5 }).initialize();
  sets = new TaskSetService(db.dataSource);
  const settings = parseSettings({});
  workers = [new WorkService(db.dataSource, settings), new WorkService(other, settings)];
});
afterAll(async () => {
  await other?.destroy();
  await db?.close();
});

beforeEach(async () => {
  projectId = await makeProject(db.dataSource);
  lead = await makePerson(db.dataSource, projectId, ['data_lead']);
  people = [
    await makePerson(db.dataSource, projectId, ['annotator']),
    await makePerson(db.dataSource, projectId, ['annotator']),
  ];
});

const records = async (n: number): Promise<string[]> => {
  const source = await makeSource(db.dataSource, projectId);
  const dialogues = Array.from({ length: n }, (_, i) => [`头痛${i + 2}天了怎么办`, `先量血压，${i + 2}天后复诊。`]);
  return importDialogues(db.dataSource, source, dialogues);
};

/** A task set over subjects that are nobody's record, as pairs of answers are. */
async function setOfPairs(n: number, overlap: number): Promise<string> {
  const ids = Array.from({ length: n }, () => uuidv7());
  await db.dataSource.query(
    `insert into subject (id, project_id, kind) select id, $1, 'verdict_pair' from unnest($2::uuid[]) id`,
    [projectId, ids],
  );
  const set = await sets.create(lead, polishReview({ overlap }), (setId) => ({
    params: [projectId, setId, ids],
    sql: 'select s.id as subject_id, s.record_id from subject s where s.project_id = $1 and s.id = any($3::uuid[])',
  }));
  expect(set).toMatchObject({ tasks: n, open: n * overlap });
  return set.id;
}

async function setOfRecords(n: number, overlap: number): Promise<string> {
  await polishRecords(db.dataSource, projectId, await records(n));
  return (await sets.createPolishReview(lead, polishReview({ overlap }))).id;
}

/** Both people take and skip, at both processes at once, until nothing is left for them; the subjects each was given. */
async function drain(setId: string): Promise<Map<string, string[]>> {
  const given = new Map(people.map((person): [string, string[]] => [person.id, []]));
  const takeAll = async (person: Actor, worker: WorkService): Promise<void> => {
    for (let dry = 0; dry < 2;) {
      const slot = await worker.claim(person, setId);
      if (!slot) {
        dry += 1;
        continue;
      }
      // The other process may hold out the same slot to the same person: the one that skips it counts it.
      const skipped = await worker.skip(person, slot.id, slot.fencingToken, '').then(
        () => true,
        () => false,
      );
      if (skipped) given.get(person.id)!.push(slot.recordId ?? slot.subjectId);
    }
  };
  await Promise.all(people.flatMap((person) => workers.map((worker) => takeAll(person, worker))));
  return given;
}

describe.each([
  ['records', setOfRecords],
  ['subjects without a record', setOfPairs],
])('a set of %s', (_name, makeSet) => {
  test('gives nobody the same one twice, whoever hands out', async () => {
    const setId = await makeSet(8, 3);
    for (const mine of (await drain(setId)).values()) {
      expect(mine).toHaveLength(8);
      expect(new Set(mine).size).toBe(8);
    }
    const [twice] = await db.dataSource.query(
      `select from assignment where task_set_id = $1 and outcome <> 'released'
       group by person_id, coalesce(record_id, subject_id) having count(*) > 1`,
      [setId],
    );
    expect(twice).toBeUndefined();
  });

  test('counts what waits for a person once, however many answers are wanted', async () => {
    const setId = await makeSet(3, 2);
    const slot = (await workers[0].claim(people[0], setId))!;
    expect(slot.waiting).toBe(3);
    await workers[0].skip(people[0], slot.id, slot.fencingToken, '');
    const waiting = async (person: Actor) => (await workers[1].queues(person))[0]!.waiting;
    expect(await waiting(people[0])).toBe(2);
    expect(await waiting(people[1])).toBe(3);
  });
});

test('two prompts of one record are the same record to a person', async () => {
  const [recordId] = await records(1);
  const ids = [uuidv7(), uuidv7()];
  for (const id of ids) {
    await db.dataSource.query(`insert into subject (id, project_id, kind, record_id) values ($1, $2, 'prompt', $3)`, [
      id,
      projectId,
      recordId,
    ]);
  }
  const set = await sets.create(lead, polishReview(), (setId) => ({
    params: [projectId, setId, ids],
    sql: 'select s.id as subject_id, s.record_id from subject s where s.project_id = $1 and s.id = any($3::uuid[])',
  }));
  const given = await drain(set.id);
  expect([...given.values()].map((mine) => mine.length)).toEqual([1, 1]);
});

describe('the keys', () => {
  let setId: string;
  let slotId: string;
  beforeEach(async () => {
    setId = await setOfRecords(2, 1);
    slotId = (await workers[0].claim(people[0], setId))!.id;
  });

  const refusal = (sql: string, params: unknown[]): Promise<string> =>
    db.dataSource.query(sql, params).then(
      () => 'taken',
      (error: { constraint?: string }) => error.constraint ?? String(error),
    );

  test('hold a slot to its task’s set and subject, and an assignment to its slot’s', async () => {
    const elsewhere = await setOfPairs(1, 1);
    const [free] = await db.dataSource.query(
      `select id, record_id from slot where task_set_id = $1 and state = 'open'`,
      [setId],
    );
    const moved = 'update slot set task_set_id = $2 where id = $1';
    expect(await refusal(moved, [free.id, elsewhere])).toBe('fk_slot_task');
    const [pair] = await db.dataSource.query('select subject_id as id from task where task_set_id = $1', [elsewhere]);
    const turned = 'update slot set subject_id = $2, record_id = null where id = $1';
    expect(await refusal(turned, [free.id, pair.id])).toBe('fk_slot_task');
    const assign = (set: string, subject: string, record: string | null) =>
      refusal(
        `insert into assignment (id, project_id, task_set_id, slot_id, subject_id, record_id, person_id)
         values (gen_random_uuid(), $1, $2, $3, $4, $5, $6)`,
        [projectId, set, slotId, subject, record, people[1].id],
      );
    const [slot] = await db.dataSource.query('select subject_id, record_id from slot where id = $1', [slotId]);
    expect(await assign(setId, slot.subject_id, free.record_id)).toBe('fk_assignment_subject_record');
    expect(await assign(elsewhere, slot.subject_id, slot.record_id)).toBe('fk_assignment_slot');
    expect(await assign(setId, slot.subject_id, slot.record_id)).toBe('taken');
  });

  test('hold a draft to a version of the record it is about', async () => {
    const slot = await workers[0].held(people[0], slotId);
    const save = (baseVersionId: string | null) =>
      workers[0].saveDraft(people[0], slotId, { fencingToken: slot.fencingToken, baseVersionId, body: { text: '半' } });
    await expect(save(uuidv7())).rejects.toMatchObject({ code: 'draft.unknown_base', status: 422 });
    const [foreign] = await db.dataSource.query(
      'select id from version where project_id = $1 and record_id <> $2 limit 1',
      [projectId, slot.recordId],
    );
    await expect(save(foreign.id)).rejects.toMatchObject({ code: 'draft.unknown_base' });
    await expect(save(slot.shownVersionId)).resolves.toMatchObject({ revision: 1 });
    await expect(save(null)).resolves.toMatchObject({ revision: 2 });
    expect(await refusal('update draft set base_version_id = $2 where slot_id = $1', [slotId, uuidv7()])).toBe(
      'fk_draft_base_version',
    );
  });
});
