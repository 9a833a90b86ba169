import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Runs are found by the model they read, models and tokens by their run, earlier runs by name and method. */
export class IndexRunLookups20261123110000 implements MigrationInterface {
  readonly name = 'IndexRunLookups20261123110000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create index ix_run_input_model on run_input (model_id) where model_id is not null;
      create index ix_model_run on model (run_id);
      create index ix_api_key_run on api_key (run_id) where run_id is not null;
      create index ix_run_name on run (project_id, name, method);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop index ix_run_input_model, ix_model_run, ix_api_key_run, ix_run_name');
  }
}
