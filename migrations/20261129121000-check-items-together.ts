import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Whether a snapshot may still be given items is asked once a statement: asked for each item it was a fifth of a freeze. */
export class CheckItemsTogether20261129121000 implements MigrationInterface {
  readonly name = 'CheckItemsTogether20261129121000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop trigger snapshot_item_is_immutable on snapshot_item;
      create trigger snapshot_item_is_immutable before update or delete on snapshot_item
        for each row execute function snapshot_item_change();

      create function snapshot_items_added() returns trigger language plpgsql as $$
      begin
        if exists (select from snapshot s where s.state not in ('draft', 'freezing', 'failed')
            and s.id in (select snapshot_id from added)) then
          raise exception 'items of a frozen snapshot are never changed' using errcode = 'restrict_violation';
        end if;
        return null;
      end $$;
      create trigger snapshot_takes_items after insert on snapshot_item referencing new table as added
        for each statement execute function snapshot_items_added();
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop trigger snapshot_takes_items on snapshot_item;
      drop function snapshot_items_added();
      drop trigger snapshot_item_is_immutable on snapshot_item;
      create trigger snapshot_item_is_immutable before insert or update or delete on snapshot_item
        for each row execute function snapshot_item_change();
    `);
  }
}
