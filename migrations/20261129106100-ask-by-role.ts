import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Who is asked stands in roles of a job, since a dialogue asks two models; each item says which. What fails is a model, not
 * its whole provider; a fault that will not go away is counted on the job it stops. A breaker that is open while this runs
 * is forgotten: it would have closed within half a minute.
 */
export class AskByRole20261129106100 implements MigrationInterface {
  readonly name = 'AskByRole20261129106100';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table llm_job_role (
        project_id uuid not null,
        job_id uuid not null,
        role text not null,
        provider_id uuid not null,
        model text not null,
        prompt_version_ids uuid[] not null default '{}',
        -- Since when it has waited for its turn at the provider, and when it last asked for it.
        waiting_since timestamptz,
        asked_at timestamptz,
        constraint pk_llm_job_role primary key (job_id, role),
        constraint fk_llm_job_role_job foreign key (project_id, job_id) references llm_job (project_id, id),
        constraint fk_llm_job_role_provider foreign key (project_id, provider_id) references provider (project_id, id)
      );
      create index ix_llm_job_role_provider on llm_job_role (provider_id, job_id);
      insert into llm_job_role (project_id, job_id, role, provider_id, model, prompt_version_ids)
        select project_id, id, 'answer', provider_id, model, prompt_version_ids from llm_job;

      alter table llm_item add column role text not null default 'answer';
      -- What is out at a provider is counted before each claim.
      create index ix_llm_item_in_flight on llm_item (job_id, role) where state = 'in_flight';

      alter table llm_job
        add column fault_code text,
        -- The setting it names, where it names one.
        add column fault_param text,
        -- The provider's own sentence, bounded, without a word of what was asked.
        add column fault_said text,
        add column fault_count integer not null default 0,
        -- Something was stored since it was last let run.
        add column works boolean not null default false;

      create table model_breaker (
        project_id uuid not null,
        provider_id uuid not null,
        model text not null,
        failures integer not null default 0,
        open_until timestamptz,
        reason text not null,
        constraint pk_model_breaker primary key (provider_id, model),
        constraint fk_model_breaker_provider foreign key (project_id, provider_id) references provider (project_id, id),
        constraint ck_model_breaker_reason check (reason in ('failing', 'rate_limited'))
      );
      alter table provider drop column breaker_failures;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table provider add column breaker_failures integer not null default 0;
      drop table model_breaker;
      alter table llm_job drop column fault_code, drop column fault_param, drop column fault_said, drop column fault_count, drop column works;
      drop index ix_llm_item_in_flight;
      alter table llm_item drop column role;
      drop table llm_job_role;
    `);
  }
}
