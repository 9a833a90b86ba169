import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Imports can be taken back: how far that is, what was kept and why, and which records went with which import. */
export class UndoImports20261129104300 implements MigrationInterface {
  readonly name = 'UndoImports20261129104300';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table import
        drop constraint ck_import_state,
        add constraint ck_import_state check (
          state in ('queued', 'running', 'done', 'failed', 'cancelled', 'undoing', 'undone'));

      create table import_undo (
        import_id uuid not null,
        project_id uuid not null,
        asked_by uuid,
        -- Rows of the import looked at, and the last of them: where a resumed undo goes on.
        done integer not null default 0,
        after_row integer not null default -1,
        withdrawn integer not null default 0,
        kept integer not null default 0,
        failure text,
        created_at timestamptz not null default now(),
        ended_at timestamptz,
        constraint pk_import_undo primary key (import_id),
        constraint fk_import_undo_import foreign key (project_id, import_id) references import (project_id, id),
        constraint fk_import_undo_asked_by foreign key (asked_by) references person (id)
      );

      create table import_undo_kept (
        import_id uuid not null,
        project_id uuid not null,
        record_id uuid not null,
        reason text not null,
        constraint pk_import_undo_kept primary key (import_id, record_id),
        constraint fk_import_undo_kept_import foreign key (project_id, import_id) references import (project_id, id),
        constraint fk_import_undo_kept_record foreign key (project_id, record_id) references record (project_id, id)
      );

      -- The import whose undoing took the record out; a later import of the same words brings it back.
      alter table record add column undone_import_id uuid;
      alter table record add constraint fk_record_undone_import foreign key (project_id, undone_import_id)
        references import (project_id, id);
      create index ix_record_undone_import on record (undone_import_id) where undone_import_id is not null;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table record drop column undone_import_id;
      drop table import_undo_kept, import_undo;
      update import set state = 'done' where state in ('undoing', 'undone');
      alter table import
        drop constraint ck_import_state,
        add constraint ck_import_state check (state in ('queued', 'running', 'done', 'failed', 'cancelled'));
    `);
  }
}
