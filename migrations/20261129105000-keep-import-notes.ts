import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What was noticed while rows were read is counted with the import, so that a page need not count rows to show it; what is
 * said of a refused row, or of an import that failed, is kept by its name, so that each reader gets it in their language.
 */
export class KeepImportNotes20261129105000 implements MigrationInterface {
  readonly name = 'KeepImportNotes20261129105000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table import
        add column notes jsonb not null default '{}',
        add column failure_said jsonb;
      alter table rejected_row add column said jsonb;
      update import set notes = counted.notes
      from (
        select import_id, jsonb_object_agg(note, n) as notes
        from (
          select o.import_id, note, count(*)::int as n
          from occurrence o cross join unnest(o.notes) note
          group by o.import_id, note
        ) each_note
        group by import_id
      ) counted
      where counted.import_id = import.id;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table import drop column notes, drop column failure_said;
      alter table rejected_row drop column said;
    `);
  }
}
