import { afterAll, beforeAll, expect, it } from 'vitest';
import { type EarlierData, migrateEarlierData } from './earlier-data.js';

let data: EarlierData;
let decided: string;
let rejected: string;
let untold: string;
beforeAll(async () => {
  data = await migrateEarlierData(async (dataSource) => {
    const [answer] = await dataSource
      .query<{ id: string; record: string }[]>(
        `update answer a set verdict = 'reject', reason_code = 'unsafe_advice', comment = '剂量没有依据'
       from task t where t.id = a.task_id and a.id = (
         select a.id from answer a join task t on t.id = a.task_id join task_set ts on ts.id = t.task_set_id
         where ts.kind = 'polish_review' order by a.id limit 1)
       returning a.id, t.record_id as record`,
      )
      .then(([rows]) => rows as unknown as { id: string; record: string }[]);
    rejected = answer!.record;
    const others = await dataSource.query<{ id: string }[]>(
      `select r.id from record r where r.id <> $1 and not exists (
         select from task t join answer a on a.task_id = t.id where t.record_id = r.id and a.verdict = 'reject')
       order by r.id limit 2`,
      [rejected],
    );
    [decided, untold] = others.map(({ id }) => id) as [string, string];
    await dataSource.query(`update record set state = 'held_back' where id = any($1)`, [[rejected, decided, untold]]);
    await dataSource.query(
      `insert into audit_entry (id, project_id, actor_kind, actor_id, action, subject_type, subject_id)
       select gen_random_uuid(), r.project_id, 'person', (select id::text from person order by id limit 1),
         'record.hold_back', 'record', r.id::text from record r where r.id = $1`,
      [decided],
    );
  });
});
afterAll(() => data?.close());

const holdOf = async (recordId: string) =>
  (
    await data.now(
      `select kind, held_by is not null as "byPerson", reason_code as "reasonCode", reason, until_at as "untilAt"
       from record_hold where record_id = $1`,
      [recordId],
    )
  )[0];

it('records held back before get what is known of why', async () => {
  expect(await holdOf(rejected)).toEqual({
    kind: 'rejected',
    byPerson: true,
    reasonCode: 'unsafe_advice',
    reason: '剂量没有依据',
    untilAt: null,
  });
  expect(await holdOf(decided)).toMatchObject({ kind: 'decided', byPerson: true, reason: null });
  expect(await holdOf(untold)).toMatchObject({ kind: 'decided', byPerson: false, reason: null });
  const [open] = await data.now<{ n: number }>(
    `select count(*)::int as n from record r where r.state = 'held_back' and not exists (
       select from record_hold h where h.record_id = r.id and h.until_at is null)`,
  );
  expect(open!.n).toBe(0);
});
