import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Answers brought along to an evaluation go to judges outside only where somebody declared them de-identified. */
export class DeclareAnswers20261129117000 implements MigrationInterface {
  readonly name = 'DeclareAnswers20261129117000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table entrant add column deidentified boolean not null default false');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table entrant drop column deidentified');
  }
}
