import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Files on their way are entered with the bytes they will have, so that all files of a run together can be held to a
 * limit, and what never arrived whole can be found and removed. One whole file and one arriving may have the same path.
 */
export class CountArrivingFiles20261123110200 implements MigrationInterface {
  readonly name = 'CountArrivingFiles20261123110200';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table run_artefact
        add column whole boolean not null default true,
        drop constraint pk_run_artefact,
        add constraint pk_run_artefact primary key (run_id, path, whole);
      create index ix_run_artefact_arriving on run_artefact (created_at) where not whole;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      delete from run_artefact where not whole;
      drop index ix_run_artefact_arriving;
      alter table run_artefact
        drop constraint pk_run_artefact,
        drop column whole,
        add constraint pk_run_artefact primary key (run_id, path);
    `);
  }
}
