import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Tables that no code has ever written to go, with the columns that pointed at them; each comes back with the code that
 * fills it. `removal_id` stays on every text, since erasing needs it in place before there is a request to name.
 */
export class DropUnusedTables20261129104400 implements MigrationInterface {
  readonly name = 'DropUnusedTables20261129104400';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table task_set drop column guideline_version_id;
      alter table record drop column cluster_id;
      alter table version drop constraint fk_version_removal;
      drop table llm_batch, removal_request, near_duplicate_cluster, pseudonym_map, guideline_version, review,
        adjudication, control_item, qualification, thread, reference_grade;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table llm_batch (
        id uuid not null,
        project_id uuid not null,
        job_id uuid not null,
        provider_batch_id text,
        input_file_id text,
        output_file_id text,
        error_file_id text,
        state text not null,
        counts jsonb not null default '{}',
        created_at timestamptz not null default now(),
        ended_at timestamptz,
        constraint pk_llm_batch primary key (id),
        constraint fk_llm_batch_job foreign key (project_id, job_id) references llm_job (project_id, id)
      );

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

      create table guideline_version (
        id uuid not null,
        project_id uuid not null,
        kind text not null,
        number integer not null,
        text_zh text not null,
        text_en text not null,
        author_id uuid,
        created_at timestamptz not null default now(),
        constraint pk_guideline_version primary key (id),
        constraint uq_guideline_version_project_id unique (project_id, id),
        constraint uq_guideline_version_number unique (project_id, kind, number),
        constraint fk_guideline_version_project foreign key (project_id) references project (id),
        constraint fk_guideline_version_author foreign key (author_id) references person (id)
      );

      create table review (
        id uuid not null,
        project_id uuid not null,
        answer_id uuid not null,
        reviewer_id uuid not null,
        verdict text not null,
        comment text not null default '',
        created_at timestamptz not null default now(),
        constraint pk_review primary key (id),
        constraint fk_review_answer foreign key (project_id, answer_id) references answer (project_id, id),
        constraint fk_review_reviewer foreign key (reviewer_id) references person (id),
        constraint ck_review_verdict check (verdict in ('accepted', 'returned'))
      );

      create table adjudication (
        id uuid not null,
        project_id uuid not null,
        task_id uuid not null,
        decided_by uuid not null,
        answer_id uuid,
        version_id uuid,
        comment text not null default '',
        created_at timestamptz not null default now(),
        constraint pk_adjudication primary key (id),
        constraint fk_adjudication_task foreign key (project_id, task_id) references task (project_id, id),
        constraint fk_adjudication_answer foreign key (project_id, answer_id) references answer (project_id, id),
        constraint fk_adjudication_version foreign key (project_id, version_id) references version (project_id, id),
        constraint fk_adjudication_decided_by foreign key (decided_by) references person (id)
      );

      create table control_item (
        id uuid not null,
        project_id uuid not null,
        task_set_id uuid not null,
        record_id uuid not null,
        expected jsonb not null,
        created_at timestamptz not null default now(),
        constraint pk_control_item primary key (id),
        constraint fk_control_item_task_set foreign key (project_id, task_set_id) references task_set (project_id, id),
        constraint fk_control_item_record foreign key (project_id, record_id) references record (project_id, id)
      );

      create table qualification (
        id uuid not null,
        project_id uuid not null,
        person_id uuid not null,
        kind text not null,
        passed_at timestamptz,
        figures jsonb not null default '{}',
        constraint pk_qualification primary key (id),
        constraint uq_qualification_person unique (project_id, person_id, kind),
        constraint fk_qualification_project foreign key (project_id) references project (id),
        constraint fk_qualification_person foreign key (person_id) references person (id)
      );

      create table thread (
        id uuid not null,
        project_id uuid not null,
        subject_type text not null,
        subject_id uuid not null,
        author_id uuid not null,
        body text,
        removal_id uuid,
        resolved_at timestamptz,
        created_at timestamptz not null default now(),
        constraint pk_thread primary key (id),
        constraint fk_thread_project foreign key (project_id) references project (id),
        constraint fk_thread_author foreign key (author_id) references person (id)
      );

      create table reference_grade (
        id uuid not null,
        project_id uuid not null,
        reference_id uuid not null,
        grader_id uuid not null,
        grade integer not null,
        comment text,
        created_at timestamptz not null default now(),
        constraint pk_reference_grade primary key (id),
        constraint uq_reference_grade unique (reference_id, grader_id),
        constraint fk_reference_grade_reference foreign key (project_id, reference_id)
          references reference (project_id, id),
        constraint fk_reference_grade_grader foreign key (grader_id) references person (id)
      );

      create trigger guideline_version_is_immutable before update or delete on guideline_version
        for each row execute function refuse_change();
      alter table version add constraint fk_version_removal foreign key (project_id, removal_id)
        references removal_request (project_id, id);
      alter table record add column cluster_id uuid;
      alter table record add constraint fk_record_cluster foreign key (project_id, cluster_id)
        references near_duplicate_cluster (project_id, id);
      alter table task_set add column guideline_version_id uuid;
      alter table task_set add constraint fk_task_set_guideline foreign key (project_id, guideline_version_id)
        references guideline_version (project_id, id);
    `);
  }
}
