import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What an import does with ids that its source knows with other words, and what became of such rows. */
export class ChooseReplacing20261129104200 implements MigrationInterface {
  readonly name = 'ChooseReplacing20261129104200';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table import
        add column known_ids text not null default 'refuse',
        add column replaced_count integer not null default 0,
        add column ended_approvals integer not null default 0,
        add constraint ck_import_known_ids check (known_ids in ('refuse', 'keep_both', 'replace')),
        drop constraint ck_import_counts;
      alter table occurrence
        add column ended_approval_id uuid,
        drop constraint ck_occurrence_outcome,
        add constraint ck_occurrence_outcome check (outcome in ('accepted', 'replaced', 'duplicate')),
        add constraint fk_occurrence_ended_approval foreign key (project_id, ended_approval_id)
          references approval (project_id, id);
      create index ix_occurrence_ended_approval on occurrence (import_id, row_number) where ended_approval_id is not null;

      -- Replacing was no choice before: a row of a known id with other words always replaced, and counted as accepted.
      update import set known_ids = 'replace' where state not in ('queued', 'running');
      update occurrence o set outcome = 'replaced' where o.outcome = 'accepted' and exists (
        select from version v where v.record_id = o.record_id and v.kind = 'import' and v.id < o.version_id);
      update import i set replaced_count = x.n, accepted_count = accepted_count - x.n
        from (select import_id, count(*) as n from occurrence where outcome = 'replaced' group by import_id) x
        where x.import_id = i.id;
      alter table import add constraint ck_import_counts check (
        read_count = accepted_count + replaced_count + duplicate_count + rejected_count);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table import drop constraint ck_import_counts;
      update import set accepted_count = accepted_count + replaced_count;
      update occurrence set outcome = 'accepted' where outcome = 'replaced';
      alter table occurrence
        drop column ended_approval_id,
        drop constraint ck_occurrence_outcome,
        add constraint ck_occurrence_outcome check (outcome in ('accepted', 'duplicate'));
      alter table import
        drop column known_ids,
        drop column replaced_count,
        drop column ended_approvals,
        add constraint ck_import_counts check (read_count = accepted_count + duplicate_count + rejected_count);
    `);
  }
}
