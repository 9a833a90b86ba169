import type { MigrationInterface, QueryRunner } from 'typeorm';

interface Count {
  scope?: string;
  key?: string;
  hour?: string;
  n?: string;
  where?: string;
}

/** Rows `x` of a table as counts of one topic. `rows` is the table, or what a statement added or took away. */
export const count =
  (topic: string, { scope, key, hour, n, where }: Count = {}) =>
  (rows: string): string =>
    `select x.project_id, '${topic}'::text as topic, ${scope ?? 'x.project_id'} as scope, ${key ?? `'{}'::jsonb`} as key,
       ${hour ? `date_trunc('hour', ${hour}, 'UTC')` : 'null::timestamptz'} as hour, (${n ?? '1'})::bigint as n
     from ${rows} x where ${where ?? 'true'}`;

const CALL_KEY = `jsonb_build_object('state', x.state, 'estimated', x.estimated, 'secondCharge', x.second_charge)`;
const ofCall = (topic: string, n: string) =>
  count(topic, { scope: 'coalesce(x.job_id, x.project_id)', key: CALL_KEY, n });
const MICROS = 'round(x.cost * 1000000)';

/** What is counted of each table. Money is counted in millionths. */
export const COUNTED: Record<string, ((rows: string) => string)[]> = {
  record: [
    count('record', {
      key: `jsonb_build_object('dataSet', x.data_set, 'department', x.department, 'language', x.language,
        'questionOnly', x.question_only, 'state', x.state)`,
    }),
    count('record.added', { hour: 'x.created_at', where: `x.state <> 'withdrawn'` }),
  ],
  version: [count('polish', { hour: 'x.created_at', where: `x.kind = 'polish'` })],
  approval: [count('approval', { hour: 'x.from_at', where: 'x.until_at is null' })],
  task: [count('task', { scope: 'x.task_set_id', key: `jsonb_build_object('state', x.state)` })],
  slot: [count('slot', { scope: 'x.task_set_id', key: `jsonb_build_object('state', x.state)` })],
  assignment: [
    count('assignment', {
      scope: 'x.person_id',
      key: `jsonb_build_object('taskSet', x.task_set_id, 'outcome', x.outcome)`,
    }),
  ],
  answer: [
    count('answer', {
      key: `jsonb_build_object('kind', (select s.kind from task_set s
        where s.id = (select t.task_set_id from task t where t.id = x.task_id)))`,
      hour: 'x.created_at',
    }),
  ],
  reference: [count('reference', { hour: 'x.created_at' })],
  candidate: [count('candidate', { hour: 'x.created_at' })],
  judgement: [
    count('judgement', {
      key: `jsonb_build_object('withReference', x.reference_id is not null)`,
      hour: 'x.created_at',
    }),
  ],
  llm_item: [
    count('llm_item', { scope: 'x.job_id', key: `jsonb_build_object('role', x.role, 'state', x.state)` }),
    count('llm_item.doubts', { scope: 'x.job_id', n: 'x.in_doubt_count', where: 'x.in_doubt_count > 0' }),
    count('llm_item.result', {
      scope: 'x.job_id',
      key: `jsonb_build_object('type', x.result_type)`,
      where: `x.state = 'stored' and x.result_type is not null`,
    }),
  ],
  llm_call: [
    ofCall('llm_call', '1'),
    ofCall('llm_call.input', 'x.input_tokens'),
    ofCall('llm_call.output', 'x.output_tokens'),
    ofCall('llm_call.cost', MICROS),
    count('spend', {
      key: `jsonb_build_object('reserved', x.estimated)`,
      hour: 'x.created_at',
      n: MICROS,
      where: `not x.estimated or x.state in ('sending', 'in_doubt')`,
    }),
  ],
};

/** A record counts as polished once, by its first polish. Writers of versions hold the record's row, so none is missed. */
const FIRST_POLISH = `select x.project_id, 'polished'::text as topic, x.project_id as scope, '{}'::jsonb as key,
    null::timestamptz as hour, count(distinct x.record_id)::bigint as n
  from new_rows x where x.kind = 'polish' and (
    select v.id from version v where v.record_id = x.record_id and v.kind = 'polish'
      and v.id not in (select m.id from new_rows m) limit 1) is null
  group by x.project_id`;
const POLISHED = `select project_id, 'polished'::text, project_id, '{}'::jsonb, null::timestamptz,
    count(distinct record_id)::bigint from version where kind = 'polish' group by project_id`;

const all = (table: string, rows: string, counted = COUNTED): string =>
  counted[table]!.map((each) => each(rows)).join(' union all ');

const write = (counts: string): string =>
  `insert into tally_delta (project_id, topic, scope, key, hour, n)
   select project_id, topic, scope, key, hour, sum(n) from (${counts}) c
   group by project_id, topic, scope, key, hour having sum(n) <> 0;`;

/** One function a table, for statements of every kind: what they added, less what they took away. */
export function functionOf(table: string, counted = COUNTED): string {
  const added = all(table, 'new_rows', counted);
  const taken = `select project_id, topic, scope, key, hour, -n as n from (${all(table, 'old_rows', counted)}) o`;
  return `create function tally_${table}() returns trigger language plpgsql as $$
    begin
      if tg_op = 'INSERT' then ${write(table === 'version' ? `${added} union all ${FIRST_POLISH}` : added)}
      elsif tg_op = 'DELETE' then ${write(taken)}
      else ${write(`${added} union all ${taken}`)}
      end if;
      return null;
    end $$;`;
}

/** Everything counted anew. Stable: it counts what the statement that asks sees. */
export function countedFunction(counted = COUNTED): string {
  return `create function tally_counted()
    returns table (project_id uuid, topic text, scope uuid, key jsonb, hour timestamptz, n bigint)
    language sql stable as $$
      with counted as (
        ${tables.map((table) => all(table, table, counted)).join(' union all ')} union all ${POLISHED}
      ), folded as (
        select c.project_id, c.topic, c.scope, c.key, c.hour, sum(c.n)::bigint as n from counted c group by 1, 2, 3, 4, 5
      )
      select f.project_id, f.topic, f.scope, f.key, null::timestamptz, sum(f.n)::bigint from folded f group by 1, 2, 3, 4
      union all select f.* from folded f where f.hour is not null
    $$;`;
}

/** A version is never changed or deleted, so it has but one. */
function triggersOf(table: string): string {
  const on = (event: string, rows: string): string =>
    `create trigger tally_${event} after ${event} on ${table} referencing ${rows}
       for each statement execute function tally_${table}();`;
  const inserts = on('insert', 'new table as new_rows');
  if (table === 'version') return inserts;
  return `${inserts} ${on('delete', 'old table as old_rows')} ${on('update', 'old table as old_rows new table as new_rows')}`;
}

const tables = Object.keys(COUNTED);

/**
 * Counts are kept, not counted. Every statement that adds, changes or removes rows of a counted table leaves the
 * difference in `tally_delta`, in its own transaction, whoever wrote it; a job folds the differences into `tally`, once in
 * all and once by the hour. What a screen asks is `tally` plus what is not folded yet, in one snapshot: always exact.
 */
export class KeepTallies20261129111000 implements MigrationInterface {
  readonly name = 'KeepTallies20261129111000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table tally (
        project_id uuid not null,
        topic text not null,
        -- What is counted within: a task set, a model job, a person's work; the project itself.
        scope uuid not null,
        key jsonb not null,
        -- Null for all that was ever counted; else what belongs to that hour.
        hour timestamptz,
        n bigint not null,
        constraint uq_tally unique nulls not distinct (project_id, topic, scope, key, hour),
        constraint fk_tally_project foreign key (project_id) references project (id)
      ) with (fillfactor = 70);
      -- No foreign key: it would lock the project's row once a statement, and its rows live for a second.
      create table tally_delta (
        project_id uuid not null,
        topic text not null,
        scope uuid not null,
        key jsonb not null,
        hour timestamptz,
        n bigint not null
      ) with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000,
        autovacuum_vacuum_insert_threshold = -1, autovacuum_analyze_threshold = 100000);
      create index ix_tally_delta on tally_delta (project_id, topic, scope);

      create view tally_total as
        select project_id, topic, scope, key, n from tally where hour is null
        union all select project_id, topic, scope, key, n from tally_delta;
      create view tally_hour as
        select project_id, topic, scope, key, hour, n from tally where hour is not null
        union all select project_id, topic, scope, key, hour, n from tally_delta where hour is not null;

      ${tables.map((table) => functionOf(table)).join('\n')}
      ${countedFunction()}
      ${tables.map(triggersOf).join('\n')}
      insert into tally select * from tally_counted() where n <> 0;

      drop index ix_llm_item_job_state;
      create index ix_llm_item_state on llm_item (job_id, state, id);
      create index ix_llm_item_list on llm_item (job_id, id);
      create index ix_llm_item_role on llm_item (job_id, role, id);
      create index ix_llm_item_updated on llm_item (job_id, updated_at, id);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop index ix_llm_item_updated, ix_llm_item_role, ix_llm_item_list, ix_llm_item_state;
      create index ix_llm_item_job_state on llm_item (job_id, state);
      ${tables.map((table) => `drop function tally_${table}() cascade;`).join('\n')}
      drop function tally_counted();
      drop view tally_hour, tally_total;
      drop table tally_delta, tally;
    `);
  }
}
