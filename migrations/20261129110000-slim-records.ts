import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A foreign key to a record or a version, as it was and as it comes back. */
interface ForeignKey {
  owner: string;
  name: string;
  definition: string;
}

/**
 * A record keeps its words' hashes, its state and its versions. What passes compute goes to `record_signal`; which sources
 * said its words, and what they allow together, to a set that records share, so that a change of a source changes a few
 * rows however many records it has. Hashes are bytes; indexes that no query reads go.
 *
 * It writes `record` once anew, the indexes of `version` and `occurrence` too; texts stay where they are.
 */
export class SlimRecords20261129110000 implements MigrationInterface {
  readonly name = 'SlimRecords20261129110000';

  async up(runner: QueryRunner): Promise<void> {
    const keys = await dropKeysTo(runner);
    await runner.query(`
      create table source_set (
        id uuid not null,
        project_id uuid not null,
        -- The one its records are listed and released under, and all that said their words, sorted.
        source_id uuid not null,
        sources uuid[] not null,
        -- The sets of what the words were made from, at any remove, and whether a case of a suite is among it.
        above uuid[] not null default '{}',
        from_case boolean not null default false,
        allowed_use text[] not null,
        deidentified boolean not null,
        constraint pk_source_set primary key (id),
        constraint uq_source_set_project_id unique (project_id, id),
        constraint fk_source_set_source foreign key (project_id, source_id) references source (project_id, id),
        constraint ck_source_set_allowed_use check (allowed_use <@ array['train', 'evaluate', 'reference', 'release']),
        constraint ck_source_set_sources check (sources @> array[source_id])
      );
      create table record_signal (
        record_id uuid not null,
        project_id uuid not null,
        -- Where it is not the record's own words that give it its group: see joinGroups.
        group_id bytea not null,
        constraint pk_record_signal primary key (record_id)
      );

      drop index ix_record_list, ix_record_filter, ix_record_group, ix_record_question_hash, ix_record_source,
        ix_record_updated, ix_record_derived_from, ix_record_regrouped, ix_record_undone_import,
        ix_version_record, ix_version_parent, ix_occurrence_source;
      alter table record drop constraint pk_record, drop constraint uq_record_project_id,
        drop constraint uq_record_identity, add column source_set_id uuid;
      alter table version drop constraint pk_version, drop constraint uq_version_project_id,
        drop constraint uq_version_record, drop constraint uq_version_llm_item;
      alter table occurrence drop constraint pk_occurrence, drop constraint uq_occurrence_row;
    `);
    await runner.query(SETS);
    await runner.query(`
      insert into record_signal (record_id, project_id, group_id)
        select id, project_id, decode(group_id, 'hex') from record
        where group_id <> left(coalesce(question_hash, identity_hash), 32);
      alter table record
        alter column identity_hash type bytea using decode(identity_hash, 'hex'),
        alter column question_hash type bytea using decode(question_hash, 'hex'),
        alter column source_set_id set not null,
        drop column source_id,
        drop column allowed_use,
        drop column group_id,
        drop column quality,
        alter column flags drop default,
        alter column flags drop not null,
        alter column flags type text[] using nullif(flags, '{}'),
        add constraint pk_record primary key (id, project_id),
        add constraint fk_record_source_set foreign key (project_id, source_set_id)
          references source_set (project_id, id);
      -- One value in place of three columns: the index of a hash is the largest there is.
      create unique index uq_record_identity on record ((encode(substr(sha256(
        decode(project_id::text || data_set, 'escape') || identity_hash), 1, 16), 'hex')::uuid));
      create index ix_record_created on record (project_id, created_at);
      create index ix_record_updated on record (project_id, updated_at);
      create index ix_record_filter on record (project_id, data_set, state, department);
      create index ix_record_question on record using hash (question_hash);
      create index ix_record_source_set on record (project_id, source_set_id);
      create index ix_record_derived_from on record (derived_from_record_id) where derived_from_record_id is not null;

      alter table record_signal add constraint fk_record_signal_record
        foreign key (record_id, project_id) references record (id, project_id);
      create index ix_record_signal_group on record_signal (project_id, group_id);

      alter table version
        drop column text_hash,
        add constraint pk_version primary key (id, project_id),
        add constraint uq_version_record unique (record_id, id, project_id);
      create unique index uq_version_llm_item on version (llm_item_id) where llm_item_id is not null;

      alter table occurrence
        alter column notes drop default,
        alter column notes drop not null,
        add constraint pk_occurrence primary key (import_id, row_number);
      alter table suite_item alter column question_hash type bytea using decode(question_hash, 'hex');
    `);
    await addKeys(runner, keys);
  }

  async down(runner: QueryRunner): Promise<void> {
    const keys = await dropKeysTo(runner);
    await runner.query(`
      alter table suite_item alter column question_hash type text using encode(question_hash, 'hex');
      alter table occurrence drop constraint pk_occurrence,
        alter column notes type text[] using coalesce(notes, '{}'),
        alter column notes set default '{}',
        alter column notes set not null,
        add constraint pk_occurrence primary key (id),
        add constraint uq_occurrence_row unique (import_id, row_number);
      create index ix_occurrence_source on occurrence (source_id, record_id);

      drop index uq_version_llm_item;
      alter table version add column text_hash text;
      alter table version disable trigger version_is_immutable;
      update version v set text_hash = encode(sha256(convert_to('[' || coalesce((
        select string_agg('{"n":' || (t ->> 'n') || ',"role":' || (t -> 'role') || ',"text":' || (t -> 'text') || '}',
          ',' order by i) from jsonb_array_elements(v.turns) with ordinality x (t, i)), '') || ']', 'UTF8')), 'hex');
      alter table version enable trigger version_is_immutable;
      alter table version drop constraint pk_version, drop constraint uq_version_record,
        alter column text_hash set not null,
        add constraint pk_version primary key (id),
        add constraint uq_version_project_id unique (project_id, id),
        add constraint uq_version_record unique (project_id, record_id, id),
        add constraint uq_version_llm_item unique (llm_item_id);
      create index ix_version_record on version (record_id, created_at, id);
      create index ix_version_parent on version (parent_id);

      drop index ix_record_created, ix_record_updated, ix_record_filter, ix_record_question, ix_record_source_set,
        ix_record_derived_from, uq_record_identity;
      alter table record drop constraint pk_record,
        drop constraint fk_record_source_set,
        add column quality jsonb not null default '{}', add column group_id text, add column allowed_use text[],
        add column source_id uuid;
      update record r set source_id = w.source_id, allowed_use = w.allowed_use,
        group_id = encode(coalesce((select g.group_id from record_signal g where g.record_id = r.id),
          substr(coalesce(r.question_hash, r.identity_hash), 1, 16)), 'hex')
        from source_set w where w.id = r.source_set_id;
      drop table record_signal;
      alter table record
        drop column source_set_id,
        alter column identity_hash type text using encode(identity_hash, 'hex'),
        alter column question_hash type text using encode(question_hash, 'hex'),
        alter column flags type text[] using coalesce(flags, '{}'),
        alter column flags set default '{}',
        alter column flags set not null,
        alter column group_id set not null,
        alter column allowed_use set not null,
        alter column source_id set not null,
        add constraint pk_record primary key (id),
        add constraint uq_record_project_id unique (project_id, id),
        add constraint uq_record_identity unique (project_id, data_set, identity_hash),
        add constraint fk_record_source foreign key (project_id, source_id) references source (project_id, id);
      drop table source_set;
      create index ix_record_list on record (project_id, created_at desc, id desc);
      create index ix_record_filter on record (project_id, data_set, state, department);
      create index ix_record_group on record (project_id, group_id);
      create index ix_record_question_hash on record (project_id, question_hash);
      create index ix_record_source on record (project_id, source_id);
      create index ix_record_updated on record (project_id, updated_at desc, id desc);
      create index ix_record_derived_from on record (derived_from_record_id) where derived_from_record_id is not null;
      create index ix_record_regrouped on record (project_id, question_hash) where group_id <> left(question_hash, 32);
      create index ix_record_undone_import on record (undone_import_id) where undone_import_id is not null;
    `);
    await addKeys(
      runner,
      keys.filter((key) => key.owner !== 'record_signal'),
    );
  }
}

/** Drops the foreign keys to records and versions, since each hangs on one of the indexes that change. */
async function dropKeysTo(runner: QueryRunner): Promise<ForeignKey[]> {
  const keys = (await runner.query(`
    select conrelid::regclass::text as owner, conname as name, pg_get_constraintdef(oid) as definition
    from pg_constraint where contype = 'f' and confrelid in ('record'::regclass, 'version'::regclass)`)) as ForeignKey[];
  for (const { owner, name } of keys) await runner.query(`alter table "${owner}" drop constraint "${name}"`);
  return keys;
}

async function addKeys(runner: QueryRunner, keys: readonly ForeignKey[]): Promise<void> {
  for (const { owner, name, definition } of keys) {
    await runner.query(`alter table "${owner}" add constraint "${name}" ${definition}`);
  }
}

const idOf = (sources: string, above: string, fromCase: string): string =>
  `encode(substr(sha256(convert_to(concat_ws('|', project_id, source_id, ${sources}, ${above}, ${fromCase}), 'UTF8')),
    1, 16), 'hex')::uuid`;

/** What a set allows, of the row `x` of a set to be. */
const USES = `array(
  select u.use from unnest(array['train', 'evaluate', 'reference', 'release']) with ordinality u (use, place)
  where (u.use = 'evaluate' or not x.from_case) and not exists (
    select from (select x.sources as members
      union all select a.sources from source_set a where a.id = any(x.above)) said
    where case when u.use = 'evaluate'
      then not exists (select from source s where s.id = any(said.members) and u.use = any(s.allowed_use))
      else exists (select from source s where s.id = any(said.members) and not u.use = any(s.allowed_use)) end)
  order by u.place)`;

const insertSets = (id: string, above: string, fromCase: string): string => `
  insert into source_set (id, project_id, source_id, sources, above, from_case, allowed_use, deidentified)
    select x.id, x.project_id, x.source_id, x.sources, x.above, x.from_case, ${USES},
      (select bool_and(s.deidentified) from source s where s.id = any(x.sources))
    from (select distinct ${id} as id, project_id, source_id, sources, ${above} as above, ${fromCase} as from_case
      from set_of) x
    where not exists (select from source_set known where known.id = x.id);`;

/** Every record's set, those above others first. */
const SETS = `
  create temp table set_of on commit drop as
    select own.*, ${idOf('sources', `'{}'::uuid[]`, 'false')} as own_id, '{}'::uuid[] as above, false as from_case
    from (
      select r.id as record_id, r.project_id, r.source_id,
        array(select distinct s from unnest(array_append(said.sources, r.source_id)) s order by s) as sources
      from record r left join (
        select o.record_id, array_agg(distinct o.source_id) as sources from occurrence o
        join import i on i.id = o.import_id where i.state not in ('undoing', 'undone') group by o.record_id) said
        on said.record_id = r.id) own;
  alter table set_of add primary key (record_id);
  with recursive line (root, record_id) as (
    select distinct record_id, record_id from record_parent
    union
    select l.root, p.parent_record_id from line l join record_parent p on p.record_id = l.record_id
    where p.parent_record_id is not null),
  above as (
    select l.root, array_agg(distinct o.own_id) as ids from line l join set_of o using (record_id)
    where l.record_id <> l.root group by l.root),
  cases as (
    select distinct l.root from line l join record_parent p on p.record_id = l.record_id
    where p.parent_suite_item_id is not null)
  update set_of s set above = coalesce(a.ids, '{}'), from_case = c.root is not null
    from (select distinct root from line) l left join above a on a.root = l.root left join cases c on c.root = l.root
    where s.record_id = l.root;
  ${insertSets('own_id', `'{}'::uuid[]`, 'false')}
  ${insertSets(idOf('sources', 'above', 'from_case'), 'above', 'from_case')}
  update record r set source_set_id = x.set_id
    from (select record_id, ${idOf('sources', 'above', 'from_case')} as set_id from set_of) x where x.record_id = r.id;
`;
