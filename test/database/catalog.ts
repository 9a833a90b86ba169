import type { DataSource } from 'typeorm';

export interface CatalogColumn {
  table: string;
  column: string;
  type: string;
  nullable: boolean;
  primary: boolean;
}

/** Columns as PostgreSQL knows them; migration bookkeeping left out. */
export function readColumns(source: DataSource): Promise<CatalogColumn[]> {
  return source.query(`
    select c.relname as table, a.attname as column, format_type(a.atttypid, a.atttypmod) as type,
           not a.attnotnull as nullable,
           exists (select 1 from pg_index i where i.indrelid = c.oid and i.indisprimary and a.attnum = any (i.indkey))
             as primary
    from pg_class c join pg_attribute a on a.attrelid = c.oid
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and a.attnum > 0
      and not a.attisdropped and c.relname <> 'schema_migration'
    order by 1, a.attnum`);
}

export interface CatalogForeignKey {
  name: string;
  table: string;
  columns: string[];
  target: string;
  target_columns: string[];
}

export function readForeignKeys(source: DataSource): Promise<CatalogForeignKey[]> {
  return source.query(`
    select k.conname as name, k.conrelid::regclass::text as table, k.confrelid::regclass::text as target,
           array(select a.attname::text from unnest(k.conkey) with ordinality u (n, i)
                 join pg_attribute a on a.attrelid = k.conrelid and a.attnum = u.n order by u.i) as columns,
           array(select a.attname::text from unnest(k.confkey) with ordinality u (n, i)
                 join pg_attribute a on a.attrelid = k.confrelid and a.attnum = u.n order by u.i) as target_columns
    from pg_constraint k where k.contype = 'f' and k.connamespace = 'public'::regnamespace order by 1`);
}

/** Everything a migration can make, as sorted text: columns, constraints, indexes, triggers, functions. */
export async function readShape(source: DataSource): Promise<string[]> {
  const rows = await source.query<{ line: string }[]>(`
    select 'constraint ' || conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid) as line
      from pg_constraint where connamespace = 'public'::regnamespace and conrelid <> 0
       and conrelid::regclass::text <> 'schema_migration'
    union all select 'index ' || indexdef from pg_indexes where schemaname = 'public' and tablename <> 'schema_migration'
    union all select 'trigger ' || pg_get_triggerdef(oid) from pg_trigger where not tgisinternal
    union all select 'function ' || p.oid::regprocedure || md5(p.prosrc) from pg_proc p
      where p.pronamespace = 'public'::regnamespace
      and not exists (select 1 from pg_depend d where d.objid = p.oid and d.deptype = 'e')`);
  const columns = (await readColumns(source)).map((column) => `column ${JSON.stringify(column)}`);
  return [...rows.map((row) => row.line), ...columns].sort();
}
