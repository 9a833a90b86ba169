import { execFile } from 'node:child_process';
import { mkdir, readdir, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import type { Settings } from '@qingnang/config';
import {
  checkServer,
  type EmbeddedPostgres,
  migrateDatabase,
  readMigrationState,
  startEmbeddedPostgres,
} from '@qingnang/database';
import { migrateQueue } from '@qingnang/queue';
import { migrations } from '../../../../migrations/index.js';
import { rotateIfLarge } from './log-file.js';

const BACKUPS_KEPT = 3;
const PAUSE_MS = 500;

/** The database of this installation: the built-in server, which it starts and keeps running, or one at an address. */
export class DatabaseProcess {
  private server: EmbeddedPostgres | undefined;
  private stopping = false;

  constructor(
    private readonly settings: Settings,
    private readonly say: (line: string) => void,
  ) {}

  get url(): string {
    return this.server?.url ?? this.settings.databaseUrl!;
  }

  get pid(): number | undefined {
    return this.server?.pid;
  }

  async start(): Promise<void> {
    if (this.settings.databaseUrl) await checkServer(this.settings.databaseUrl);
    else this.server = await this.launch();
  }

  /** Migrates; before older data is changed, the built-in server's files are copied while it is stopped. */
  async migrate(): Promise<void> {
    const { applied, pending } = await readMigrationState(this.url, migrations);
    if (applied.length > 0 && pending.length > 0) await this.backUp(pending[0]!);
    const done = await migrateDatabase(this.url, migrations);
    await migrateQueue(this.url);
    if (done.length > 0) this.say(`schema: ${done.length} migration${done.length === 1 ? '' : 's'} applied`);
  }

  /** Starts the server again whenever it falls, and calls `moved` if it then has another address. */
  keepRunning(moved: () => void): void {
    void this.server?.ended.then(() => this.recover(moved));
  }

  async stop(): Promise<void> {
    this.stopping = true;
    await this.server?.stop();
  }

  private async recover(moved: () => void): Promise<void> {
    const before = this.url;
    while (!this.stopping) {
      try {
        this.server = await this.launch();
        break;
      } catch (error) {
        this.say(`database: ${(error as Error).message}`);
        await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
      }
    }
    if (this.stopping) return;
    if (this.url !== before) moved();
    this.keepRunning(moved);
  }

  private launch(): Promise<EmbeddedPostgres> {
    const logFile = join(this.settings.dataDir, 'logs', 'postgres.log');
    rotateIfLarge(logFile);
    return startEmbeddedPostgres({ dataDir: this.settings.dataDir, logFile });
  }

  private async backUp(firstChange: string): Promise<void> {
    if (!this.server) {
      this.say('schema: changing an external database; its backup is its owner’s care (pg_dump)');
      return;
    }
    const folder = join(this.server.folder, 'backups');
    const target = join(folder, `${new Date().toISOString().replace(/[:.]/g, '-')}-before-${firstChange}`);
    this.say(`backup before the change of schema: ${target}`);
    await this.server.stop();
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await promisify(execFile)('cp', ['-a', join(this.server.folder, 'cluster'), target]);
    const old = (await readdir(folder)).sort().slice(0, -BACKUPS_KEPT);
    await Promise.all(old.map((name) => rm(join(folder, basename(name)), { recursive: true, force: true })));
    this.server = await this.launch();
  }
}
