import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Runs whose trainer works on another machine: it fetches its inputs and sends files with the run's own token. */
export class AddOutsideRuns20261123100900 implements MigrationInterface {
  readonly name = 'AddOutsideRuns20261123100900';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table run add column launcher text not null default 'local';
      alter table run add constraint ck_run_launcher check (launcher in ('local', 'outside'));

      -- A file that such a trainer has sent whole, below the run's folder.
      create table run_artefact (
        run_id uuid not null,
        project_id uuid not null,
        path text not null,
        bytes bigint not null,
        sha256 text not null,
        attempt integer not null,
        created_at timestamptz not null default now(),
        constraint pk_run_artefact primary key (run_id, path),
        constraint fk_run_artefact_run foreign key (project_id, run_id) references run (project_id, id)
      );
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop table run_artefact;
      alter table run drop column launcher;
    `);
  }
}
