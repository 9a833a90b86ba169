import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { ensureLlmDefaults, LlmJobRunner } from '@qingnang/llm';
import { type RehearsalServer, startRehearsalServer } from '../../apps/rehearsal/src/server.js';
import { type QueueWorker, startQueueWorker } from '@qingnang/queue';
import { RunDriver, ServerKeeper } from '@qingnang/runs';
import type { ModelView, RunDetail } from '@qingnang/contracts';
import { LlmJobRunHandler } from '../../apps/worker/src/llm/llm-job-run.handler.js';
import { RunLaunchHandler } from '../../apps/worker/src/runs/run-launch.handler.js';
import { startApi, type TestApi } from './api.js';
import { makeSnapshot, sftRun, tinyRunConfig } from './runs.js';

/** The application over HTTP with a worker, a keeper of model servers and the rehearsal server, all in this process. */
export interface Workshop {
  api: TestApi;
  /** `http://127.0.0.1:<port>` */
  address: string;
  /** The registered model of a tiny SFT run, trained through the API and the queue. */
  train(name: string, seed: number): Promise<ModelView>;
  close(): Promise<void>;
}

/** Polls until the condition gives something; the test's own time limit ends it. */
export async function eventually<T>(look: () => Promise<T | null | undefined | false>): Promise<T> {
  for (;;) {
    const found = await look();
    if (found) return found;
    await sleep(50);
  }
}

export async function startWorkshop(): Promise<Workshop> {
  const rehearsal: RehearsalServer = await startRehearsalServer({ port: 0, host: '127.0.0.1', seed: 1 });
  const port = await freePort();
  const settings = { QINGNANG_PORT: String(port), QINGNANG_REHEARSAL_URL: `http://127.0.0.1:${rehearsal.port}/v1` };
  const api = await startApi({ settings });
  await api.app.listen(port, '127.0.0.1');
  await api.dataSource.transaction((tx) => ensureLlmDefaults(tx, api.project.id));
  const failures: unknown[] = [];
  const worker: QueueWorker = await startQueueWorker({
    url: api.url,
    handlers: [
      new LlmJobRunHandler(api.app.get(LlmJobRunner, { strict: false })),
      new RunLaunchHandler(api.app.get(RunDriver, { strict: false })),
    ],
    concurrency: 3,
    pollMs: 100,
    onError: (_job, error) => failures.push(error),
  });
  const keeper = keepServers(api);

  return {
    api,
    address: `http://127.0.0.1:${port}`,
    async train(name, seed) {
      const snapshot = await makeSnapshot(api.dataSource, api.settings.dataDir, api.project.id, 'sft');
      const model = { ...tinyRunConfig.model, context_length: 256 };
      const body = sftRun(snapshot, { name, seed, config: { ...tinyRunConfig, model } });
      const made = await api.as('data_lead').post('/runs', body);
      if (made.status !== 202) throw new Error(made.text);
      const done = await eventually(async () => {
        const run = (await api.as('data_lead').get(`/runs/${(made.body as RunDetail).id}`)).body as RunDetail;
        if (run.state === 'failed') throw new Error(String(run.failure));
        return run.state === 'succeeded' && run;
      });
      return (await api.as('data_lead').get(`/models/${done.modelId}`)).body as ModelView;
    },
    async close() {
      await worker.stop();
      await keeper.stop();
      await api.close();
      await rehearsal.close();
      if (failures.length > 0) throw failures[0];
    },
  };
}

/** Trainers are told the port of the settings, so it must be known before the application listens. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}

function keepServers(api: TestApi): { stop(): Promise<void> } {
  const keeper = new ServerKeeper(api.dataSource, api.settings.dataDir, 'test');
  let stopped = false;
  const loop = (async () => {
    while (!stopped) {
      await keeper.tick();
      await sleep(100);
    }
  })();
  return {
    async stop() {
      stopped = true;
      await loop;
      await keeper.stop();
    },
  };
}
