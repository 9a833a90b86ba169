import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What a task is about is a row of its own: a record, a prompt, a pair of answers. A prompt carries its subject's id and
 * points at it; a record is one of millions and gets its row when it is first given out. "Never twice in a task set" then
 * holds per record where there is one, else per subject.
 */
export class GiveTasksSubjects20261129107000 implements MigrationInterface {
  readonly name = 'GiveTasksSubjects20261129107000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table subject (
        id uuid not null,
        project_id uuid not null,
        kind text not null,
        record_id uuid,
        created_at timestamptz not null default now(),
        constraint pk_subject primary key (id),
        constraint uq_subject_project_id unique (project_id, id),
        constraint uq_subject_kind unique (project_id, id, kind),
        constraint uq_subject_record unique (project_id, id, record_id),
        constraint fk_subject_project foreign key (project_id) references project (id),
        constraint fk_subject_record foreign key (project_id, record_id) references record (project_id, id),
        constraint ck_subject_kind check (kind in ('record', 'prompt', 'verdict_pair', 'dialogue_pair')),
        constraint ck_subject_is_record check ((kind = 'record') = (record_id is not null and id = record_id))
      );
      insert into subject (id, project_id, kind, record_id)
        select id, project_id, 'prompt', record_id from prompt
        union all
        select distinct record_id, project_id, 'record', record_id from task where subject_type = 'record';

      alter table prompt
        add column subject_kind text not null generated always as ('prompt') stored,
        add constraint fk_prompt_subject foreign key (project_id, id, subject_kind)
          references subject (project_id, id, kind),
        add constraint fk_prompt_subject_record foreign key (project_id, id, record_id)
          references subject (project_id, id, record_id);

      alter table task
        drop constraint ck_task_subject_type,
        drop column subject_type,
        alter column record_id drop not null,
        add constraint uq_task_set_subject unique (project_id, task_set_id, id, subject_id),
        add constraint fk_task_subject foreign key (project_id, subject_id) references subject (project_id, id),
        add constraint fk_task_subject_record foreign key (project_id, subject_id, record_id)
          references subject (project_id, id, record_id);

      alter table slot add column subject_id uuid;
      update slot set subject_id = t.subject_id from task t where t.id = slot.task_id;
      alter table slot
        alter column subject_id set not null,
        alter column record_id drop not null,
        add constraint uq_slot_subject unique (project_id, task_set_id, id, subject_id),
        drop constraint fk_slot_task,
        add constraint fk_slot_task foreign key (project_id, task_set_id, task_id, subject_id)
          references task (project_id, task_set_id, id, subject_id),
        add constraint fk_slot_subject_record foreign key (project_id, subject_id, record_id)
          references subject (project_id, id, record_id);

      alter table assignment add column subject_id uuid;
      update assignment set subject_id = s.subject_id from slot s where s.id = assignment.slot_id;
      alter table assignment
        alter column subject_id set not null,
        alter column record_id drop not null,
        drop constraint fk_assignment_slot,
        add constraint fk_assignment_slot foreign key (project_id, task_set_id, slot_id, subject_id)
          references slot (project_id, task_set_id, id, subject_id),
        add constraint fk_assignment_subject_record foreign key (project_id, subject_id, record_id)
          references subject (project_id, id, record_id);
      drop index uq_assignment_once;
      -- Nobody gets the same record twice in a task set, answered or skipped; nor a subject that has no record.
      create unique index uq_assignment_once on assignment (task_set_id, coalesce(record_id, subject_id), person_id)
        where outcome in ('open', 'answered', 'skipped');
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop index uq_assignment_once;
      -- What has no record cannot be said in the older tables.
      delete from answer where task_id in (select id from task where record_id is null);
      delete from draft where slot_id in (select id from slot where record_id is null);
      delete from assignment where record_id is null;
      delete from slot where record_id is null;
      delete from task where record_id is null;
      create unique index uq_assignment_once on assignment (task_set_id, record_id, person_id)
        where outcome in ('open', 'answered', 'skipped');
      alter table assignment
        drop constraint fk_assignment_subject_record,
        drop constraint fk_assignment_slot,
        drop column subject_id,
        alter column record_id set not null,
        add constraint fk_assignment_slot foreign key (project_id, slot_id) references slot (project_id, id);
      alter table slot
        drop constraint fk_slot_subject_record,
        drop constraint fk_slot_task,
        drop constraint uq_slot_subject,
        drop column subject_id,
        alter column record_id set not null,
        add constraint fk_slot_task foreign key (project_id, task_id) references task (project_id, id);
      alter table task add column subject_type text;
      update task set subject_type = s.kind from subject s where s.id = task.subject_id;
      alter table task
        alter column subject_type set not null,
        alter column record_id set not null,
        drop constraint fk_task_subject_record,
        drop constraint fk_task_subject,
        drop constraint uq_task_set_subject,
        add constraint ck_task_subject_type check (subject_type in ('record', 'prompt'));
      alter table prompt
        drop constraint fk_prompt_subject_record,
        drop constraint fk_prompt_subject,
        drop column subject_kind;
      drop table subject;
    `);
  }
}
