import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What lists of sources count and lists of records sort by. */
export class IndexRecords20261123100700 implements MigrationInterface {
  readonly name = 'IndexRecords20261123100700';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create index ix_record_source on record (project_id, source_id);
      create index ix_record_updated on record (project_id, updated_at desc, id desc);
      create index ix_occurrence_source on occurrence (source_id, record_id);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop index ix_occurrence_source, ix_record_updated, ix_record_source');
  }
}
