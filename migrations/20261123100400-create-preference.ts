import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What doctors answered, what models answered, and how the answers were judged. */
export class CreatePreference20261123100400 implements MigrationInterface {
  readonly name = 'CreatePreference20261123100400';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table prompt (
        id uuid not null,
        project_id uuid not null,
        record_id uuid not null,
        version_id uuid not null,
        -- The dialogue up to and including this patient turn.
        turn_n integer not null,
        created_at timestamptz not null default now(),
        constraint pk_prompt primary key (id),
        constraint uq_prompt_project_id unique (project_id, id),
        constraint uq_prompt_turn unique (version_id, turn_n),
        constraint fk_prompt_version foreign key (project_id, record_id, version_id)
          references version (project_id, record_id, id)
      );
      create index ix_prompt_record on prompt (record_id);
      create index ix_prompt_list on prompt (project_id, created_at desc, id desc);

      create table reference (
        id uuid not null,
        project_id uuid not null,
        prompt_id uuid not null,
        doctor_id uuid,
        revision integer not null default 1,
        kind text not null,
        text text,
        -- Written after the doctor had seen a model's reply on that record, and allowed all the same.
        after_exposure boolean not null default false,
        llm_call_ids uuid[] not null default '{}',
        rehearsal boolean not null default false,
        synthetic boolean not null default false,
        removal_id uuid,
        created_at timestamptz not null default now(),
        constraint pk_reference primary key (id),
        constraint uq_reference_project_id unique (project_id, id),
        constraint uq_reference_revision unique nulls not distinct (prompt_id, doctor_id, revision),
        constraint fk_reference_prompt foreign key (project_id, prompt_id) references prompt (project_id, id),
        constraint fk_reference_doctor foreign key (doctor_id) references person (id),
        constraint ck_reference_kind check (kind in ('answer', 'ask_first', 'cannot_answer'))
      );
      create index ix_reference_prompt on reference (prompt_id, created_at desc);

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

      create table candidate (
        id uuid not null,
        project_id uuid not null,
        prompt_id uuid not null,
        provider_id uuid,
        model text not null,
        model_id uuid,
        settings jsonb not null default '{}',
        sample_index integer not null,
        text text,
        llm_item_id uuid,
        checkpoint_hash text,
        rehearsal boolean not null default false,
        removal_id uuid,
        created_at timestamptz not null default now(),
        constraint pk_candidate primary key (id),
        constraint uq_candidate_project_id unique (project_id, id),
        constraint uq_candidate_prompt unique (project_id, prompt_id, id),
        constraint uq_candidate_llm_item unique (llm_item_id),
        constraint fk_candidate_prompt foreign key (project_id, prompt_id) references prompt (project_id, id),
        constraint fk_candidate_provider foreign key (project_id, provider_id) references provider (project_id, id),
        constraint fk_candidate_llm_item foreign key (project_id, llm_item_id) references llm_item (project_id, id)
      );
      create index ix_candidate_prompt on candidate (prompt_id, model, sample_index);

      create table rubric_version (
        id uuid not null,
        project_id uuid not null,
        key text not null,
        number integer not null,
        -- [{key, name_zh, name_en, min, max, weight}]
        dimensions jsonb not null,
        prompt_version_id uuid,
        created_at timestamptz not null default now(),
        constraint pk_rubric_version primary key (id),
        constraint uq_rubric_version_project_id unique (project_id, id),
        constraint uq_rubric_version_number unique (project_id, key, number),
        constraint fk_rubric_version_project foreign key (project_id) references project (id),
        constraint fk_rubric_version_prompt_version foreign key (project_id, prompt_version_id)
          references prompt_version (project_id, id)
      );
      create trigger rubric_version_is_immutable before update or delete on rubric_version
        for each row execute function refuse_change();

      create table judgement (
        id uuid not null,
        project_id uuid not null,
        prompt_id uuid not null,
        reference_id uuid,
        rubric_version_id uuid not null,
        origin text not null,
        person_id uuid,
        llm_item_id uuid,
        slot_id uuid,
        -- True where the doctor saw the AI's order first: shown, used, but never for calibration.
        ai_order_shown boolean not null default false,
        rehearsal boolean not null default false,
        synthetic boolean not null default false,
        reason text,
        removal_id uuid,
        created_at timestamptz not null default now(),
        constraint pk_judgement primary key (id),
        constraint uq_judgement_project_id unique (project_id, id),
        constraint uq_judgement_prompt unique (project_id, prompt_id, id),
        constraint uq_judgement_llm_item unique (llm_item_id),
        constraint fk_judgement_prompt foreign key (project_id, prompt_id) references prompt (project_id, id),
        constraint fk_judgement_reference foreign key (project_id, reference_id) references reference (project_id, id),
        constraint fk_judgement_rubric foreign key (project_id, rubric_version_id)
          references rubric_version (project_id, id),
        constraint fk_judgement_person foreign key (person_id) references person (id),
        constraint fk_judgement_llm_item foreign key (project_id, llm_item_id) references llm_item (project_id, id),
        constraint fk_judgement_slot foreign key (project_id, slot_id) references slot (project_id, id),
        constraint ck_judgement_origin check (origin in ('ai', 'doctor', 'lay'))
      );
      create index ix_judgement_prompt on judgement (prompt_id, created_at desc);

      create table judgement_item (
        judgement_id uuid not null,
        project_id uuid not null,
        prompt_id uuid not null,
        candidate_id uuid not null,
        position_shown integer not null,
        scores jsonb not null default '{}',
        total double precision,
        rank integer not null,
        tie_group integer not null default 0,
        bad boolean not null default false,
        constraint pk_judgement_item primary key (judgement_id, candidate_id),
        constraint fk_judgement_item_judgement foreign key (project_id, prompt_id, judgement_id)
          references judgement (project_id, prompt_id, id),
        constraint fk_judgement_item_candidate foreign key (project_id, prompt_id, candidate_id)
          references candidate (project_id, prompt_id, id)
      );
      create index ix_judgement_item_candidate on judgement_item (candidate_id);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop table judgement_item, judgement, rubric_version, candidate, reference_grade, reference, prompt;
    `);
  }
}
