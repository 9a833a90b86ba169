import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Training runs with their attempts and metrics, the models they make, and how models compare. */
export class CreateRuns20261123100600 implements MigrationInterface {
  readonly name = 'CreateRuns20261123100600';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table run (
        id uuid not null,
        project_id uuid not null,
        name text not null,
        method text not null,
        config jsonb not null,
        seed integer not null,
        state text not null default 'queued',
        folder text not null,
        result jsonb,
        failure text,
        -- What a person asked of a running run: the launcher obeys at its next look.
        wish text,
        created_by uuid,
        created_at timestamptz not null default now(),
        started_at timestamptz,
        ended_at timestamptz,
        revision integer not null default 1,
        constraint pk_run primary key (id),
        constraint uq_run_project_id unique (project_id, id),
        constraint fk_run_project foreign key (project_id) references project (id),
        constraint fk_run_created_by foreign key (created_by) references person (id),
        constraint ck_run_method check (method in ('sft', 'reward', 'ppo')),
        constraint ck_run_wish check (wish in ('pause', 'cancel')),
        constraint ck_run_state check (state in
          ('queued', 'starting', 'running', 'paused', 'succeeded', 'failed', 'cancelled', 'lost'))
      );
      create index ix_run_list on run (project_id, created_at desc, id desc);
      alter table api_key add constraint fk_api_key_run foreign key (project_id, run_id) references run (project_id, id);

      create table run_attempt (
        id uuid not null,
        project_id uuid not null,
        run_id uuid not null,
        n integer not null,
        launcher text not null default 'local',
        handle jsonb not null default '{}',
        state text not null default 'starting',
        resumed_from_step integer,
        exit_code integer,
        heartbeat_at timestamptz,
        started_at timestamptz not null default now(),
        ended_at timestamptz,
        constraint pk_run_attempt primary key (id),
        constraint uq_run_attempt_project_id unique (project_id, id),
        constraint uq_run_attempt_n unique (run_id, n),
        constraint fk_run_attempt_run foreign key (project_id, run_id) references run (project_id, id),
        constraint ck_run_attempt_state check (state in ('starting', 'running', 'stopped', 'succeeded', 'failed', 'lost'))
      );

      create table run_metric (
        run_id uuid not null,
        project_id uuid not null,
        attempt integer not null,
        step integer not null,
        key text not null,
        value double precision not null,
        at timestamptz not null,
        constraint pk_run_metric primary key (run_id, attempt, step, key),
        constraint fk_run_metric_run foreign key (project_id, run_id) references run (project_id, id)
      );

      create table checkpoint (
        id uuid not null,
        project_id uuid not null,
        run_id uuid not null,
        attempt integer not null,
        step integer not null,
        folder text not null,
        weights_hash text not null,
        bytes bigint not null,
        created_at timestamptz not null default now(),
        constraint pk_checkpoint primary key (id),
        constraint uq_checkpoint_project_id unique (project_id, id),
        constraint uq_checkpoint_step unique (run_id, attempt, step),
        constraint fk_checkpoint_run foreign key (project_id, run_id) references run (project_id, id)
      );

      create table model (
        id uuid not null,
        project_id uuid not null,
        name text not null,
        stage text not null,
        run_id uuid,
        checkpoint_id uuid,
        weights_hash text not null,
        folder text not null,
        context_tokens integer not null,
        rehearsal boolean not null default false,
        state text not null default 'registered',
        created_at timestamptz not null default now(),
        constraint pk_model primary key (id),
        constraint uq_model_project_id unique (project_id, id),
        constraint uq_model_name unique (project_id, name),
        constraint fk_model_run foreign key (project_id, run_id) references run (project_id, id),
        constraint fk_model_checkpoint foreign key (project_id, checkpoint_id) references checkpoint (project_id, id),
        constraint ck_model_stage check (stage in ('sft', 'reward', 'ppo')),
        constraint ck_model_state check (state in ('registered', 'withdrawn'))
      );
      alter table provider add constraint fk_provider_model foreign key (project_id, model_id)
        references model (project_id, id);
      alter table candidate add constraint fk_candidate_model foreign key (project_id, model_id)
        references model (project_id, id);

      create table run_input (
        run_id uuid not null,
        project_id uuid not null,
        role text not null,
        n integer not null default 0,
        snapshot_id uuid,
        model_id uuid,
        digest text not null,
        weight double precision not null default 1,
        constraint pk_run_input primary key (run_id, role, n),
        constraint fk_run_input_run foreign key (project_id, run_id) references run (project_id, id),
        constraint fk_run_input_snapshot foreign key (project_id, snapshot_id) references snapshot (project_id, id),
        constraint fk_run_input_model foreign key (project_id, model_id) references model (project_id, id),
        constraint ck_run_input_role check (
          role in ('policy', 'reference', 'reward', 'value', 'data', 'ptx', 'validation')),
        constraint ck_run_input_one check ((snapshot_id is null) <> (model_id is null))
      );

      -- A registered model answering over HTTP: a child process of a worker.
      create table model_server (
        id uuid not null,
        project_id uuid not null,
        model_id uuid not null,
        provider_id uuid,
        worker_id text,
        port integer,
        state text not null default 'starting',
        failure text,
        wanted_until timestamptz not null,
        heartbeat_at timestamptz,
        created_at timestamptz not null default now(),
        constraint pk_model_server primary key (id),
        constraint fk_model_server_model foreign key (project_id, model_id) references model (project_id, id),
        constraint fk_model_server_provider foreign key (project_id, provider_id) references provider (project_id, id),
        constraint ck_model_server_state check (state in ('starting', 'ready', 'stopped', 'failed'))
      );
      create unique index uq_model_server_live on model_server (model_id) where state in ('starting', 'ready');

      create table schedule (
        id uuid not null,
        project_id uuid not null,
        name text not null,
        cron text not null,
        run_template jsonb not null,
        state text not null default 'active',
        next_at timestamptz,
        last_run_id uuid,
        created_by uuid,
        created_at timestamptz not null default now(),
        constraint pk_schedule primary key (id),
        constraint uq_schedule_name unique (project_id, name),
        constraint fk_schedule_project foreign key (project_id) references project (id),
        constraint fk_schedule_last_run foreign key (project_id, last_run_id) references run (project_id, id),
        constraint fk_schedule_created_by foreign key (created_by) references person (id)
      );

      create table evaluation (
        id uuid not null,
        project_id uuid not null,
        name text not null,
        suite_id uuid not null,
        model_a_id uuid not null,
        model_b_id uuid not null,
        judge_provider_id uuid not null,
        judge_model text not null,
        prompt_version_id uuid,
        settings jsonb not null default '{}',
        state text not null default 'queued',
        summary jsonb,
        failure text,
        rehearsal boolean not null default false,
        created_by uuid,
        created_at timestamptz not null default now(),
        ended_at timestamptz,
        constraint pk_evaluation primary key (id),
        constraint uq_evaluation_project_id unique (project_id, id),
        constraint fk_evaluation_suite foreign key (project_id, suite_id) references suite (project_id, id),
        constraint fk_evaluation_model_a foreign key (project_id, model_a_id) references model (project_id, id),
        constraint fk_evaluation_model_b foreign key (project_id, model_b_id) references model (project_id, id),
        constraint fk_evaluation_judge foreign key (project_id, judge_provider_id) references provider (project_id, id),
        constraint fk_evaluation_prompt_version foreign key (project_id, prompt_version_id)
          references prompt_version (project_id, id),
        constraint fk_evaluation_created_by foreign key (created_by) references person (id),
        constraint ck_evaluation_state check (state in ('queued', 'answering', 'judging', 'done', 'failed', 'cancelled'))
      );
      create index ix_evaluation_list on evaluation (project_id, created_at desc, id desc);

      create table model_answer (
        id uuid not null,
        project_id uuid not null,
        evaluation_id uuid not null,
        suite_item_id uuid not null,
        model_id uuid not null,
        text text,
        llm_item_id uuid,
        rehearsal boolean not null default false,
        removal_id uuid,
        created_at timestamptz not null default now(),
        constraint pk_model_answer primary key (id),
        constraint uq_model_answer_project_id unique (project_id, id),
        constraint uq_model_answer unique (evaluation_id, suite_item_id, model_id),
        constraint uq_model_answer_llm_item unique (llm_item_id),
        constraint fk_model_answer_evaluation foreign key (project_id, evaluation_id)
          references evaluation (project_id, id),
        constraint fk_model_answer_suite_item foreign key (project_id, suite_item_id)
          references suite_item (project_id, id),
        constraint fk_model_answer_model foreign key (project_id, model_id) references model (project_id, id),
        constraint fk_model_answer_llm_item foreign key (project_id, llm_item_id) references llm_item (project_id, id)
      );

      create table verdict (
        id uuid not null,
        project_id uuid not null,
        evaluation_id uuid not null,
        suite_item_id uuid not null,
        -- Which answer stood first before the judge.
        first_answer_id uuid not null,
        second_answer_id uuid not null,
        origin text not null,
        person_id uuid,
        -- first, second or tie, as shown.
        outcome text not null,
        reason text,
        llm_item_id uuid,
        removal_id uuid,
        created_at timestamptz not null default now(),
        constraint pk_verdict primary key (id),
        constraint uq_verdict_order unique nulls not distinct
          (evaluation_id, suite_item_id, first_answer_id, second_answer_id, origin, person_id),
        constraint uq_verdict_llm_item unique (llm_item_id),
        constraint fk_verdict_evaluation foreign key (project_id, evaluation_id) references evaluation (project_id, id),
        constraint fk_verdict_first foreign key (project_id, first_answer_id) references model_answer (project_id, id),
        constraint fk_verdict_second foreign key (project_id, second_answer_id) references model_answer (project_id, id),
        constraint fk_verdict_person foreign key (person_id) references person (id),
        constraint fk_verdict_llm_item foreign key (project_id, llm_item_id) references llm_item (project_id, id),
        constraint ck_verdict_origin check (origin in ('ai', 'doctor', 'lay')),
        constraint ck_verdict_outcome check (outcome in ('first', 'second', 'tie'))
      );
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table candidate drop constraint fk_candidate_model;
      alter table provider drop constraint fk_provider_model;
      alter table api_key drop constraint fk_api_key_run;
      drop table verdict, model_answer, evaluation, schedule, model_server, run_input, model, checkpoint, run_metric,
        run_attempt, run;
    `);
  }
}
