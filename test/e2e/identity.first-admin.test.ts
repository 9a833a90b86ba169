import { createFirstAdmin, identityEntities } from '@qingnang/identity';
import { expect, it } from 'vitest';
import { createTestDataSource } from '../support/postgres.js';

it('makes one admin of the installation, however many processes start at once', async () => {
  const { dataSource, close } = await createTestDataSource(identityEntities);
  try {
    const made = await Promise.all([1, 2, 3].map(() => createFirstAdmin(dataSource)));
    const [first, ...others] = made.filter((credentials) => credentials !== null);
    expect(others).toEqual([]);
    expect(first).toMatchObject({ login: 'admin' });
    expect(first!.password).toMatch(/^[a-z2-9]{4}-[a-z2-9]{4}-[a-z2-9]{4}$/);
    const people = await dataSource.query<unknown[]>('select login, installation_admin, state from person');
    expect(people).toEqual([{ login: 'admin', installation_admin: true, state: 'active' }]);
  } finally {
    await close();
  }
});
