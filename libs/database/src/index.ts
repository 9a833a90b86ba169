export { createDataSource, dataSourceOptions } from './data-source.js';
export type { DataSourceSettings, EntityClass, MigrationClass, PostgresOptions } from './data-source.js';
export { DatabaseError, describeDatabaseUrl } from './database.errors.js';
export { copyRows, type CopyValue } from './copy-rows.js';
export { isDatabaseAway } from './database-away.js';
export { isDiskFull } from './disk-full.js';
export { DatabaseModule } from './database.module.js';
export { checkServer, migrateDatabase, migrationState, readMigrationState, type MigrationState } from './migrate.js';
export {
  runningEmbeddedUrl,
  startEmbeddedPostgres,
  type EmbeddedOptions,
  type EmbeddedPostgres,
} from './embedded/embedded-postgres.js';
export { listPage, type ListPlan, type Queryable, type SortColumn } from './list-page.js';
export { isUniqueViolation } from './unique-violation.js';
export { foldTally, mendTally, tallyDifferences, type TallyDifference } from './tally/fold-tally.js';
export { inState, keptCount, type KeptCount, keptSince, type TallyTopic } from './tally/kept-counts.js';
export { quickQuery, quickTransaction } from './quick-transaction.js';
