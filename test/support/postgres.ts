import { inject } from 'vitest';
import type { DataSource } from 'typeorm';
import { createDataSource, type EntityClass } from '@qingnang/database';

export interface TestDatabase {
  url: string;
  drop(): Promise<void>;
}

/**
 * A database of this test's own, with every migration applied, or with none. Drop it in `afterAll`; the run drops what is
 * left.
 */
export async function createTestDatabase({ empty = false } = {}): Promise<TestDatabase> {
  const service = inject('testDatabases');
  const response = await fetch(empty ? `${service}/empty` : service, { method: 'POST' });
  if (!response.ok) throw new Error(await response.text());
  const { name, url } = (await response.json()) as { name: string; url: string };
  return {
    url,
    drop: async () => {
      await fetch(`${service}/${name}`, { method: 'DELETE' });
    },
  };
}

/** An open data source on a test database of its own; `close` destroys the one and drops the other. */
export async function createTestDataSource(
  entities: readonly EntityClass[] = [],
): Promise<{ dataSource: DataSource; url: string; close(): Promise<void> }> {
  const database = await createTestDatabase();
  const dataSource = await createDataSource({ url: database.url, entities, poolSize: 5 }).initialize();
  return {
    dataSource,
    url: database.url,
    close: async () => {
      await dataSource.destroy();
      await database.drop();
    },
  };
}
