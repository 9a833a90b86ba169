import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What a doctor took back stays, as a verdict on a pair does, and counts for nothing. */
export class TakeBackLabels20261129116000 implements MigrationInterface {
  readonly name = 'TakeBackLabels20261129116000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table reference add column undone boolean not null default false;
      alter table judgement add column undone boolean not null default false;
      create index ix_judgement_reference on judgement (reference_id) where reference_id is not null;
      create index ix_snapshot_item_reference on snapshot_item (reference_id) where reference_id is not null;
      create index ix_snapshot_item_prompt on snapshot_item (prompt_id) where prompt_id is not null;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    // Without the mark they would count again.
    await runner.query(`
      drop index ix_snapshot_item_prompt, ix_snapshot_item_reference, ix_judgement_reference;
      delete from judgement_item using judgement j where j.id = judgement_id and j.undone;
      delete from judgement where undone;
      delete from reference where undone;
      alter table judgement drop column undone;
      alter table reference drop column undone;
    `);
  }
}
