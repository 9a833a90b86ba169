import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A model that another program trained is entered with a run of its own, which says by what and from which base. */
export class NoteTrainedElsewhere20261129102000 implements MigrationInterface {
  readonly name = 'NoteTrainedElsewhere20261129102000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table run add column trained_elsewhere jsonb');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table run drop column trained_elsewhere');
  }
}
