import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { childEnvironment, repositoryRoot, type Settings } from '@qingnang/config';
import { DatabaseProcess } from './database-process.js';
import { type FirstLogin, makeFirstAdmin } from './first-admin.js';
import { SupervisorLock } from './lock.js';
import { ManagedProcess } from './managed-process.js';
import { inheritPort, preferPort, prepareDataDir, reservePort } from './preflight.js';

export interface SupervisorOptions {
  settings: Settings;
  say(line: string): void;
}

export interface Started {
  /** What people open. */
  address: string;
  /** Only where this was the very first start. */
  firstLogin: FirstLogin | null;
}

/** Starts the processes of an installation in order, restarts what falls, and stops them in the reverse order. */
export class Supervisor {
  private lock: SupervisorLock | undefined;
  private database: DatabaseProcess | undefined;
  /** In the order of starting; stopped from the API down. */
  private children: ManagedProcess[] = [];
  private starting: Promise<Started> | undefined;
  private stopping: Promise<void> | undefined;

  constructor(private readonly options: SupervisorOptions) {}

  /** Settles once everything runs. Cleans up behind itself if it fails. */
  async start(): Promise<Started> {
    this.starting = this.startAll();
    try {
      return await this.starting;
    } catch (error) {
      await this.stop();
      throw error;
    }
  }

  /** API first, so that nothing new comes in; then the worker hands back its leases; the database last. */
  stop(): Promise<void> {
    this.stopping ??= this.stopAll();
    return this.stopping;
  }

  /** For the second Ctrl-C: no farewells, but the database still closes its files in order. */
  kill(): void {
    for (const child of this.children) child.kill();
  }

  private async startAll(): Promise<Started> {
    const { settings, say } = this.options;
    await prepareDataDir(settings);
    const shownHost = settings.host === '0.0.0.0' || settings.host === '::' ? 'localhost' : settings.host;
    this.lock = SupervisorLock.take(settings.dataDir, `http://${shownHost}:${settings.port}`);
    const claimPort = this.lock.takenOver ? inheritPort : reservePort;
    const port = await claimPort(settings.host, settings.port, 'QINGNANG_PORT');
    say(settings.databaseUrl ? 'database: connecting' : 'database: starting the built-in PostgreSQL');
    const database = new DatabaseProcess(settings, say);
    this.database = database;
    await database.start();
    this.refuseIfStopping();
    await database.migrate();
    this.refuseIfStopping();
    const firstLogin = await makeFirstAdmin(database.url, settings.dataDir);
    say('starting rehearsal model, API and worker');
    await this.startChildren(port, await this.rehearsalPort());
    database.keepRunning(() => this.children.forEach((child) => child.restart()));
    return { address: settings.publicUrl ?? `http://${shownHost}:${port}`, firstLogin };
  }

  private async startChildren(port: number, rehearsalPort: number): Promise<void> {
    const rehearsalUrl = `http://127.0.0.1:${rehearsalPort}/v1`;
    const environment = () =>
      childEnvironment({
        databaseUrl: this.database!.url,
        dataDir: this.options.settings.dataDir,
        port,
        rehearsalUrl,
        rehearsalPort,
      });
    const plan = (name: string, command: string[], stopLimitMs: number) =>
      new ManagedProcess({
        name,
        command,
        environment,
        logFile: join(this.options.settings.dataDir, 'logs', `${name}.log`),
        stopLimitMs,
      });
    const built = join(repositoryRoot(), 'dist', 'apps');
    this.refuseIfStopping();
    this.children = [
      plan('rehearsal', [join(built, 'rehearsal/src/main.js')], 5_000),
      // A trainer below the worker saves its checkpoint first.
      plan('worker', [join(built, 'worker/src/main.js')], 60_000),
      plan('api', [join(built, 'api/src/main.js')], 15_000),
    ];
    await Promise.all(this.children.map((child) => child.start()));
  }

  private refuseIfStopping(): void {
    if (this.stopping) throw new Error('Stopped while starting.');
  }

  private async stopAll(): Promise<void> {
    for (const child of this.children.toReversed()) await child.stop();
    // Told to stop while starting: what is under way ends at its next step.
    await this.starting?.catch(() => undefined);
    await this.database?.stop();
    this.lock?.release();
  }

  /** The same from start to start, since providers are kept with their address. */
  private async rehearsalPort(): Promise<number> {
    const file = join(this.options.settings.dataDir, 'rehearsal-port');
    const last = existsSync(file) ? Number(readFileSync(file, 'utf8')) || 0 : 0;
    const port = await preferPort('127.0.0.1', this.options.settings.rehearsalPort ?? last);
    writeFileSync(file, String(port));
    return port;
  }
}
