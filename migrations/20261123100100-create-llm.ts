import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The one gate to language models: who is asked, with what words, what was sent, received and paid. */
export class CreateLlm20261123100100 implements MigrationInterface {
  readonly name = 'CreateLlm20261123100100';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table provider (
        id uuid not null,
        project_id uuid not null,
        name text not null,
        kind text not null,
        base_url text not null,
        encrypted_key text,
        -- [{name, text_only, context_tokens, input_price, output_price}], prices per million tokens.
        models jsonb not null default '[]',
        currency text not null default 'CNY',
        -- Text sent to an outside provider leaves the house (data-model.md, Egress).
        outside boolean not null default true,
        declared_inside_by uuid,
        declared_inside_at timestamptz,
        honours_idempotency boolean not null default false,
        max_concurrency integer not null default 4,
        requests_per_minute integer not null default 600,
        bucket_tokens double precision not null default 0,
        bucket_at timestamptz not null default now(),
        breaker_failures integer not null default 0,
        breaker_open_until timestamptz,
        -- The registered model that a serve process answers with.
        model_id uuid,
        state text not null default 'active',
        revision integer not null default 1,
        created_at timestamptz not null default now(),
        constraint pk_provider primary key (id),
        constraint uq_provider_project_id unique (project_id, id),
        constraint uq_provider_name unique (project_id, name),
        constraint fk_provider_project foreign key (project_id) references project (id),
        constraint fk_provider_declared_inside_by foreign key (declared_inside_by) references person (id),
        constraint ck_provider_kind check (kind in ('rehearsal', 'serve', 'external')),
        constraint ck_provider_state check (state in ('active', 'retired'))
      );

      create table prompt_template (
        id uuid not null,
        project_id uuid not null,
        key text not null,
        purpose text not null,
        name text not null,
        created_at timestamptz not null default now(),
        constraint pk_prompt_template primary key (id),
        constraint uq_prompt_template_project_id unique (project_id, id),
        constraint uq_prompt_template_key unique (project_id, key),
        constraint fk_prompt_template_project foreign key (project_id) references project (id),
        constraint ck_prompt_template_purpose check (
          purpose in ('house_style', 'polish', 'distil', 'classify', 'candidate', 'judge', 'evaluate'))
      );

      create table prompt_version (
        id uuid not null,
        project_id uuid not null,
        template_id uuid not null,
        number integer not null,
        system_text text not null,
        user_text text not null,
        variables text[] not null default '{}',
        settings jsonb not null default '{}',
        author_id uuid,
        created_at timestamptz not null default now(),
        constraint pk_prompt_version primary key (id),
        constraint uq_prompt_version_project_id unique (project_id, id),
        constraint uq_prompt_version_number unique (template_id, number),
        constraint fk_prompt_version_template foreign key (project_id, template_id)
          references prompt_template (project_id, id),
        constraint fk_prompt_version_author foreign key (author_id) references person (id)
      );
      create trigger prompt_version_is_immutable before update or delete on prompt_version
        for each row execute function refuse_change();

      create table llm_job (
        id uuid not null,
        project_id uuid not null,
        purpose text not null,
        name text not null,
        filter jsonb not null default '{}',
        prompt_version_ids uuid[] not null default '{}',
        provider_id uuid not null,
        model text not null,
        settings jsonb not null default '{}',
        budget_limit numeric(14, 6),
        estimate jsonb,
        state text not null default 'draft',
        total integer not null default 0,
        failure text,
        -- What this job works for: a candidate set, an evaluation.
        parent_type text,
        parent_id uuid,
        created_by uuid,
        created_at timestamptz not null default now(),
        started_at timestamptz,
        ended_at timestamptz,
        revision integer not null default 1,
        constraint pk_llm_job primary key (id),
        constraint uq_llm_job_project_id unique (project_id, id),
        constraint fk_llm_job_provider foreign key (project_id, provider_id) references provider (project_id, id),
        constraint fk_llm_job_created_by foreign key (created_by) references person (id),
        constraint ck_llm_job_purpose check (
          purpose in ('polish', 'distil', 'classify', 'candidate', 'judge', 'evaluate')),
        constraint ck_llm_job_state check (
          state in ('draft', 'estimated', 'running', 'paused', 'done', 'cancelled', 'failed'))
      );
      create index ix_llm_job_list on llm_job (project_id, created_at desc, id desc);

      create table llm_item (
        id uuid not null,
        project_id uuid not null,
        job_id uuid not null,
        subject_type text not null,
        subject_id uuid not null,
        turn_n integer not null default -1,
        sample_index integer not null default 0,
        prompt_version_id uuid,
        -- What the answer is made from beside the subject: candidate ids in the order shown, model ids.
        params jsonb not null default '{}',
        state text not null default 'waiting',
        attempts integer not null default 0,
        in_doubt_count integer not null default 0,
        lease_owner text,
        lease_until timestamptz,
        fencing_token bigint not null default 0,
        run_at timestamptz not null default now(),
        idempotency_key text not null,
        result_type text,
        result_id uuid,
        error_code text,
        error_detail text,
        input_tokens integer not null default 0,
        output_tokens integer not null default 0,
        cost numeric(14, 6) not null default 0,
        created_at timestamptz not null default now(),
        updated_at timestamptz not null default now(),
        constraint pk_llm_item primary key (id),
        constraint uq_llm_item_project_id unique (project_id, id),
        constraint uq_llm_item_subject unique nulls not distinct
          (job_id, subject_id, turn_n, sample_index, prompt_version_id),
        constraint fk_llm_item_job foreign key (project_id, job_id) references llm_job (project_id, id),
        constraint fk_llm_item_prompt_version foreign key (project_id, prompt_version_id)
          references prompt_version (project_id, id),
        constraint ck_llm_item_state check (
          state in ('waiting', 'in_flight', 'in_doubt', 'answered', 'stored', 'failed', 'skipped'))
      ) with (autovacuum_vacuum_scale_factor = 0.02);
      create index ix_llm_item_ready on llm_item (job_id, run_at, id) where state = 'waiting';
      create index ix_llm_item_lease on llm_item (lease_until) where state in ('in_flight', 'answered');
      create index ix_llm_item_job_state on llm_item (job_id, state);
      create index ix_llm_item_subject on llm_item (project_id, subject_id);

      create table llm_call (
        id uuid not null,
        project_id uuid not null,
        item_id uuid,
        job_id uuid,
        purpose text not null,
        provider_id uuid not null,
        model text not null,
        prompt_version_id uuid,
        request_hash text not null,
        attempt integer not null default 1,
        idempotency_key text not null,
        state text not null,
        status_code integer,
        input_tokens integer not null default 0,
        output_tokens integer not null default 0,
        cost numeric(14, 6) not null default 0,
        -- True while the cost is the reserved estimate and not the server's word.
        estimated boolean not null default true,
        -- A slow worker's late answer whose item went on without it: charged, not used.
        second_charge boolean not null default false,
        rehearsal boolean not null default false,
        latency_ms integer,
        error_code text,
        requested_by uuid,
        created_at timestamptz not null default now(),
        answered_at timestamptz,
        constraint pk_llm_call primary key (id),
        constraint uq_llm_call_project_id unique (project_id, id),
        constraint fk_llm_call_item foreign key (project_id, item_id) references llm_item (project_id, id),
        constraint fk_llm_call_job foreign key (project_id, job_id) references llm_job (project_id, id),
        constraint fk_llm_call_provider foreign key (project_id, provider_id) references provider (project_id, id),
        constraint fk_llm_call_prompt_version foreign key (project_id, prompt_version_id)
          references prompt_version (project_id, id),
        constraint fk_llm_call_requested_by foreign key (requested_by) references person (id),
        constraint ck_llm_call_state check (state in ('sending', 'answered', 'failed', 'in_doubt', 'cached'))
      );
      create index ix_llm_call_item on llm_call (item_id);
      create index ix_llm_call_job on llm_call (job_id, created_at);
      create index ix_llm_call_cache on llm_call (project_id, request_hash) where state = 'answered';

      create table llm_payload (
        call_id uuid not null,
        project_id uuid not null,
        request jsonb,
        answer text,
        expires_at timestamptz not null,
        removal_id uuid,
        constraint pk_llm_payload primary key (call_id),
        constraint fk_llm_payload_call foreign key (project_id, call_id) references llm_call (project_id, id)
      );
      create index ix_llm_payload_expires_at on llm_payload (expires_at);

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

      create table budget (
        id uuid not null,
        project_id uuid not null,
        scope text not null,
        job_id uuid,
        -- First day of the month of a monthly budget.
        month date,
        limit_amount numeric(14, 6) not null,
        spent numeric(14, 6) not null default 0,
        reserved numeric(14, 6) not null default 0,
        currency text not null default 'CNY',
        created_at timestamptz not null default now(),
        constraint pk_budget primary key (id),
        constraint uq_budget_project_id unique (project_id, id),
        constraint uq_budget_scope unique nulls not distinct (project_id, scope, job_id, month),
        constraint fk_budget_project foreign key (project_id) references project (id),
        constraint fk_budget_job foreign key (project_id, job_id) references llm_job (project_id, id),
        constraint ck_budget_scope check (scope in ('job', 'project', 'month'))
      );

      create table reservation (
        id uuid not null,
        project_id uuid not null,
        call_id uuid not null,
        budget_id uuid not null,
        amount numeric(14, 6) not null,
        settled numeric(14, 6),
        state text not null default 'held',
        created_at timestamptz not null default now(),
        constraint pk_reservation primary key (id),
        constraint uq_reservation_call unique (call_id, budget_id),
        constraint fk_reservation_call foreign key (project_id, call_id) references llm_call (project_id, id),
        constraint fk_reservation_budget foreign key (project_id, budget_id) references budget (project_id, id),
        constraint ck_reservation_state check (state in ('held', 'settled', 'released'))
      );
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop table reservation, budget, llm_batch, llm_payload, llm_call, llm_item, llm_job, prompt_version,
        prompt_template, provider;
    `);
  }
}
