import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The log is read by what was done and by who did it, newest first; both lists of choices are read off these indexes. */
export class IndexAuditFilters20261129108000 implements MigrationInterface {
  readonly name = 'IndexAuditFilters20261129108000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create index ix_audit_entry_action on audit_entry (project_id, action, at desc, id desc);
      create index ix_audit_entry_actor on audit_entry (project_id, actor_id, at desc, id desc);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop index ix_audit_entry_action, ix_audit_entry_actor');
  }
}
