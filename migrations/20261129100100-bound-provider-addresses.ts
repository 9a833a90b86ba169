import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Hosts that mean something in a house's own network only, or lie there by their number. */
const INSIDE_HOST =
  '^https?://(localhost|[^.:/\\[]+|[^:/]+\\.(localhost|localdomain|local|lan|internal|intranet|corp|home\\.arpa|svc)' +
  '|127(\\.[0-9]+){3}|10(\\.[0-9]+){3}|192\\.168(\\.[0-9]+){2}|172\\.(1[6-9]|2[0-9]|3[01])(\\.[0-9]+){2}' +
  '|100\\.(6[4-9]|[7-9][0-9]|1[01][0-9]|12[0-7])(\\.[0-9]+){2}|\\[(::1|f[cd][0-9a-f:]*)\\])(:[0-9]+)?(/|$)';

/**
 * Whether calls to a provider may go to this machine or a private network. Providers that were entered with such an
 * address, or that the installation's admin declared inside, may; of the others a name that turns out to lead inside is
 * refused until the admin allows it. Names and passwords in addresses, with which no call was ever sent, are taken out.
 */
export class BoundProviderAddresses20261129100100 implements MigrationInterface {
  readonly name = 'BoundProviderAddresses20261129100100';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`alter table provider add column inside_address boolean not null default false`);
    await runner.query(
      `update provider set base_url = regexp_replace(base_url, '^(https?://)[^/?#]*@', '\\1', 'i')
       where base_url ~* '^https?://[^/?#]*@'`,
    );
    await runner.query(`update provider set inside_address = true where not outside or base_url ~* $1`, [INSIDE_HOST]);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`alter table provider drop column inside_address`);
  }
}
