import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The method `dpo`: runs that learn from preference pairs without a reward model, and the models they make. */
export class AllowDpo20261123100800 implements MigrationInterface {
  readonly name = 'AllowDpo20261123100800';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table run drop constraint ck_run_method;
      alter table run add constraint ck_run_method check (method in ('sft', 'reward', 'ppo', 'dpo'));
      alter table model drop constraint ck_model_stage;
      alter table model add constraint ck_model_stage check (stage in ('sft', 'reward', 'ppo', 'dpo'));
    `);
  }

  /** Fails while there are runs or models of the method: they would have no name under the older version. */
  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table run drop constraint ck_run_method;
      alter table run add constraint ck_run_method check (method in ('sft', 'reward', 'ppo'));
      alter table model drop constraint ck_model_stage;
      alter table model add constraint ck_model_stage check (stage in ('sft', 'reward', 'ppo'));
    `);
  }
}
