import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Access that outlives the request it was given by: an open stream, the signed address of a file. Each is held by a row
 * that ends with whoever was let in, in every process at once.
 */
export class AddAccessLeases20261129100200 implements MigrationInterface {
  readonly name = 'AddAccessLeases20261129100200';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table access_lease (
        id uuid not null,
        project_id uuid not null,
        person_id uuid not null,
        -- Of a program: its key; the person is who made it.
        api_key_id uuid,
        kind text not null,
        until timestamptz not null,
        constraint pk_access_lease primary key (id),
        constraint fk_access_lease_project foreign key (project_id) references project (id),
        constraint fk_access_lease_person foreign key (person_id) references person (id),
        constraint fk_access_lease_api_key foreign key (project_id, api_key_id) references api_key (project_id, id),
        constraint ck_access_lease_kind check (kind in ('stream', 'download'))
      );
      create index ix_access_lease_person on access_lease (person_id);
      create index ix_access_lease_until on access_lease (until);
      create index ix_invite_invited_by on invite (invited_by) where accepted_at is null and revoked_at is null;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop index ix_invite_invited_by; drop table access_lease;');
  }
}
