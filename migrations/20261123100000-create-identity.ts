import type { MigrationInterface, QueryRunner } from 'typeorm';

/** People, projects, sign-in, keys, and the append-only log of what was done. */
export class CreateIdentity20261123100000 implements MigrationInterface {
  readonly name = 'CreateIdentity20261123100000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table installation_setting (
        key text not null,
        value jsonb not null,
        updated_at timestamptz not null default now(),
        constraint pk_installation_setting primary key (key)
      );

      create table person (
        id uuid not null,
        login text not null,
        display_name text not null,
        password_hash text,
        language text not null default 'zh-CN',
        installation_admin boolean not null default false,
        state text not null default 'active',
        created_at timestamptz not null default now(),
        deactivated_at timestamptz,
        constraint pk_person primary key (id),
        constraint ck_person_language check (language in ('zh-CN', 'en')),
        constraint ck_person_state check (state in ('active', 'deactivated'))
      );
      create unique index uq_person_login on person (lower(login));

      create table project (
        id uuid not null,
        slug text not null,
        name text not null,
        description text not null default '',
        is_demo boolean not null default false,
        release_allowed boolean not null default true,
        split_salt text not null,
        created_at timestamptz not null default now(),
        constraint pk_project primary key (id),
        constraint uq_project_slug unique (slug)
      );

      create table membership (
        project_id uuid not null,
        person_id uuid not null,
        roles text[] not null,
        departments text[] not null default '{}',
        licence_number text,
        title text,
        licence_checked_by uuid,
        licence_checked_at timestamptz,
        revision integer not null default 1,
        created_at timestamptz not null default now(),
        constraint pk_membership primary key (project_id, person_id),
        constraint fk_membership_project foreign key (project_id) references project (id),
        constraint fk_membership_person foreign key (person_id) references person (id),
        constraint fk_membership_licence_checked_by foreign key (licence_checked_by) references person (id),
        constraint ck_membership_roles check (
          cardinality(roles) > 0 and
          roles <@ array['admin', 'data_lead', 'reviewer', 'annotator', 'doctor', 'lay', 'service'])
      );
      create index ix_membership_person on membership (person_id);

      create table session (
        id uuid not null,
        person_id uuid not null,
        family_id uuid not null,
        refresh_hash text not null,
        created_at timestamptz not null default now(),
        expires_at timestamptz not null,
        used_at timestamptz,
        revoked_at timestamptz,
        constraint pk_session primary key (id),
        constraint uq_session_refresh_hash unique (refresh_hash),
        constraint fk_session_person foreign key (person_id) references person (id)
      );
      create index ix_session_family on session (family_id);
      create index ix_session_person on session (person_id);

      create table invite (
        id uuid not null,
        project_id uuid not null,
        token_hash text not null,
        display_name text not null default '',
        roles text[] not null,
        departments text[] not null default '{}',
        invited_by uuid not null,
        created_at timestamptz not null default now(),
        expires_at timestamptz not null,
        accepted_at timestamptz,
        accepted_by uuid,
        revoked_at timestamptz,
        constraint pk_invite primary key (id),
        constraint uq_invite_project_id unique (project_id, id),
        constraint uq_invite_token_hash unique (token_hash),
        constraint fk_invite_project foreign key (project_id) references project (id),
        constraint fk_invite_invited_by foreign key (invited_by) references person (id),
        constraint fk_invite_accepted_by foreign key (accepted_by) references person (id)
      );

      create table reset_token (
        id uuid not null,
        person_id uuid not null,
        token_hash text not null,
        made_by uuid,
        created_at timestamptz not null default now(),
        expires_at timestamptz not null,
        used_at timestamptz,
        constraint pk_reset_token primary key (id),
        constraint uq_reset_token_hash unique (token_hash),
        constraint fk_reset_token_person foreign key (person_id) references person (id),
        constraint fk_reset_token_made_by foreign key (made_by) references person (id)
      );

      create table api_key (
        id uuid not null,
        project_id uuid not null,
        name text not null,
        prefix text not null,
        key_hash text not null,
        scopes text[] not null,
        -- A run token may speak for its run only.
        run_id uuid,
        created_by uuid,
        created_at timestamptz not null default now(),
        expires_at timestamptz,
        last_used_at timestamptz,
        revoked_at timestamptz,
        constraint pk_api_key primary key (id),
        constraint uq_api_key_project_id unique (project_id, id),
        constraint uq_api_key_hash unique (key_hash),
        constraint fk_api_key_project foreign key (project_id) references project (id),
        constraint fk_api_key_created_by foreign key (created_by) references person (id)
      );

      -- Counters of attempts in a window, shared by every api process (sign-in by account and by address).
      create table rate_counter (
        key text not null,
        window_start timestamptz not null,
        count integer not null,
        constraint pk_rate_counter primary key (key, window_start)
      );

      create table audit_entry (
        id uuid not null,
        project_id uuid,
        at timestamptz not null default clock_timestamp(),
        actor_kind text not null,
        actor_id text not null,
        action text not null,
        subject_type text not null,
        subject_id text not null,
        before jsonb,
        after jsonb,
        request_id text,
        constraint pk_audit_entry primary key (id),
        constraint fk_audit_entry_project foreign key (project_id) references project (id),
        constraint ck_audit_entry_actor_kind check (actor_kind in ('person', 'api_key', 'system'))
      );
      create index ix_audit_entry_project_at on audit_entry (project_id, at desc, id desc);
      create index ix_audit_entry_subject on audit_entry (subject_type, subject_id);

      create function refuse_change() returns trigger language plpgsql as $$
      begin
        raise exception '% rows are never changed or deleted', tg_table_name using errcode = 'restrict_violation';
      end $$;
      create trigger audit_entry_is_append_only before update or delete on audit_entry
        for each row execute function refuse_change();
      create trigger audit_entry_is_never_truncated before truncate on audit_entry
        for each statement execute function refuse_change();

      create table idempotency_key (
        actor_id text not null,
        route text not null,
        key text not null,
        project_id uuid,
        body_hash text not null,
        -- Null while the first request is still at work.
        status integer,
        resource_id text,
        created_at timestamptz not null default now(),
        constraint pk_idempotency_key primary key (actor_id, route, key),
        constraint fk_idempotency_key_project foreign key (project_id) references project (id)
      );
      create index ix_idempotency_key_created_at on idempotency_key (created_at);

      -- A silent worker's jobs are given back (the queue itself would keep them for four hours).
      create table worker_heartbeat (
        worker_id text not null,
        started_at timestamptz not null default now(),
        seen_at timestamptz not null default now(),
        constraint pk_worker_heartbeat primary key (worker_id)
      );
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop table worker_heartbeat, idempotency_key, audit_entry, rate_counter, api_key, reset_token, invite, session,
        membership, project, person, installation_setting;
      drop function refuse_change();
    `);
  }
}
