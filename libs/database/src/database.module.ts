import { type DynamicModule, Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { loadSettings } from '@qingnang/config';
import { dataSourceOptions, type DataSourceSettings, type EntityClass } from './data-source.js';
import { DatabaseError } from './database.errors.js';

/** One `DataSource` for the process, injectable everywhere. */
@Module({})
export class DatabaseModule {
  /** Connects to `DATABASE_URL` of the settings, which the supervisor sets for its children, unless told otherwise. */
  static forRoot(
    entities: readonly EntityClass[],
    overrides: Partial<Omit<DataSourceSettings, 'entities'>> = {},
  ): DynamicModule {
    return {
      module: DatabaseModule,
      imports: [
        TypeOrmModule.forRootAsync({
          useFactory: () => ({
            ...dataSourceOptions({ url: overrides.url ?? configuredUrl(), entities, ...overrides }),
            retryAttempts: 0,
          }),
        }),
      ],
    };
  }
}

function configuredUrl(): string {
  const { databaseUrl } = loadSettings();
  if (databaseUrl) return databaseUrl;
  throw new DatabaseError('no_url', 'This process needs DATABASE_URL; `qingnang up` sets it for its children.');
}
