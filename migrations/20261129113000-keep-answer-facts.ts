import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What an answer says otherwise than the doctor did, with its author's word on it, and how often alarms of a kind are let
 * stand. An answer names its task set, so that those of a set are read newest first.
 */
export class KeepAnswerFacts20261129113000 implements MigrationInterface {
  readonly name = 'KeepAnswerFacts20261129113000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table answer add column task_set_id uuid;
      update answer set task_set_id = t.task_set_id from task t where t.id = answer.task_id;
      alter table answer
        alter column task_set_id set not null,
        add constraint fk_answer_task_set foreign key (project_id, task_set_id) references task_set (project_id, id);
      create index ix_answer_task_set on answer (task_set_id, created_at desc, id desc);

      create table answer_fact (
        id uuid not null,
        project_id uuid not null,
        task_set_id uuid not null,
        slot_id uuid not null,
        answer_id uuid not null,
        person_id uuid not null,
        -- Turn of the dialogue, and the guard's name for the fact: no words.
        turn_n integer not null,
        fact_id text not null,
        kind text not null,
        change text not null,
        was_text text,
        is_text text,
        of_drug text,
        -- False: raised by the words shown, and mended.
        stands boolean not null,
        confirmed_at timestamptz,
        removal_id uuid,
        constraint pk_answer_fact primary key (id),
        constraint fk_answer_fact_answer foreign key (project_id, answer_id) references answer (project_id, id),
        constraint fk_answer_fact_task_set foreign key (project_id, task_set_id) references task_set (project_id, id),
        constraint fk_answer_fact_slot foreign key (project_id, slot_id) references slot (project_id, id),
        constraint fk_answer_fact_person foreign key (person_id) references person (id),
        constraint ck_answer_fact_change check (change in ('lost', 'added', 'changed')),
        constraint ck_answer_fact_confirmed check (confirmed_at is null or stands)
      );
      create index ix_answer_fact_answer on answer_fact (answer_id);
      create index ix_answer_fact_kind on answer_fact (task_set_id, kind, id desc);
      create index ix_answer_fact_confirmed on answer_fact (slot_id) where confirmed_at is not null;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop table answer_fact;
      alter table answer drop column task_set_id;
    `);
  }
}
