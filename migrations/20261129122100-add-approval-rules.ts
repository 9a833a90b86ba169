import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Texts approved by a rule: which, what people found in a sample of them before, and in spot checks since. What was found
 * before is kept as it stood when the rule was put in force.
 */
export class AddApprovalRules20261129122100 implements MigrationInterface {
  readonly name = 'AddApprovalRules20261129122100';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table approval_rule (
        id uuid not null,
        project_id uuid not null,
        name text not null,
        state text not null default 'sampling',
        filter jsonb not null,
        unpolished boolean not null,
        -- The largest share of faults that is let in, said before anybody reads.
        bar double precision not null,
        seed integer not null,
        size integer not null,
        check_size integer not null,
        sample_task_set_id uuid not null,
        -- When the sample was drawn, and of how many; null until then. Newer texts are not what it speaks of.
        drawn_at timestamptz,
        population integer,
        drawn integer,
        bulk_job_id uuid,
        evidence jsonb,
        reason text,
        approved_by uuid,
        approved_at timestamptz,
        stopped_why text,
        stopped_by uuid,
        stop_reason text,
        stopped_at timestamptz,
        checked_at timestamptz,
        created_by uuid,
        created_at timestamptz not null default now(),
        constraint pk_approval_rule primary key (id),
        constraint uq_approval_rule_project_id unique (project_id, id),
        constraint uq_approval_rule_sample unique (sample_task_set_id),
        constraint fk_approval_rule_project foreign key (project_id) references project (id),
        constraint fk_approval_rule_sample foreign key (project_id, sample_task_set_id)
          references task_set (project_id, id),
        constraint fk_approval_rule_bulk_job foreign key (project_id, bulk_job_id) references bulk_job (project_id, id),
        constraint fk_approval_rule_approved_by foreign key (approved_by) references person (id),
        constraint fk_approval_rule_stopped_by foreign key (stopped_by) references person (id),
        constraint fk_approval_rule_created_by foreign key (created_by) references person (id),
        constraint ck_approval_rule_state check (state in ('sampling', 'in_force', 'stopped')),
        constraint ck_approval_rule_bar check (bar > 0 and bar < 1),
        constraint ck_approval_rule_in_force check (
          state <> 'in_force' or bulk_job_id is not null and evidence is not null and approved_by is not null),
        constraint ck_approval_rule_stopped check ((state = 'stopped') = (stopped_at is not null)),
        constraint ck_approval_rule_why check (stopped_why in ('spot_checks', 'person'))
      );
      create index ix_approval_rule_created on approval_rule (project_id, created_at desc, id desc);
      create unique index uq_approval_rule_job on approval_rule (bulk_job_id) where bulk_job_id is not null;

      create table approval_check (
        task_set_id uuid not null,
        project_id uuid not null,
        rule_id uuid not null,
        created_at timestamptz not null default now(),
        constraint pk_approval_check primary key (task_set_id),
        constraint fk_approval_check_task_set foreign key (project_id, task_set_id) references task_set (project_id, id),
        constraint fk_approval_check_rule foreign key (project_id, rule_id) references approval_rule (project_id, id)
      );
      create index ix_approval_check_rule on approval_check (rule_id, created_at);
      create index ix_bulk_job_about on bulk_job (about_id, created_at) where about_id is not null;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop index ix_bulk_job_about; drop table approval_check, approval_rule;');
  }
}
