import { DataSource, type DataSourceOptions, type EntitySchema, type MigrationInterface } from 'typeorm';
import { SnakeNamingStrategy } from './naming-strategy.js';

export type PostgresOptions = Extract<DataSourceOptions, { type: 'postgres' }>;

export type EntityClass = (abstract new (...args: never[]) => unknown) | EntitySchema;
export type MigrationClass = new () => MigrationInterface;

export interface DataSourceSettings {
  url: string;
  entities?: readonly EntityClass[];
  migrations?: readonly MigrationClass[];
  /** Connections this process may hold; the embedded server allows 100 in all. */
  poolSize?: number;
  /** Shown in `pg_stat_activity`, so that a stuck statement can be laid at a door. */
  applicationName?: string;
  /** Longest that one statement may take; none where it is left out, as for jobs. */
  statementSeconds?: number;
  /** PostgreSQL ends a session that begins a transaction and then says nothing for so long: its process hangs. */
  idleTransactionMs?: number;
}

/** The options every data source shares. The schema is made by migrations only, never by `synchronize`. */
export function dataSourceOptions(settings: DataSourceSettings): PostgresOptions {
  return {
    type: 'postgres',
    url: settings.url,
    entities: [...(settings.entities ?? [])] as PostgresOptions['entities'],
    migrations: [...(settings.migrations ?? [])],
    migrationsTableName: 'schema_migration',
    migrationsTransactionMode: 'each',
    namingStrategy: new SnakeNamingStrategy(),
    synchronize: false,
    migrationsRun: false,
    installExtensions: false,
    poolSize: settings.poolSize ?? 10,
    applicationName: settings.applicationName ?? 'qingnang',
    connectTimeoutMS: 10_000,
    extra: {
      ...(settings.statementSeconds ? { statement_timeout: settings.statementSeconds * 1000 } : {}),
      ...(settings.idleTransactionMs ? { idle_in_transaction_session_timeout: settings.idleTransactionMs } : {}),
    },
  };
}

/** A data source, not yet initialised. */
export function createDataSource(settings: DataSourceSettings): DataSource {
  return new DataSource(dataSourceOptions(settings));
}
