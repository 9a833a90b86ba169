import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What is done to many records at once is a job: how far it is, what it did to each record and what it left, so that it can
 * be taken back. An approval says whether people read the text, or a rule let it in, and by which job.
 */
export class AddBulkJobs20261129122000 implements MigrationInterface {
  readonly name = 'AddBulkJobs20261129122000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table bulk_job (
        id uuid not null,
        project_id uuid not null,
        kind text not null,
        state text not null default 'queued',
        filter jsonb not null default '{}',
        settings jsonb not null default '{}',
        -- What it is about besides records: the task set it fills, the rule it follows.
        about_id uuid,
        reason text,
        -- Null until it has been counted.
        total integer,
        seen integer not null default 0,
        done integer not null default 0,
        left_out integer not null default 0,
        undone integer not null default 0,
        kept integer not null default 0,
        -- How many were left out, and kept when it was taken back, by reason.
        reasons jsonb not null default '{}',
        -- The last one looked at: where it goes on.
        after_id uuid,
        failure text,
        created_by uuid,
        created_at timestamptz not null default now(),
        started_at timestamptz,
        ended_at timestamptz,
        constraint pk_bulk_job primary key (id),
        constraint uq_bulk_job_project_id unique (project_id, id),
        constraint fk_bulk_job_project foreign key (project_id) references project (id),
        constraint fk_bulk_job_created_by foreign key (created_by) references person (id),
        constraint ck_bulk_job_kind check (kind in ('hold_back', 'take_back_in', 'hand_back', 'approve', 'make_task_set')),
        constraint ck_bulk_job_state check (state in ('queued', 'running', 'done', 'failed', 'cancelled', 'undoing',
          'undone'))
      );
      create index ix_bulk_job_created on bulk_job (project_id, created_at desc, id desc);
      create index ix_bulk_job_unfinished on bulk_job (state) where state in ('queued', 'running', 'undoing');

      create table bulk_item (
        bulk_job_id uuid not null,
        project_id uuid not null,
        record_id uuid not null,
        outcome text not null,
        reason text,
        -- What it made or ended, so that it can be taken back.
        approval_id uuid,
        hold_id uuid,
        constraint pk_bulk_item primary key (bulk_job_id, record_id),
        constraint fk_bulk_item_job foreign key (project_id, bulk_job_id) references bulk_job (project_id, id),
        constraint fk_bulk_item_record foreign key (record_id, project_id) references record (id, project_id),
        constraint ck_bulk_item_outcome check (outcome in ('done', 'left', 'undone', 'kept')),
        constraint ck_bulk_item_reason check ((outcome in ('left', 'kept')) = (reason is not null))
      );
      create index ix_bulk_item_told on bulk_item (bulk_job_id, outcome, record_id) where outcome in ('left', 'kept');

      alter table approval
        add column how text not null generated always as (
          case when rule is null or rule in ('single_answer', 'all_answers_agree') then 'reviewed' else 'by_rule' end
        ) stored,
        add column bulk_job_id uuid,
        add constraint fk_approval_bulk_job foreign key (project_id, bulk_job_id) references bulk_job (project_id, id);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table approval drop column bulk_job_id, drop column how;
      drop table bulk_item, bulk_job;
    `);
  }
}
