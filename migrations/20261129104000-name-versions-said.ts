import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A row of a file says a version of a record, in one file of its import. */
export class NameVersionsSaid20261129104000 implements MigrationInterface {
  readonly name = 'NameVersionsSaid20261129104000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table import_file (
        import_id uuid not null,
        project_id uuid not null,
        n integer not null,
        role text not null,
        upload_id uuid not null,
        constraint pk_import_file primary key (import_id, n),
        constraint uq_import_file_project_id unique (project_id, import_id, n),
        constraint fk_import_file_import foreign key (project_id, import_id) references import (project_id, id),
        constraint fk_import_file_upload foreign key (project_id, upload_id) references upload (project_id, id),
        constraint ck_import_file_role check (role in ('rows', 'questions', 'answers', 'candidates'))
      );
      create index ix_import_file_upload on import_file (upload_id);
      insert into import_file (import_id, project_id, n, role, upload_id)
        select id, project_id, 0, 'rows', upload_id from import;
      alter table import drop column upload_id;

      alter table occurrence add column version_id uuid, add column file_n integer not null default 0;
      -- Ids are made in the order of time: a row said what its record said when the row was read, which is the newest
      -- import version made before it.
      update occurrence o set version_id = coalesce(
        (select v.id from version v where v.record_id = o.record_id and v.kind = 'import' and v.id < o.id
         order by v.id desc limit 1),
        (select v.id from version v where v.record_id = o.record_id and v.kind = 'import' order by v.id limit 1));
      alter table occurrence
        alter column version_id set not null,
        drop constraint fk_occurrence_record,
        drop constraint fk_occurrence_import,
        add constraint fk_occurrence_version foreign key (project_id, record_id, version_id)
          references version (project_id, record_id, id),
        add constraint fk_occurrence_file foreign key (project_id, import_id, file_n)
          references import_file (project_id, import_id, n);

      alter table rejected_row
        add column file_n integer not null default 0,
        drop constraint fk_rejected_row_import,
        add constraint fk_rejected_row_file foreign key (project_id, import_id, file_n)
          references import_file (project_id, import_id, n);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table rejected_row
        drop constraint fk_rejected_row_file,
        drop column file_n,
        add constraint fk_rejected_row_import foreign key (project_id, import_id) references import (project_id, id);
      alter table occurrence
        drop constraint fk_occurrence_version,
        drop constraint fk_occurrence_file,
        drop column version_id,
        drop column file_n,
        add constraint fk_occurrence_record foreign key (project_id, record_id) references record (project_id, id),
        add constraint fk_occurrence_import foreign key (project_id, import_id) references import (project_id, id);
      alter table import add column upload_id uuid;
      update import i set upload_id = (select f.upload_id from import_file f where f.import_id = i.id and f.n = 0);
      alter table import
        alter column upload_id set not null,
        add constraint fk_import_upload foreign key (project_id, upload_id) references upload (project_id, id);
      drop table import_file;
    `);
  }
}
