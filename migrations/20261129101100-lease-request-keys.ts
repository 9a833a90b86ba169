import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * A request holds its idempotency key by a lease that it renews while it works, so that after a crash a repetition waits
 * seconds; a streamed body is compared by its hash; an answer says what became of it, so that a repeated submit can, too.
 */
export class LeaseRequestKeys20261129101100 implements MigrationInterface {
  readonly name = 'LeaseRequestKeys20261129101100';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table idempotency_key
        add column holder uuid,
        -- Null for rows of before: whoever held them has ended.
        add column lease_until timestamptz,
        add column content_hash text;
      alter table answer
        -- Null for answers of before.
        add column fate text,
        add constraint ck_answer_fate
          check (fate in ('approved', 'held_back', 'waiting_for_others', 'to_adjudicate', 'stored'));
      create index ix_answer_result on answer (result_id) where result_id is not null;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop index ix_answer_result;
      alter table answer drop column fate;
      alter table idempotency_key drop column holder, drop column lease_until, drop column content_hash;
    `);
  }
}
