import { once } from 'node:events';
import type { PoolClient } from 'pg';
import { from } from 'pg-copy-streams';
import type { EntityManager } from 'typeorm';

export type CopyValue = string | number | boolean | null;

const SPECIAL = /[\\\n\r\t]/g;
const ESCAPED: Readonly<Record<string, string>> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/**
 * Adds rows to a table in the caller's transaction by `COPY`, many at a fraction of what `insert` costs. Values are as
 * PostgreSQL reads their types: a hash as `\x…`, a list as `{a,b}`. Columns left out take their defaults.
 */
export async function copyRows(
  tx: EntityManager,
  table: string,
  columns: readonly string[],
  rows: readonly (readonly CopyValue[])[],
): Promise<void> {
  if (rows.length === 0) return;
  const client = (await tx.queryRunner!.connect()) as PoolClient;
  const copy = client.query(from(`copy ${table} (${columns.join(', ')}) from stdin`));
  copy.end(rows.map(lineOf).join(''));
  await once(copy, 'finish');
}

function lineOf(values: readonly CopyValue[]): string {
  return `${values.map(fieldOf).join('\t')}\n`;
}

function fieldOf(value: CopyValue): string {
  if (value === null) return '\\N';
  return typeof value === 'string' ? value.replace(SPECIAL, (character) => ESCAPED[character]!) : String(value);
}
