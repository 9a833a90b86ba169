import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { DataSource } from 'typeorm';
import { wakeProvider } from '@qingnang/llm';
import { notify } from '@qingnang/queue';
import { ASLEEP, NO_ADDRESS } from '../models/register-model.js';
import { wantServer } from './model-server.service.js';
import { ServeProcess } from './serve-process.js';

/** A worker silent for so long keeps no servers any more. */
const SILENT_SECONDS = 15;
/** A job at work keeps its model's server for so long at a time. */
const JOB_MINUTES = 3;
const START_LIMIT_MS = 120_000;
/** Falls in a row after which a server counts as failed. */
const PATIENCE = 3;
const STOP_LIMIT_MS = 5_000;

interface Kept {
  id: string;
  projectId: string;
  modelId: string;
  providerId: string | null;
  name: string;
  folder: string;
}

interface Running {
  server: Kept;
  process: ServeProcess;
  startedAt: number;
  announced: boolean;
  falls: number;
}

/** Keeps the model servers that this worker holds: started while wanted, restarted when they fall, ended after. */
export class ServerKeeper {
  private readonly running = new Map<string, Running>();

  constructor(
    private readonly dataSource: DataSource,
    private readonly dataDir: string,
    private readonly workerId: string,
    private readonly spawn = (folder: string, name: string) => new ServeProcess(folder, name),
  ) {}

  /** One look at what is wanted; to be called every second or so. */
  async tick(): Promise<void> {
    await this.wantForJobs();
    for (const server of await this.held()) {
      if (!this.running.has(server.id)) this.start(server, 0);
    }
    for (const running of this.running.values()) await this.look(running);
    await this.endUnwanted();
  }

  /** Ends everything held here; what is still wanted goes to another worker, or to this one after its restart. */
  async stop(): Promise<void> {
    const all = [...this.running.values()];
    this.running.clear();
    all.forEach(({ process }) => process.stop());
    const deadline = Date.now() + STOP_LIMIT_MS;
    while (all.some(({ process }) => !process.ended) && Date.now() < deadline) await sleep(20);
    for (const { process, server } of all) {
      if (!process.ended) process.kill();
      await this.silence(server);
    }
    await this.dataSource.query(
      `update model_server set worker_id = null, port = null, state = 'starting', heartbeat_at = null
       where worker_id = $1 and state in ('starting', 'ready')`,
      [this.workerId],
    );
  }

  /** A model job at work wants its server, without anybody asking for it. */
  private async wantForJobs(): Promise<void> {
    const wanted = await this.dataSource.query<{ id: string; projectId: string; providerId: string }[]>(
      `select m.id, m.project_id as "projectId", p.id as "providerId"
       from provider p join model m on m.id = p.model_id and m.state = 'registered'
       where p.kind = 'serve' and p.state = 'active'
         and exists (select from llm_job_role r join llm_job j on j.id = r.job_id
           where r.provider_id = p.id and j.state = 'running')
         and not exists (select from model_server s where s.model_id = m.id and s.state in ('starting', 'ready')
           and s.wanted_until > now() + interval '1 minute')
         and not exists (select from model_server s where s.model_id = m.id and s.state = 'failed'
           and s.heartbeat_at > now() - interval '1 minute')`,
    );
    for (const model of wanted) {
      await this.dataSource.transaction((tx) => wantServer(tx, model, JOB_MINUTES));
    }
  }

  /** Renews what is ours and takes what nobody keeps, in one statement each. */
  private async held(): Promise<Kept[]> {
    await this.dataSource.query(
      `update model_server set worker_id = $1, state = 'starting', port = null, heartbeat_at = now()
       where id in (select id from model_server where state in ('starting', 'ready') and wanted_until > now()
         and worker_id is distinct from $1
         and (worker_id is null or heartbeat_at is null or heartbeat_at < now() - make_interval(secs => $2))
         for update skip locked)`,
      [this.workerId, SILENT_SECONDS],
    );
    return this.dataSource.query<Kept[]>(
      `with held as (
         update model_server set heartbeat_at = now()
         where worker_id = $1 and state in ('starting', 'ready') and wanted_until > now()
         returning id, project_id, model_id, provider_id)
       select held.id, held.project_id as "projectId", held.model_id as "modelId", held.provider_id as "providerId",
         m.name, m.folder
       from held join model m on m.id = held.model_id`,
      [this.workerId],
    );
  }

  private start(server: Kept, falls: number): void {
    const process = this.spawn(join(this.dataDir, server.folder), server.name);
    this.running.set(server.id, { server, process, startedAt: Date.now(), announced: false, falls });
  }

  private async look(running: Running): Promise<void> {
    const { process, server } = running;
    if (process.ended) return this.restart(running);
    if (process.port !== null && !running.announced) {
      running.announced = true;
      await this.announce(server, process.port);
    } else if (process.port === null && Date.now() - running.startedAt > START_LIMIT_MS) process.kill();
  }

  private async restart(running: Running): Promise<void> {
    const { server, process } = running;
    this.running.delete(server.id);
    await this.silence(server);
    const falls = running.announced && Date.now() - running.startedAt > 60_000 ? 1 : running.falls + 1;
    if (falls >= PATIENCE) {
      const failure = process.lastWords.trim().split('\n').at(-1) || 'The server ended without a word.';
      await this.end(server, 'failed', failure.slice(0, 300));
    } else {
      await this.dataSource.query(`update model_server set state = 'starting', port = null where id = $1`, [server.id]);
      this.start(server, falls);
    }
  }

  /** From here on the provider has an address, and what waited for it goes on. */
  private async announce(server: Kept, port: number): Promise<void> {
    await this.dataSource.transaction(async (tx) => {
      await tx.query(`update model_server set state = 'ready', port = $2, failure = null where id = $1`, [
        server.id,
        port,
      ]);
      await tx.query(`update provider set base_url = $2, breaker_open_until = null where id = $1`, [
        server.providerId,
        `http://127.0.0.1:${port}/v1`,
      ]);
      await tx.query('delete from model_breaker where provider_id = $1', [server.providerId]);
      if (server.providerId !== null) await wakeProvider(tx, server.providerId);
      await notify(tx, server.projectId, 'models', server.modelId);
    });
  }

  private async endUnwanted(): Promise<void> {
    const unwanted = await this.dataSource.query<{ id: string }[]>(
      `select id from model_server where wanted_until <= now() and state in ('starting', 'ready')
         and (worker_id = $1 or worker_id is null or heartbeat_at < now() - make_interval(secs => $2))`,
      [this.workerId, SILENT_SECONDS],
    );
    for (const { id } of unwanted) {
      const running = this.running.get(id);
      this.running.delete(id);
      running?.process.stop();
      if (running) await this.silence(running.server);
      await this.dataSource.query(`update model_server set state = 'stopped', port = null where id = $1`, [id]);
      if (running)
        await this.dataSource.transaction((tx) =>
          notify(tx, running.server.projectId, 'models', running.server.modelId),
        );
    }
  }

  private async end(server: Kept, state: 'stopped' | 'failed', failure: string | null): Promise<void> {
    await this.dataSource.transaction(async (tx) => {
      await tx.query(`update model_server set state = $2, failure = $3, port = null where id = $1`, [
        server.id,
        state,
        failure,
      ]);
      await notify(tx, server.projectId, 'models', server.modelId);
    });
  }

  /** Nobody listens at the provider's address any more: nothing is sent there until a server is up again. */
  private async silence(server: Kept): Promise<void> {
    await this.dataSource.query('update provider set base_url = $2, breaker_open_until = $3 where id = $1', [
      server.providerId,
      NO_ADDRESS,
      ASLEEP,
    ]);
  }
}
