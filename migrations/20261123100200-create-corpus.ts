import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Sources, imports, and records as trees of immutable versions. */
export class CreateCorpus20261123100200 implements MigrationInterface {
  readonly name = 'CreateCorpus20261123100200';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table removal_request (
        id uuid not null,
        project_id uuid not null,
        asked_by uuid not null,
        reason text not null,
        found jsonb not null default '{}',
        state text not null default 'open',
        created_at timestamptz not null default now(),
        ended_at timestamptz,
        constraint pk_removal_request primary key (id),
        constraint uq_removal_request_project_id unique (project_id, id),
        constraint fk_removal_request_project foreign key (project_id) references project (id),
        constraint fk_removal_request_asked_by foreign key (asked_by) references person (id)
      );

      create table source (
        id uuid not null,
        project_id uuid not null,
        name text not null,
        origin text not null default '',
        licence text not null,
        terms text not null default '',
        allowed_use text[] not null,
        deidentified boolean not null,
        language text not null default 'zh',
        synthetic boolean not null default false,
        created_by uuid,
        created_at timestamptz not null default now(),
        revision integer not null default 1,
        constraint pk_source primary key (id),
        constraint uq_source_project_id unique (project_id, id),
        constraint uq_source_name unique (project_id, name),
        constraint fk_source_project foreign key (project_id) references project (id),
        constraint fk_source_created_by foreign key (created_by) references person (id),
        constraint ck_source_language check (language in ('zh', 'en')),
        constraint ck_source_allowed_use check (
          cardinality(allowed_use) > 0 and allowed_use <@ array['train', 'evaluate', 'reference', 'release'])
      );

      create table upload (
        id uuid not null,
        project_id uuid not null,
        file_name text not null,
        bytes bigint not null,
        sha256 text not null,
        blob_key text not null,
        created_by uuid,
        created_at timestamptz not null default now(),
        removal_id uuid,
        constraint pk_upload primary key (id),
        constraint uq_upload_project_id unique (project_id, id),
        constraint fk_upload_project foreign key (project_id) references project (id),
        constraint fk_upload_created_by foreign key (created_by) references person (id)
      );

      create table import (
        id uuid not null,
        project_id uuid not null,
        source_id uuid not null,
        upload_id uuid not null,
        data_set text not null,
        -- How the file is read: container, layout, encoding, delimiter, mapping.
        plan jsonb not null,
        state text not null default 'queued',
        -- Rows done when the last batch was committed: where a resumed import goes on.
        read_count integer not null default 0,
        accepted_count integer not null default 0,
        duplicate_count integer not null default 0,
        rejected_count integer not null default 0,
        reasons jsonb not null default '{}',
        failure text,
        created_by uuid,
        created_at timestamptz not null default now(),
        started_at timestamptz,
        ended_at timestamptz,
        constraint pk_import primary key (id),
        constraint uq_import_project_id unique (project_id, id),
        constraint fk_import_source foreign key (project_id, source_id) references source (project_id, id),
        constraint fk_import_upload foreign key (project_id, upload_id) references upload (project_id, id),
        constraint fk_import_created_by foreign key (created_by) references person (id),
        constraint ck_import_state check (state in ('queued', 'running', 'done', 'failed', 'cancelled')),
        constraint ck_import_counts check (read_count = accepted_count + duplicate_count + rejected_count)
      );
      create index ix_import_list on import (project_id, created_at desc, id desc);

      create table near_duplicate_cluster (
        id uuid not null,
        project_id uuid not null,
        keeper_record_id uuid,
        members integer not null default 0,
        created_at timestamptz not null default now(),
        constraint pk_near_duplicate_cluster primary key (id),
        constraint uq_near_duplicate_cluster_project_id unique (project_id, id),
        constraint fk_near_duplicate_cluster_project foreign key (project_id) references project (id)
      );

      create table record (
        id uuid not null,
        project_id uuid not null,
        data_set text not null,
        department text,
        intent text,
        language text not null,
        identity_hash text not null,
        -- Null where the doctor speaks first.
        question_hash text,
        question_only boolean not null default false,
        state text not null default 'imported',
        quality jsonb not null default '{}',
        flags text[] not null default '{}',
        patient_key text,
        dialogue_key text,
        cluster_id uuid,
        derived_from_record_id uuid,
        -- Connected component over patient, dialogue, cluster and question; recomputed by a job.
        group_id text not null,
        -- Meet of all its occurrences: one evaluate-only occurrence bars training.
        allowed_use text[] not null,
        synthetic boolean not null default false,
        source_id uuid not null,
        import_version_id uuid not null,
        latest_version_id uuid not null,
        turn_count integer not null,
        character_count integer not null,
        created_at timestamptz not null default now(),
        updated_at timestamptz not null default now(),
        constraint pk_record primary key (id),
        constraint uq_record_project_id unique (project_id, id),
        constraint uq_record_identity unique (project_id, data_set, identity_hash),
        constraint fk_record_source foreign key (project_id, source_id) references source (project_id, id),
        constraint fk_record_cluster foreign key (project_id, cluster_id)
          references near_duplicate_cluster (project_id, id),
        constraint fk_record_derived_from foreign key (project_id, derived_from_record_id)
          references record (project_id, id),
        constraint ck_record_data_set check (data_set in ('distilled_instruction', 'real_instruction',
          'distilled_conversation', 'real_conversation', 'reference_corpus')),
        constraint ck_record_language check (language in ('zh', 'en')),
        constraint ck_record_state check (state in ('imported', 'in_work', 'approved', 'held_back', 'withdrawn'))
      );
      create index ix_record_list on record (project_id, created_at desc, id desc);
      create index ix_record_filter on record (project_id, data_set, state, department);
      create index ix_record_group on record (project_id, group_id);
      create index ix_record_question_hash on record (project_id, question_hash);

      create table version (
        id uuid not null,
        project_id uuid not null,
        record_id uuid not null,
        parent_id uuid,
        kind text not null,
        turns jsonb,
        text_hash text not null,
        rehearsal boolean not null default false,
        made_by_kind text not null,
        made_by_id text not null,
        llm_item_id uuid,
        prompt_version_id uuid,
        model text,
        removal_id uuid,
        created_at timestamptz not null default now(),
        constraint pk_version primary key (id),
        constraint uq_version_project_id unique (project_id, id),
        constraint uq_version_record unique (project_id, record_id, id),
        constraint uq_version_llm_item unique (llm_item_id),
        constraint fk_version_record foreign key (project_id, record_id) references record (project_id, id)
          deferrable initially deferred,
        -- A parent is a version of the same record: the tree cannot leave it.
        constraint fk_version_parent foreign key (project_id, record_id, parent_id)
          references version (project_id, record_id, id),
        constraint fk_version_llm_item foreign key (project_id, llm_item_id) references llm_item (project_id, id),
        constraint fk_version_prompt_version foreign key (project_id, prompt_version_id)
          references prompt_version (project_id, id),
        constraint fk_version_removal foreign key (project_id, removal_id) references removal_request (project_id, id),
        constraint ck_version_kind check (kind in ('import', 'mask', 'polish', 'distil', 'edit', 'adjudication')),
        constraint ck_version_parent check ((parent_id is null) = (kind in ('import', 'distil'))),
        constraint ck_version_erased check (turns is not null or removal_id is not null)
      );
      create index ix_version_record on version (record_id, created_at, id);
      create index ix_version_parent on version (parent_id);
      alter table record add constraint fk_record_import_version foreign key (project_id, id, import_version_id)
        references version (project_id, record_id, id) deferrable initially deferred;
      alter table record add constraint fk_record_latest_version foreign key (project_id, id, latest_version_id)
        references version (project_id, record_id, id) deferrable initially deferred;

      -- The one change a version may see: its text erased, with the request that asked for it.
      create function version_change() returns trigger language plpgsql as $$
      begin
        if tg_op = 'UPDATE' and old.turns is not null and new.turns is null and new.removal_id is not null
           and to_jsonb(new) - 'turns' - 'removal_id' = to_jsonb(old) - 'turns' - 'removal_id' then
          return new;
        end if;
        raise exception 'a version is never changed; make a new one from it' using errcode = 'restrict_violation';
      end $$;
      create trigger version_is_immutable before update or delete on version
        for each row execute function version_change();

      create table occurrence (
        id uuid not null,
        project_id uuid not null,
        record_id uuid not null,
        source_id uuid not null,
        import_id uuid not null,
        row_number integer not null,
        line integer not null,
        outside_id text,
        outcome text not null,
        notes text[] not null default '{}',
        constraint pk_occurrence primary key (id),
        constraint uq_occurrence_row unique (import_id, row_number),
        constraint fk_occurrence_record foreign key (project_id, record_id) references record (project_id, id),
        constraint fk_occurrence_source foreign key (project_id, source_id) references source (project_id, id),
        constraint fk_occurrence_import foreign key (project_id, import_id) references import (project_id, id),
        constraint ck_occurrence_outcome check (outcome in ('accepted', 'duplicate'))
      );
      create index ix_occurrence_record on occurrence (record_id);
      create index ix_occurrence_outside_id on occurrence (source_id, outside_id) where outside_id is not null;

      create table rejected_row (
        id uuid not null,
        project_id uuid not null,
        import_id uuid not null,
        row_number integer not null,
        line integer not null,
        reason text not null,
        field text,
        detail text not null,
        raw text,
        removal_id uuid,
        constraint pk_rejected_row primary key (id),
        constraint uq_rejected_row_row unique (import_id, row_number),
        constraint fk_rejected_row_import foreign key (project_id, import_id) references import (project_id, id)
      );

      create table approval (
        id uuid not null,
        project_id uuid not null,
        record_id uuid not null,
        version_id uuid not null,
        task_id uuid,
        approved_by uuid,
        -- What decided where no person did, e.g. 'import_as_is' or 'single_answer'.
        rule text,
        reason text not null default '',
        from_at timestamptz not null default now(),
        until_at timestamptz,
        constraint pk_approval primary key (id),
        constraint uq_approval_project_id unique (project_id, id),
        constraint fk_approval_version foreign key (project_id, record_id, version_id)
          references version (project_id, record_id, id),
        constraint fk_approval_approved_by foreign key (approved_by) references person (id),
        constraint ck_approval_who check (approved_by is not null or rule is not null)
      );
      create unique index uq_approval_current on approval (record_id) where until_at is null;
      create index ix_approval_record on approval (record_id, from_at);

      create table pseudonym_map (
        id uuid not null,
        project_id uuid not null,
        record_id uuid not null,
        encrypted bytea not null,
        removal_id uuid,
        created_at timestamptz not null default now(),
        constraint pk_pseudonym_map primary key (id),
        constraint fk_pseudonym_map_record foreign key (project_id, record_id) references record (project_id, id)
      );
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table record drop constraint fk_record_import_version, drop constraint fk_record_latest_version;
      drop table pseudonym_map, approval, rejected_row, occurrence, version, record, near_duplicate_cluster, import,
        upload, source, removal_request;
      drop function version_change();
    `);
  }
}
