import { randomBytes } from 'node:crypto';
import { chmod } from 'node:fs/promises';
import { join } from 'node:path';
import { Client } from 'pg';
import { type EmbeddedPostgres, migrateDatabase, startEmbeddedPostgres } from '@qingnang/database';
import { migrateQueue } from '@qingnang/queue';
import { migrations } from '../../migrations/index.js';

const TEMPLATE = 'qingnang_template';

/** A throw-away server with a template database that all migrations have been applied to. */
export class TestCluster {
  private server: EmbeddedPostgres | undefined;
  private started: Promise<void> | undefined;
  private queue: Promise<unknown> = Promise.resolve();

  constructor(private readonly folder: string) {}

  /** A new database with the whole schema and no rows, or without a schema. */
  create(empty: boolean): Promise<{ name: string; url: string }> {
    return this.inTurn(async () => {
      const name = `test_${randomBytes(6).toString('hex')}`;
      await this.administer(`create database ${name} template ${empty ? 'template0' : TEMPLATE}`);
      return { name, url: this.urlOf(name) };
    });
  }

  drop(name: string): Promise<void> {
    return this.inTurn(() => this.administer(`drop database if exists "${name}" with (force)`));
  }

  async stop(): Promise<void> {
    await this.queue.catch(() => undefined);
    await this.server?.stop();
  }

  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    this.started ??= this.start();
    const turn = Promise.all([this.started, this.queue]).then(work);
    this.queue = turn.catch(() => undefined);
    return turn;
  }

  private async start(): Promise<void> {
    // The server may run under another account, which has to pass through.
    await chmod(this.folder, 0o711);
    this.server = await startEmbeddedPostgres({
      dataDir: this.folder,
      logFile: join(this.folder, 'postgres.log'),
      unsafe: true,
    });
    await this.administer(`create database ${TEMPLATE} template template0`);
    await migrateDatabase(this.urlOf(TEMPLATE), migrations);
    await migrateQueue(this.urlOf(TEMPLATE));
  }

  private async administer(statement: string): Promise<void> {
    const client = new Client({ connectionString: this.urlOf('postgres') });
    await client.connect();
    try {
      await client.query(statement);
    } finally {
      await client.end();
    }
  }

  private urlOf(database: string): string {
    const url = new URL(this.server!.url);
    url.pathname = `/${database}`;
    return url.href;
  }
}
