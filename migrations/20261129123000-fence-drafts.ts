import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A page that has had its task taken over by another page of the same person writes no longer over what is written there. */
export class FenceDrafts20261129123000 implements MigrationInterface {
  readonly name = 'FenceDrafts20261129123000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table draft add column fencing_token bigint not null default 0');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table draft drop column fencing_token');
  }
}
