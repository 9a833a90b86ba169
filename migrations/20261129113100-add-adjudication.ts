import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Disagreements and questions to a doctor reach somebody: each is a task of its own in a queue of those who decide, one for
 * the leads and one for the doctors of every set. What is decided there, and what is written back, stands beside the task.
 */
export class AddAdjudication20261129113100 implements MigrationInterface {
  readonly name = 'AddAdjudication20261129113100';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table task_set
        add column decides_task_set_id uuid,
        add column desk text,
        add constraint fk_task_set_decides foreign key (project_id, decides_task_set_id)
          references task_set (project_id, id),
        drop constraint ck_task_set_kind,
        add constraint ck_task_set_kind check (kind in ('polish_review', 'reference', 'ranking', 'confirm_ranking',
          'blind_pair', 'adjudication')),
        add constraint ck_task_set_desk check (case when kind = 'adjudication'
          then decides_task_set_id is not null and desk is not null and desk in ('lead', 'doctor')
          else decides_task_set_id is null and desk is null end);
      create unique index uq_task_set_desk on task_set (decides_task_set_id, desk) where kind = 'adjudication';

      alter table task
        add column decides_task_id uuid,
        add constraint fk_task_decides foreign key (project_id, decides_task_id) references task (project_id, id);
      create index ix_task_decides on task (decides_task_id) where decides_task_id is not null;
      create index ix_task_to_adjudicate on task (project_id, updated_at desc, id desc) where state = 'to_adjudicate';

      create table adjudication (
        id uuid not null,
        project_id uuid not null,
        -- The task decided, and the slot it was decided in.
        task_id uuid not null,
        slot_id uuid not null,
        decided_by uuid not null,
        outcome text not null,
        answer_id uuid,
        version_id uuid,
        undone_at timestamptz,
        created_at timestamptz not null default now(),
        constraint pk_adjudication primary key (id),
        constraint uq_adjudication_project_id unique (project_id, id),
        constraint fk_adjudication_task foreign key (project_id, task_id) references task (project_id, id),
        constraint fk_adjudication_slot foreign key (project_id, slot_id) references slot (project_id, id),
        constraint fk_adjudication_answer foreign key (project_id, answer_id) references answer (project_id, id),
        constraint fk_adjudication_version foreign key (project_id, version_id) references version (project_id, id),
        constraint fk_adjudication_decided_by foreign key (decided_by) references person (id),
        constraint ck_adjudication_outcome
          check (outcome in ('chosen', 'written', 'rejected', 'returned', 'handed_on')),
        constraint ck_adjudication_words check ((outcome in ('chosen', 'written')) = (version_id is not null))
      );
      create index ix_adjudication_task on adjudication (task_id, created_at);

      -- What was written back with it, and to whom about which of their answers.
      create table thread (
        id uuid not null,
        project_id uuid not null,
        task_id uuid not null,
        adjudication_id uuid not null,
        author_id uuid not null,
        answer_id uuid,
        to_person_id uuid,
        body text,
        seen_at timestamptz,
        removal_id uuid,
        created_at timestamptz not null default now(),
        constraint pk_thread primary key (id),
        constraint fk_thread_task foreign key (project_id, task_id) references task (project_id, id),
        constraint fk_thread_adjudication foreign key (project_id, adjudication_id)
          references adjudication (project_id, id),
        constraint fk_thread_answer foreign key (project_id, answer_id) references answer (project_id, id),
        constraint fk_thread_author foreign key (author_id) references person (id),
        constraint fk_thread_to foreign key (to_person_id) references person (id)
      );
      create index ix_thread_task on thread (task_id, created_at);
      create index ix_thread_to on thread (to_person_id, project_id, created_at desc) where to_person_id is not null;

      insert into task_set (id, project_id, name, kind, overlap, roles, decides_task_set_id, desk)
        select gen_random_uuid(), ts.project_id, ts.name, 'adjudication', 1, '{admin,data_lead,reviewer}', ts.id, 'lead'
        from task_set ts where exists (select from task t where t.task_set_id = ts.id and t.state = 'to_adjudicate');
      insert into task (id, project_id, task_set_id, subject_id, record_id, decides_task_id)
        select gen_random_uuid(), t.project_id, desk.id, t.subject_id, t.record_id, t.id
        from task t join task_set desk on desk.decides_task_set_id = t.task_set_id where t.state = 'to_adjudicate';
      insert into slot (id, project_id, task_set_id, task_id, subject_id, record_id, n)
        select gen_random_uuid(), t.project_id, t.task_set_id, t.id, t.subject_id, t.record_id, 1
        from task t where t.decides_task_id is not null;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop table thread, adjudication;
      create temporary table gone on commit drop as select id from task where decides_task_id is not null;
      delete from answer_fact where slot_id in (select id from slot where task_id in (select id from gone));
      delete from answer where task_id in (select id from gone);
      delete from draft where slot_id in (select id from slot where task_id in (select id from gone));
      delete from assignment where slot_id in (select id from slot where task_id in (select id from gone));
      delete from slot where task_id in (select id from gone);
      delete from task where id in (select id from gone);
      delete from task_set where kind = 'adjudication';
      alter table task drop constraint fk_task_decides, drop column decides_task_id;
      drop index ix_task_to_adjudicate;
      alter table task_set
        drop constraint ck_task_set_desk,
        drop constraint fk_task_set_decides,
        drop column desk,
        drop column decides_task_set_id,
        drop constraint ck_task_set_kind,
        add constraint ck_task_set_kind check (kind in ('polish_review', 'reference', 'ranking', 'confirm_ranking',
          'blind_pair'));
    `);
  }
}
