import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Work for people: task sets, one slot a wanted answer, drafts, answers, decisions, and who saw what. */
export class CreateReview20261123100300 implements MigrationInterface {
  readonly name = 'CreateReview20261123100300';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
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
      create trigger guideline_version_is_immutable before update or delete on guideline_version
        for each row execute function refuse_change();

      create table task_set (
        id uuid not null,
        project_id uuid not null,
        name text not null,
        kind text not null,
        filter jsonb not null default '{}',
        guideline_version_id uuid,
        overlap integer not null default 1,
        roles text[] not null,
        departments text[] not null default '{}',
        deadline date,
        settings jsonb not null default '{}',
        state text not null default 'open',
        created_by uuid,
        created_at timestamptz not null default now(),
        revision integer not null default 1,
        constraint pk_task_set primary key (id),
        constraint uq_task_set_project_id unique (project_id, id),
        constraint fk_task_set_project foreign key (project_id) references project (id),
        constraint fk_task_set_guideline foreign key (project_id, guideline_version_id)
          references guideline_version (project_id, id),
        constraint fk_task_set_created_by foreign key (created_by) references person (id),
        constraint ck_task_set_kind check (kind in ('polish_review', 'reference', 'ranking', 'confirm_ranking')),
        constraint ck_task_set_state check (state in ('open', 'closed')),
        constraint ck_task_set_overlap check (overlap between 1 and 10)
      );

      create table task (
        id uuid not null,
        project_id uuid not null,
        task_set_id uuid not null,
        -- polish_review: a record; the other kinds: a prompt.
        subject_type text not null,
        subject_id uuid not null,
        record_id uuid not null,
        state text not null default 'open',
        priority integer not null default 0,
        created_at timestamptz not null default now(),
        updated_at timestamptz not null default now(),
        constraint pk_task primary key (id),
        constraint uq_task_project_id unique (project_id, id),
        constraint uq_task_subject unique (task_set_id, subject_id),
        constraint fk_task_task_set foreign key (project_id, task_set_id) references task_set (project_id, id),
        constraint fk_task_record foreign key (project_id, record_id) references record (project_id, id),
        constraint ck_task_subject_type check (subject_type in ('record', 'prompt')),
        constraint ck_task_state check (state in ('open', 'answered', 'agreed', 'to_adjudicate', 'decided'))
      );
      create index ix_task_set_state on task (task_set_id, state);
      create index ix_task_record on task (record_id);
      alter table approval add constraint fk_approval_task foreign key (project_id, task_id)
        references task (project_id, id);

      create table slot (
        id uuid not null,
        project_id uuid not null,
        task_set_id uuid not null,
        task_id uuid not null,
        record_id uuid not null,
        n integer not null,
        -- Seeded choice among the versions at hand; fixed when the slot is made.
        shown_version_id uuid,
        state text not null default 'open',
        priority integer not null default 0,
        holder_id uuid,
        lease_until timestamptz,
        fencing_token bigint not null default 0,
        round integer not null default 1,
        created_at timestamptz not null default now(),
        constraint pk_slot primary key (id),
        constraint uq_slot_project_id unique (project_id, id),
        constraint uq_slot_n unique (task_id, n),
        constraint fk_slot_task foreign key (project_id, task_id) references task (project_id, id),
        constraint fk_slot_shown_version foreign key (project_id, record_id, shown_version_id)
          references version (project_id, record_id, id),
        constraint fk_slot_holder foreign key (holder_id) references person (id),
        constraint ck_slot_state check (state in ('open', 'leased', 'answered', 'accepted', 'returned')),
        constraint ck_slot_lease check ((state = 'leased') = (lease_until is not null))
      ) with (autovacuum_vacuum_scale_factor = 0.02);
      create index ix_slot_open on slot (task_set_id, priority desc, id) where state = 'open';
      create index ix_slot_lease on slot (lease_until) where state = 'leased';
      create index ix_slot_holder on slot (holder_id) where state in ('leased', 'returned');

      create table assignment (
        id uuid not null,
        project_id uuid not null,
        task_set_id uuid not null,
        slot_id uuid not null,
        record_id uuid not null,
        person_id uuid not null,
        from_at timestamptz not null default now(),
        to_at timestamptz,
        outcome text not null default 'open',
        reason text,
        constraint pk_assignment primary key (id),
        constraint fk_assignment_slot foreign key (project_id, slot_id) references slot (project_id, id),
        constraint fk_assignment_task_set foreign key (project_id, task_set_id) references task_set (project_id, id),
        constraint fk_assignment_person foreign key (person_id) references person (id),
        constraint ck_assignment_outcome check (outcome in ('open', 'answered', 'skipped', 'released', 'expired'))
      );
      -- Nobody gets the same record twice in a task set, answered or skipped.
      create unique index uq_assignment_once on assignment (task_set_id, record_id, person_id)
        where outcome in ('open', 'answered', 'skipped');
      create index ix_assignment_person on assignment (person_id, from_at desc);
      create index ix_assignment_slot on assignment (slot_id);

      create table draft (
        id uuid not null,
        project_id uuid not null,
        slot_id uuid not null,
        person_id uuid not null,
        base_version_id uuid,
        body jsonb,
        revision integer not null default 1,
        removal_id uuid,
        updated_at timestamptz not null default now(),
        constraint pk_draft primary key (id),
        constraint uq_draft_person unique (slot_id, person_id),
        constraint fk_draft_slot foreign key (project_id, slot_id) references slot (project_id, id),
        constraint fk_draft_person foreign key (person_id) references person (id)
      );

      create table answer (
        id uuid not null,
        project_id uuid not null,
        slot_id uuid not null,
        task_id uuid not null,
        person_id uuid not null,
        round integer not null default 1,
        verdict text not null,
        shown_version_id uuid,
        version_id uuid,
        -- What a doctor's task produced: the reference or the judgement.
        result_type text,
        result_id uuid,
        reason_code text,
        comment text,
        seconds integer not null,
        flags text[] not null default '{}',
        llm_call_ids uuid[] not null default '{}',
        removal_id uuid,
        created_at timestamptz not null default now(),
        constraint pk_answer primary key (id),
        constraint uq_answer_project_id unique (project_id, id),
        constraint uq_answer_round unique (slot_id, person_id, round),
        constraint fk_answer_slot foreign key (project_id, slot_id) references slot (project_id, id),
        constraint fk_answer_task foreign key (project_id, task_id) references task (project_id, id),
        constraint fk_answer_person foreign key (person_id) references person (id),
        constraint fk_answer_version foreign key (project_id, version_id) references version (project_id, id),
        constraint fk_answer_shown_version foreign key (project_id, shown_version_id)
          references version (project_id, id),
        constraint ck_answer_verdict check (verdict in ('accept', 'edit', 'reject', 'ask_doctor', 'done')),
        constraint ck_answer_seconds check (seconds >= 0)
      );
      create index ix_answer_person on answer (person_id, created_at desc, id desc);
      create index ix_answer_task on answer (task_id);

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

      create table exposure (
        id uuid not null,
        project_id uuid not null,
        person_id uuid not null,
        record_id uuid not null,
        what text not null,
        at timestamptz not null default now(),
        constraint pk_exposure primary key (id),
        constraint uq_exposure unique (person_id, record_id, what),
        constraint fk_exposure_person foreign key (person_id) references person (id),
        constraint fk_exposure_record foreign key (project_id, record_id) references record (project_id, id),
        constraint ck_exposure_what check (what in ('polish', 'candidate', 'other_answer'))
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

      create table notification (
        id uuid not null,
        project_id uuid not null,
        person_id uuid not null,
        kind text not null,
        subject_type text not null,
        subject_id uuid not null,
        seen_at timestamptz,
        created_at timestamptz not null default now(),
        constraint pk_notification primary key (id),
        constraint fk_notification_project foreign key (project_id) references project (id),
        constraint fk_notification_person foreign key (person_id) references person (id)
      );
      create index ix_notification_person on notification (person_id, created_at desc);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table approval drop constraint fk_approval_task;
      drop table notification, thread, exposure, qualification, control_item, adjudication, review, answer, draft,
        assignment, slot, task, task_set, guideline_version;
    `);
  }
}
