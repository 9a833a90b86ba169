import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * An evaluation has any number of entrants (models of our own, of providers, answers brought along) and of judges (models,
 * doctors). An answer is a list of turns. Two answers to one question are a pair, which judges are asked about and doctors
 * are given as a task; nobody is given answers of their own.
 */
export class OpenEvaluations20261129107200 implements MigrationInterface {
  readonly name = 'OpenEvaluations20261129107200';

  async up(runner: QueryRunner): Promise<void> {
    await this.createEntrants(runner);
    await this.createPairs(runner);
    await this.carryJobs(runner);
    await runner.query(`
      alter table evaluation
        add column baseline_n integer,
        add column total integer not null default 0;
      update evaluation e set
        total = 4 * (select count(*) from suite_item q where q.suite_id = e.suite_id),
        summary = case when summary is null then null else jsonb_build_object('judges', jsonb_build_array(
          jsonb_build_object('judgeId', (select j.id from evaluation_judge j where j.evaluation_id = e.id),
            'pairs', jsonb_build_array(jsonb_build_object(
              'a', (select x.id from entrant x where x.evaluation_id = e.id and x.n = 1),
              'b', (select x.id from entrant x where x.evaluation_id = e.id and x.n = 2),
              'summary', summary || '{"bothBad": 0}'))))) end;
      alter table evaluation
        drop column model_a_id, drop column model_b_id, drop column judge_provider_id, drop column judge_model,
        drop column prompt_version_id;

      alter table task_set drop constraint ck_task_set_kind, add constraint ck_task_set_kind
        check (kind in ('polish_review', 'reference', 'ranking', 'confirm_ranking', 'blind_pair'));
    `);
  }

  private createEntrants(runner: QueryRunner): Promise<unknown> {
    return runner.query(`
      create table entrant (
        id uuid not null,
        project_id uuid not null,
        evaluation_id uuid not null,
        n integer not null,
        kind text not null,
        name text not null,
        model_id uuid,
        provider_id uuid,
        provider_model text,
        -- Who wrote the answers, where a person of the project did.
        author_id uuid,
        constraint pk_entrant primary key (id),
        constraint uq_entrant_project_id unique (project_id, id),
        constraint uq_entrant_evaluation unique (project_id, evaluation_id, id),
        constraint uq_entrant_n unique (evaluation_id, n),
        constraint fk_entrant_evaluation foreign key (project_id, evaluation_id) references evaluation (project_id, id),
        constraint fk_entrant_model foreign key (project_id, model_id) references model (project_id, id),
        constraint fk_entrant_provider foreign key (project_id, provider_id) references provider (project_id, id),
        constraint fk_entrant_author foreign key (author_id) references person (id),
        constraint ck_entrant_kind check (kind = 'model' and model_id is not null and provider_id is null
          or kind = 'provider' and provider_id is not null and provider_model is not null and model_id is null
          or kind = 'uploaded' and model_id is null and provider_id is null)
      );
      insert into entrant (id, project_id, evaluation_id, n, kind, name, model_id)
        select gen_random_uuid(), e.project_id, e.id, side.n, 'model', m.name, m.id
        from evaluation e cross join lateral (values (1, e.model_a_id), (2, e.model_b_id)) side (n, model_id)
        join model m on m.id = side.model_id;

      create table evaluation_judge (
        id uuid not null,
        project_id uuid not null,
        evaluation_id uuid not null,
        n integer not null,
        kind text not null,
        provider_id uuid,
        model text,
        prompt_version_id uuid,
        -- Of doctors: how many answers a pair, which departments, until when; and the set they are asked in.
        settings jsonb not null default '{}',
        task_set_id uuid,
        constraint pk_evaluation_judge primary key (id),
        constraint uq_evaluation_judge_project_id unique (project_id, id),
        constraint uq_evaluation_judge_evaluation unique (project_id, evaluation_id, id),
        constraint uq_evaluation_judge_n unique (evaluation_id, n),
        constraint uq_evaluation_judge_task_set unique (task_set_id),
        constraint fk_evaluation_judge_evaluation foreign key (project_id, evaluation_id)
          references evaluation (project_id, id),
        constraint fk_evaluation_judge_provider foreign key (project_id, provider_id)
          references provider (project_id, id),
        constraint fk_evaluation_judge_prompt_version foreign key (project_id, prompt_version_id)
          references prompt_version (project_id, id),
        constraint fk_evaluation_judge_task_set foreign key (project_id, task_set_id)
          references task_set (project_id, id),
        constraint ck_evaluation_judge_kind check (
          kind = 'model' and provider_id is not null and model is not null and task_set_id is null
          or kind = 'doctors' and provider_id is null and model is null)
      );
      insert into evaluation_judge (id, project_id, evaluation_id, n, kind, provider_id, model, prompt_version_id)
        select gen_random_uuid(), project_id, id, 1, 'model', judge_provider_id, judge_model, prompt_version_id
        from evaluation;

      alter table model_answer add column entrant_id uuid, add column turns jsonb;
      update model_answer a set entrant_id = x.id,
          turns = case when a.text is null then null
            else jsonb_build_array(jsonb_build_object('role', 'doctor', 'text', a.text)) end
        from entrant x where x.evaluation_id = a.evaluation_id and x.model_id = a.model_id;
      alter table verdict drop constraint fk_verdict_first, drop constraint fk_verdict_second;
      alter table model_answer
        alter column entrant_id set not null,
        drop column text,
        drop column model_id,
        add constraint uq_model_answer unique (evaluation_id, suite_item_id, entrant_id),
        drop constraint uq_model_answer_question,
        add constraint uq_model_answer_entrant unique (project_id, evaluation_id, suite_item_id, entrant_id, id),
        add constraint fk_model_answer_entrant foreign key (project_id, evaluation_id, entrant_id)
          references entrant (project_id, evaluation_id, id);
    `);
  }

  private createPairs(runner: QueryRunner): Promise<unknown> {
    return runner.query(`
      alter table subject add column title text;
      create table subject_author (
        subject_id uuid not null,
        project_id uuid not null,
        person_id uuid not null,
        constraint pk_subject_author primary key (subject_id, person_id),
        constraint fk_subject_author_subject foreign key (project_id, subject_id) references subject (project_id, id),
        constraint fk_subject_author_person foreign key (person_id) references person (id)
      );

      create table answer_pair (
        id uuid not null,
        project_id uuid not null,
        evaluation_id uuid not null,
        suite_item_id uuid not null,
        a_entrant_id uuid not null,
        b_entrant_id uuid not null,
        a_answer_id uuid not null,
        b_answer_id uuid not null,
        subject_kind text not null,
        created_at timestamptz not null default now(),
        constraint pk_answer_pair primary key (id),
        constraint uq_answer_pair_evaluation unique (project_id, evaluation_id, id),
        constraint uq_answer_pair_question unique (evaluation_id, suite_item_id, a_entrant_id, b_entrant_id),
        constraint fk_answer_pair_subject foreign key (project_id, id, subject_kind)
          references subject (project_id, id, kind),
        constraint fk_answer_pair_a foreign key (project_id, evaluation_id, suite_item_id, a_entrant_id, a_answer_id)
          references model_answer (project_id, evaluation_id, suite_item_id, entrant_id, id),
        constraint fk_answer_pair_b foreign key (project_id, evaluation_id, suite_item_id, b_entrant_id, b_answer_id)
          references model_answer (project_id, evaluation_id, suite_item_id, entrant_id, id),
        constraint ck_answer_pair_two check (a_entrant_id <> b_entrant_id),
        constraint ck_answer_pair_kind check (subject_kind in ('verdict_pair', 'dialogue_pair'))
      );
      create temporary table earlier_pair on commit drop as
        select gen_random_uuid() as id, e.project_id, e.id as evaluation_id, a.suite_item_id, x.id as a_entrant_id,
          y.id as b_entrant_id, a.id as a_answer_id, b.id as b_answer_id
        from evaluation e join entrant x on x.evaluation_id = e.id and x.n = 1
        join entrant y on y.evaluation_id = e.id and y.n = 2
        join model_answer a on a.entrant_id = x.id
        join model_answer b on b.entrant_id = y.id and b.suite_item_id = a.suite_item_id
        where e.state not in ('queued', 'answering');
      insert into subject (id, project_id, kind, title)
        select p.id, p.project_id, 'verdict_pair', left(q.messages -> -1 ->> 'content', 120)
        from earlier_pair p join suite_item q on q.id = p.suite_item_id;
      insert into answer_pair (id, project_id, evaluation_id, suite_item_id, a_entrant_id, b_entrant_id, a_answer_id,
          b_answer_id, subject_kind)
        select id, project_id, evaluation_id, suite_item_id, a_entrant_id, b_entrant_id, a_answer_id, b_answer_id,
          'verdict_pair' from earlier_pair;

      alter table verdict
        add column pair_id uuid, add column judge_id uuid, add column shown_first text, add column slot_id uuid,
        add column undone boolean not null default false;
      update verdict v set pair_id = p.id, judge_id = j.id,
          shown_first = case when v.first_answer_id = p.a_answer_id then 'a' else 'b' end
        from answer_pair p join evaluation_judge j on j.evaluation_id = p.evaluation_id
        where p.evaluation_id = v.evaluation_id and p.suite_item_id = v.suite_item_id;
      alter table verdict
        alter column pair_id set not null, alter column judge_id set not null, alter column shown_first set not null,
        drop column suite_item_id, drop column first_answer_id, drop column second_answer_id,
        drop constraint ck_verdict_outcome,
        add constraint ck_verdict_outcome check (outcome in ('first', 'second', 'tie')
          or outcome = 'both_bad' and person_id is not null),
        add constraint ck_verdict_shown_first check (shown_first in ('a', 'b')),
        add constraint fk_verdict_pair foreign key (project_id, evaluation_id, pair_id)
          references answer_pair (project_id, evaluation_id, id),
        add constraint fk_verdict_judge foreign key (project_id, evaluation_id, judge_id)
          references evaluation_judge (project_id, evaluation_id, id),
        add constraint fk_verdict_slot foreign key (project_id, slot_id) references slot (project_id, id);
      create unique index uq_verdict_order on verdict (pair_id, judge_id, shown_first) where person_id is null;
      create unique index uq_verdict_person on verdict (pair_id, judge_id, person_id) where not undone;
    `);
  }

  /** Jobs under way go on where they stopped. */
  private carryJobs(runner: QueryRunner): Promise<unknown> {
    return runner.query(`
      update llm_job k set settings = jsonb_build_object('stage', 'answer', 'evaluationId', x.evaluation_id, 'entrantId', x.id)
        from entrant x where k.purpose = 'evaluate' and k.settings ->> 'stage' = 'answer'
          and x.evaluation_id::text = k.settings ->> 'evaluationId' and x.model_id::text = k.settings ->> 'modelId';
      update llm_job k set settings = k.settings || jsonb_build_object('judgeId', j.id)
        from evaluation_judge j where k.purpose = 'evaluate' and k.settings ->> 'stage' = 'verdict'
          and j.evaluation_id::text = k.settings ->> 'evaluationId';
      update llm_item i set params = jsonb_build_object('pairId', p.id,
          'first', case when p.a_answer_id::text = i.params ->> 'first' then 'a' else 'b' end)
        from llm_job j, answer_pair p where j.id = i.job_id and j.purpose = 'evaluate' and i.params ? 'second'
          and p.evaluation_id = j.parent_id and p.suite_item_id = i.subject_id;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- Two models before one judge is all that the older tables can say.
      create temporary table kept on commit drop as
        select e.id, x.model_id as a, y.model_id as b, j.provider_id, j.model, j.prompt_version_id, j.id as judge_id
        from evaluation e join entrant x on x.evaluation_id = e.id and x.n = 1 and x.kind = 'model'
        join entrant y on y.evaluation_id = e.id and y.n = 2 and y.kind = 'model'
        join evaluation_judge j on j.evaluation_id = e.id and j.kind = 'model'
        where (select count(*) from entrant z where z.evaluation_id = e.id) = 2
          and (select count(*) from evaluation_judge k where k.evaluation_id = e.id) = 1;
      delete from verdict where evaluation_id not in (select id from kept);
      delete from answer_pair where evaluation_id not in (select id from kept);
      delete from model_answer where evaluation_id not in (select id from kept);
      delete from entrant where evaluation_id not in (select id from kept);
      delete from evaluation_judge where evaluation_id not in (select id from kept);
      delete from evaluation where id not in (select id from kept);

      drop index uq_verdict_order, uq_verdict_person;
      alter table verdict add column suite_item_id uuid, add column first_answer_id uuid, add column second_answer_id uuid;
      update verdict v set suite_item_id = p.suite_item_id,
          first_answer_id = case v.shown_first when 'a' then p.a_answer_id else p.b_answer_id end,
          second_answer_id = case v.shown_first when 'a' then p.b_answer_id else p.a_answer_id end
        from answer_pair p where p.id = v.pair_id;
      update llm_item i set params = jsonb_build_object(
          'first', case i.params ->> 'first' when 'a' then p.a_answer_id else p.b_answer_id end,
          'second', case i.params ->> 'first' when 'a' then p.b_answer_id else p.a_answer_id end),
          subject_type = 'suite_item', subject_id = p.suite_item_id
        from answer_pair p where p.id::text = i.params ->> 'pairId';
      update llm_job set settings = settings - 'judgeId' where purpose = 'evaluate';
      update llm_job k set settings = k.settings - 'entrantId' || jsonb_build_object('modelId', x.model_id)
        from entrant x where k.purpose = 'evaluate' and x.id::text = k.settings ->> 'entrantId';
      alter table verdict
        drop column pair_id, drop column judge_id, drop column shown_first, drop column slot_id, drop column undone,
        alter column suite_item_id set not null, alter column first_answer_id set not null,
        alter column second_answer_id set not null,
        drop constraint ck_verdict_outcome,
        add constraint ck_verdict_outcome check (outcome in ('first', 'second', 'tie'));
      drop table answer_pair, subject_author;
      delete from answer where task_id in (select t.id from task t join subject s on s.id = t.subject_id
        where s.kind in ('verdict_pair', 'dialogue_pair'));
      delete from draft where slot_id in (select t.id from slot t join subject s on s.id = t.subject_id
        where s.kind in ('verdict_pair', 'dialogue_pair'));
      delete from assignment where subject_id in (select id from subject where kind in ('verdict_pair', 'dialogue_pair'));
      delete from slot where subject_id in (select id from subject where kind in ('verdict_pair', 'dialogue_pair'));
      delete from task where subject_id in (select id from subject where kind in ('verdict_pair', 'dialogue_pair'));
      delete from subject where kind in ('verdict_pair', 'dialogue_pair');
      alter table subject drop column title;

      alter table model_answer add column model_id uuid, add column text text;
      update model_answer a set model_id = x.model_id, text = a.turns -> -1 ->> 'text'
        from entrant x where x.id = a.entrant_id;
      alter table model_answer
        drop constraint fk_model_answer_entrant, drop constraint uq_model_answer_entrant, drop constraint uq_model_answer,
        drop column entrant_id, drop column turns,
        alter column model_id set not null,
        add constraint uq_model_answer unique (evaluation_id, suite_item_id, model_id),
        add constraint uq_model_answer_question unique (project_id, evaluation_id, suite_item_id, id),
        add constraint fk_model_answer_model foreign key (project_id, model_id) references model (project_id, id);
      alter table verdict
        add constraint uq_verdict_order unique nulls not distinct
          (evaluation_id, suite_item_id, first_answer_id, second_answer_id, origin, person_id),
        add constraint fk_verdict_first foreign key (project_id, evaluation_id, suite_item_id, first_answer_id)
          references model_answer (project_id, evaluation_id, suite_item_id, id),
        add constraint fk_verdict_second foreign key (project_id, evaluation_id, suite_item_id, second_answer_id)
          references model_answer (project_id, evaluation_id, suite_item_id, id),
        add constraint ck_verdict_two_answers check (first_answer_id <> second_answer_id);

      alter table evaluation
        add column model_a_id uuid, add column model_b_id uuid, add column judge_provider_id uuid,
        add column judge_model text, add column prompt_version_id uuid;
      update evaluation e set model_a_id = k.a, model_b_id = k.b, judge_provider_id = k.provider_id, judge_model = k.model,
          prompt_version_id = k.prompt_version_id, summary = e.summary #> '{judges,0,pairs,0,summary}'
        from kept k where k.id = e.id;
      alter table evaluation
        drop column baseline_n, drop column total,
        alter column model_a_id set not null, alter column model_b_id set not null,
        alter column judge_provider_id set not null, alter column judge_model set not null,
        add constraint fk_evaluation_model_a foreign key (project_id, model_a_id) references model (project_id, id),
        add constraint fk_evaluation_model_b foreign key (project_id, model_b_id) references model (project_id, id),
        add constraint fk_evaluation_judge foreign key (project_id, judge_provider_id)
          references provider (project_id, id),
        add constraint fk_evaluation_prompt_version foreign key (project_id, prompt_version_id)
          references prompt_version (project_id, id);
      drop table evaluation_judge, entrant;
      delete from task_set where kind = 'blind_pair';
      alter table task_set drop constraint ck_task_set_kind, add constraint ck_task_set_kind
        check (kind in ('polish_review', 'reference', 'ranking', 'confirm_ranking'));
    `);
  }
}
