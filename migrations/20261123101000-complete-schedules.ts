import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Schedules that start runs: the zone their times are meant in, and what came of each time. */
export class CompleteSchedules20261123101000 implements MigrationInterface {
  readonly name = 'CompleteSchedules20261123101000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table schedule
        add column time_zone text not null default 'Asia/Shanghai',
        add column revision integer not null default 1,
        add constraint uq_schedule_project_id unique (project_id, id),
        add constraint ck_schedule_state check (state in ('active', 'paused')),
        drop constraint fk_schedule_last_run,
        drop column last_run_id;
      create index ix_schedule_due on schedule (next_at) where state = 'active';

      -- One row for each time a schedule came due: that it is unique is what keeps a time from starting two runs.
      create table schedule_tick (
        id uuid not null,
        project_id uuid not null,
        schedule_id uuid not null,
        due_at timestamptz not null,
        trigger text not null,
        outcome text not null,
        run_id uuid,
        -- Why nothing was started.
        code text,
        detail text,
        created_at timestamptz not null default now(),
        constraint pk_schedule_tick primary key (id),
        constraint uq_schedule_tick_due unique (schedule_id, due_at),
        constraint fk_schedule_tick_schedule foreign key (project_id, schedule_id)
          references schedule (project_id, id) on delete cascade,
        constraint fk_schedule_tick_run foreign key (project_id, run_id) references run (project_id, id),
        constraint ck_schedule_tick_trigger check (trigger in ('time', 'person')),
        constraint ck_schedule_tick_outcome check (outcome in ('started', 'skipped', 'refused'))
      );
      create index ix_schedule_tick_run on schedule_tick (run_id);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop table schedule_tick;
      drop index ix_schedule_due;
      alter table schedule
        drop column time_zone,
        drop column revision,
        drop constraint uq_schedule_project_id,
        drop constraint ck_schedule_state,
        add column last_run_id uuid,
        add constraint fk_schedule_last_run foreign key (project_id, last_run_id) references run (project_id, id);
    `);
  }
}
