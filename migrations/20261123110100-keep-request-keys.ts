import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Idempotency keys say how long they are kept: one that started a run elsewhere as long as the run's token is good. */
export class KeepRequestKeys20261123110100 implements MigrationInterface {
  readonly name = 'KeepRequestKeys20261123110100';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table idempotency_key add column expires_at timestamptz not null default now() + interval '24 hours';
      update idempotency_key set expires_at = created_at + interval '24 hours';
      create index ix_idempotency_key_expires_at on idempotency_key (expires_at);
      drop index ix_idempotency_key_created_at;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create index ix_idempotency_key_created_at on idempotency_key (created_at);
      alter table idempotency_key drop column expires_at;
    `);
  }
}
