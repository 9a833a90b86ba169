import { describe, expect, it } from 'vitest';
import { createTestDataSource } from '../support/postgres.js';

describe('a test database', () => {
  it('has the schema, and keeps Chinese text indexable by trigram', async () => {
    const { dataSource, close } = await createTestDataSource();
    const [row] = await dataSource.query<{ tables: number; jit: string; collation: string }[]>(
      `select (select count(*)::int from information_schema.tables where table_schema = 'public') as tables,
              current_setting('jit') as jit,
              (select datcollate from pg_database where datname = current_database()) as collation`,
    );
    expect(row).toMatchObject({ jit: 'off', collation: 'C.UTF-8' });
    expect(row!.tables).toBeGreaterThan(20);
    await close();
  });
});
