import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What a record was made from, so that use, split group and egress follow descent; and the keys reach is read by. */
export class RecordDescent20261129104100 implements MigrationInterface {
  readonly name = 'RecordDescent20261129104100';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table record_parent (
        record_id uuid not null,
        project_id uuid not null,
        n integer not null,
        -- The text it was made from: a version of a record, a doctor's reference answer to one, or a case of a suite.
        parent_record_id uuid,
        parent_version_id uuid,
        parent_reference_id uuid,
        parent_suite_item_id uuid,
        constraint pk_record_parent primary key (record_id, n),
        constraint fk_record_parent_record foreign key (project_id, record_id) references record (project_id, id),
        constraint fk_record_parent_version foreign key (project_id, parent_record_id, parent_version_id)
          references version (project_id, record_id, id),
        constraint fk_record_parent_reference foreign key (project_id, parent_reference_id)
          references reference (project_id, id),
        constraint fk_record_parent_suite_item foreign key (project_id, parent_suite_item_id)
          references suite_item (project_id, id),
        constraint ck_record_parent_one check (
          (parent_record_id is null) = (parent_version_id is null)
          and (parent_record_id is null) <> (parent_suite_item_id is null)
          and (parent_reference_id is null or parent_record_id is not null)
          and parent_record_id <> record_id)
      );
      create index ix_record_parent_record on record_parent (parent_record_id) where parent_record_id is not null;
      create index ix_record_parent_reference on record_parent (parent_reference_id)
        where parent_reference_id is not null;
      create index ix_record_parent_suite_item on record_parent (parent_suite_item_id)
        where parent_suite_item_id is not null;

      create index ix_record_derived_from on record (derived_from_record_id) where derived_from_record_id is not null;
      -- Records that left the group their question alone would give them: few, and the start of every regrouping.
      create index ix_record_regrouped on record (project_id, question_hash) where group_id <> left(question_hash, 32);
      create index ix_version_removal on version (removal_id) where removal_id is not null;
      create index ix_answer_version on answer (version_id) where version_id is not null;
      create index ix_snapshot_item_version on snapshot_item (version_id) where version_id is not null;
      alter table snapshot_item
        drop constraint fk_snapshot_item_version,
        add constraint fk_snapshot_item_record foreign key (project_id, record_id) references record (project_id, id),
        add constraint fk_snapshot_item_version foreign key (project_id, record_id, version_id)
          references version (project_id, record_id, id);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table snapshot_item
        drop constraint fk_snapshot_item_record,
        drop constraint fk_snapshot_item_version,
        add constraint fk_snapshot_item_version foreign key (project_id, version_id)
          references version (project_id, id);
      drop index ix_snapshot_item_version, ix_answer_version, ix_version_removal, ix_record_regrouped,
        ix_record_derived_from;
      drop table record_parent;
    `);
  }
}
