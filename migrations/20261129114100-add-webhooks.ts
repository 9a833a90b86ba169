import type { MigrationInterface, QueryRunner } from 'typeorm';

/** One address a project that hears of runs which failed, paused or were lost, and what became of each message. */
export class AddWebhooks20261129114100 implements MigrationInterface {
  readonly name = 'AddWebhooks20261129114100';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table project_webhook (
        id uuid not null,
        project_id uuid not null,
        form text not null,
        -- Shown; the whole address may hold a key (WeCom's does), so it is kept encrypted.
        host text not null,
        encrypted_address text not null,
        encrypted_secret text,
        -- Messages may go to this machine or a private network.
        inside_address boolean not null default false,
        active boolean not null default true,
        revision integer not null default 1,
        created_at timestamptz not null default now(),
        updated_at timestamptz not null default now(),
        constraint pk_project_webhook primary key (id),
        constraint uq_project_webhook_project unique (project_id),
        constraint fk_project_webhook_project foreign key (project_id) references project (id),
        constraint ck_project_webhook_form check (form in ('json', 'wecom')),
        constraint ck_project_webhook_signed check (form = 'wecom' or encrypted_secret is not null)
      );
      create table webhook_delivery (
        id uuid not null,
        project_id uuid not null,
        event text not null,
        subject_type text,
        subject_id uuid,
        -- Why, as a stable code.
        code text,
        state text not null default 'waiting',
        attempts integer not null default 0,
        status_code integer,
        error_code text,
        next_at timestamptz,
        delivered_at timestamptz,
        created_at timestamptz not null default now(),
        constraint pk_webhook_delivery primary key (id),
        constraint fk_webhook_delivery_project foreign key (project_id) references project (id),
        constraint ck_webhook_delivery_event check (
          event in ('run.failed', 'run.paused', 'run.lost', 'schedule.failed', 'test')),
        constraint ck_webhook_delivery_subject_type check (subject_type in ('run', 'schedule')),
        constraint ck_webhook_delivery_subject check ((subject_id is null) = (subject_type is null)),
        constraint ck_webhook_delivery_state check (state in ('waiting', 'delivered', 'failed', 'dropped'))
      );
      create index ix_webhook_delivery_project on webhook_delivery (project_id, created_at desc, id desc);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table webhook_delivery, project_webhook');
  }
}
