import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * An API key may do what its maker may do, and ends with them. The token of a run that this installation carries out is
 * the platform's own: it has no maker, so that a run goes on when whoever started it leaves.
 */
export class KeepRunTokensApart20261129100000 implements MigrationInterface {
  readonly name = 'KeepRunTokensApart20261129100000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      update api_key k set created_by = null from run r
      where r.project_id = k.project_id and r.id = k.run_id and r.launcher = 'local';
      create index ix_api_key_created_by on api_key (created_by) where revoked_at is null;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop index ix_api_key_created_by;
      update api_key k set created_by = r.created_by from run r
      where r.project_id = k.project_id and r.id = k.run_id and r.launcher = 'local';
    `);
  }
}
