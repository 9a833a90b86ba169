import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Evaluation suites, and snapshots: what was frozen for a training run to read. */
export class CreateSnapshot20261123100500 implements MigrationInterface {
  readonly name = 'CreateSnapshot20261123100500';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table suite (
        id uuid not null,
        project_id uuid not null,
        name text not null,
        version integer not null,
        state text not null default 'draft',
        created_by uuid,
        created_at timestamptz not null default now(),
        constraint pk_suite primary key (id),
        constraint uq_suite_project_id unique (project_id, id),
        constraint uq_suite_version unique (project_id, name, version),
        constraint fk_suite_project foreign key (project_id) references project (id),
        constraint fk_suite_created_by foreign key (created_by) references person (id),
        constraint ck_suite_state check (state in ('draft', 'frozen'))
      );

      create table suite_item (
        id uuid not null,
        project_id uuid not null,
        suite_id uuid not null,
        n integer not null,
        -- [{role, content}], ends on a user message.
        messages jsonb,
        reference text,
        department text,
        category text,
        question_hash text not null,
        -- Hashes of the question's character 5-grams, against which freezing looks for near duplicates.
        signature bigint[] not null default '{}',
        removal_id uuid,
        constraint pk_suite_item primary key (id),
        constraint uq_suite_item_project_id unique (project_id, id),
        constraint uq_suite_item_n unique (suite_id, n),
        constraint fk_suite_item_suite foreign key (project_id, suite_id) references suite (project_id, id)
      );
      create index ix_suite_item_question_hash on suite_item (project_id, question_hash);

      create table snapshot (
        id uuid not null,
        project_id uuid not null,
        name text not null,
        version integer not null,
        kind text not null,
        selection jsonb not null,
        manifest jsonb,
        -- SHA-256 of manifest.json.
        digest text,
        folder text,
        state text not null default 'draft',
        total integer not null default 0,
        done integer not null default 0,
        failure text,
        created_by uuid,
        created_at timestamptz not null default now(),
        frozen_at timestamptz,
        withdrawn_at timestamptz,
        successor_id uuid,
        constraint pk_snapshot primary key (id),
        constraint uq_snapshot_project_id unique (project_id, id),
        constraint uq_snapshot_version unique (project_id, name, version),
        constraint fk_snapshot_project foreign key (project_id) references project (id),
        constraint fk_snapshot_created_by foreign key (created_by) references person (id),
        constraint fk_snapshot_successor foreign key (project_id, successor_id) references snapshot (project_id, id),
        constraint ck_snapshot_kind check (kind in ('sft', 'preference', 'prompts', 'evaluation')),
        constraint ck_snapshot_state check (
          state in ('draft', 'freezing', 'frozen', 'released', 'withdrawn', 'failed')),
        constraint ck_snapshot_frozen check (
          state not in ('frozen', 'released', 'withdrawn') or (manifest is not null and digest is not null))
      );

      create table snapshot_item (
        snapshot_id uuid not null,
        project_id uuid not null,
        ordinal integer not null,
        split text not null,
        item_type text not null,
        record_id uuid,
        group_id text,
        version_id uuid,
        prompt_id uuid,
        chosen_id uuid,
        rejected_id uuid,
        reference_id uuid,
        suite_item_id uuid,
        weight double precision not null default 1,
        margin double precision,
        rank_group text,
        evidence text,
        -- Whether any word or label of the item descends from the rehearsal model.
        rehearsal boolean not null,
        constraint pk_snapshot_item primary key (snapshot_id, ordinal),
        constraint fk_snapshot_item_snapshot foreign key (project_id, snapshot_id) references snapshot (project_id, id),
        constraint fk_snapshot_item_version foreign key (project_id, version_id) references version (project_id, id),
        constraint fk_snapshot_item_prompt foreign key (project_id, prompt_id) references prompt (project_id, id),
        constraint fk_snapshot_item_chosen foreign key (project_id, prompt_id, chosen_id)
          references candidate (project_id, prompt_id, id),
        constraint fk_snapshot_item_rejected foreign key (project_id, prompt_id, rejected_id)
          references candidate (project_id, prompt_id, id),
        constraint fk_snapshot_item_reference foreign key (project_id, reference_id) references reference (project_id, id),
        constraint fk_snapshot_item_suite_item foreign key (project_id, suite_item_id)
          references suite_item (project_id, id),
        constraint ck_snapshot_item_split check (split in ('train', 'validation', 'test')),
        constraint ck_snapshot_item_type check (
          (item_type = 'version' and version_id is not null)
          or (item_type = 'pair' and prompt_id is not null and chosen_id is not null and rejected_id is not null)
          or (item_type = 'prompt' and prompt_id is not null)
          or (item_type = 'suite_item' and suite_item_id is not null))
      );
      create index ix_snapshot_item_record on snapshot_item (record_id);

      -- Once frozen, only what happens to the snapshot may be noted (released, withdrawn), never what it is.
      create function snapshot_change() returns trigger language plpgsql as $$
      declare
        fate constant text[] := array['state', 'withdrawn_at', 'successor_id', 'folder'];
      begin
        if old.state in ('draft', 'freezing', 'failed') then
          if tg_op = 'DELETE' then return old; end if;
          return new;
        end if;
        if tg_op = 'UPDATE' and to_jsonb(new) - fate = to_jsonb(old) - fate
           and ((old.state = 'frozen' and new.state in ('released', 'withdrawn'))
             or (old.state = 'released' and new.state = 'withdrawn')
             or (old.state = new.state and old.folder is not distinct from new.folder)) then
          return new;
        end if;
        raise exception 'snapshot % is frozen; freeze a new version instead', old.id
          using errcode = 'restrict_violation';
      end $$;
      create trigger snapshot_is_immutable before update or delete on snapshot
        for each row execute function snapshot_change();

      create function snapshot_item_change() returns trigger language plpgsql as $$
      declare
        snapshot_state text;
      begin
        select state into snapshot_state from snapshot
          where id = coalesce(case when tg_op = 'DELETE' then null else new.snapshot_id end, old.snapshot_id);
        if snapshot_state in ('draft', 'freezing', 'failed') and tg_op <> 'UPDATE' then
          return case when tg_op = 'DELETE' then old else new end;
        end if;
        raise exception 'items of a frozen snapshot are never changed' using errcode = 'restrict_violation';
      end $$;
      create trigger snapshot_item_is_immutable before insert or update or delete on snapshot_item
        for each row execute function snapshot_item_change();
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop table snapshot_item, snapshot, suite_item, suite;
      drop function snapshot_change(), snapshot_item_change();
    `);
  }
}
