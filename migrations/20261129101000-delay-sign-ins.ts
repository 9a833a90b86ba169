import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Failed sign-ins make the next one of the same account from the same place wait, longer each time, instead of closing an
 * account or an address for everybody; a browser in which somebody has signed in before is known to the account and has
 * a count of its own.
 */
export class DelaySignIns20261129101000 implements MigrationInterface {
  readonly name = 'DelaySignIns20261129101000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table attempt_delay (
        key text not null,
        failures integer not null,
        last_at timestamptz not null default now(),
        -- No attempt is looked at before this; null while they are still free.
        until_at timestamptz,
        constraint pk_attempt_delay primary key (key)
      );
      create index ix_attempt_delay_last_at on attempt_delay (last_at);

      create table known_device (
        person_id uuid not null,
        device_hash text not null,
        -- The newest sign-in on it.
        family_id uuid not null,
        seen_at timestamptz not null default now(),
        constraint pk_known_device primary key (person_id, device_hash),
        constraint fk_known_device_person foreign key (person_id) references person (id)
      );
      create index ix_known_device_hash on known_device (device_hash);

      delete from rate_counter;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table known_device, attempt_delay');
  }
}
