import type { DataSource } from 'typeorm';
import type { LlmJobDetail, PolishSettings, ProviderModel } from '@qingnang/contracts';
import {
  ensureLlmDefaults,
  getLlmJob,
  latestPromptVersion,
  LlmGate,
  LlmJobRunner,
  LlmJobService,
  type LlmOptions,
  PurposeRegistry,
} from '@qingnang/llm';
import { type RehearsalServer, startRehearsalServer } from '../../apps/rehearsal/src/server.js';
import { DistilPurpose } from '@qingnang/distill';
import { PolishPurpose } from '@qingnang/polish';
import { makeProject } from './corpus.js';

/** Prices of the rehearsal provider under test, so that a ledger has something to say. Per million tokens. */
export const PRICES = { input: 2, output: 8 };

export interface ChargeSummary {
  calls: number;
  unkeyed: number;
  replays: number;
  prompt_tokens: number;
  completion_tokens: number;
  charges: Record<string, number>;
}

export interface LlmBench {
  dataSource: DataSource;
  projectId: string;
  actor: { projectId: string; personId: null };
  providerId: string;
  service: LlmJobService;
  gate: LlmGate;
  purposes: PurposeRegistry;
  options: LlmOptions;
  rehearsal: RehearsalServer;
  setFaults(faults: object[]): Promise<void>;
  charges(): Promise<ChargeSummary>;
  /** A polish job, estimated. */
  createPolish(changes?: Partial<NewPolish>): Promise<LlmJobDetail>;
  start(id: string): Promise<void>;
  /** Works on a job until a lane has nothing more to do, as the worker would. */
  runLane(id: string, signal?: AbortSignal, options?: Partial<LlmOptions>): Promise<void>;
  detail(id: string): Promise<LlmJobDetail>;
  updateProvider(set: string, values?: unknown[]): Promise<void>;
  /** Lets every model be asked again at once. */
  closeBreakers(): Promise<void>;
  close(): Promise<void>;
}

interface NewPolish {
  model: string;
  template: string;
  settings: Partial<PolishSettings>;
  budgetLimit: number | null;
  filter: Record<string, unknown>;
  providerId: string;
}

/** A project with the default prompts, and a rehearsal server of its own that plays faults. */
export async function openLlmBench(dataSource: DataSource, seed = 7): Promise<LlmBench> {
  const rehearsal = await startRehearsalServer({ port: 0, host: '127.0.0.1', seed });
  const origin = `http://127.0.0.1:${rehearsal.port}`;
  const projectId = await makeProject(dataSource);
  await dataSource.transaction((tx) => ensureLlmDefaults(tx, projectId));
  const [provider] = await dataSource.query<{ id: string; models: ProviderModel[] }[]>(
    `select id, models from provider where project_id = $1`,
    [projectId],
  );
  const priced = provider!.models.map((model) => ({
    ...model,
    input_price: PRICES.input,
    output_price: PRICES.output,
  }));
  await dataSource.query('update provider set models = $2, base_url = $3 where id = $1', [
    provider!.id,
    JSON.stringify(priced),
    `${origin}/v1`,
  ]);
  const options: LlmOptions = {
    concurrency: 4,
    leaseSeconds: 2,
    retentionDays: 30,
    timeoutMs: 400,
    encryptionKey: new Uint8Array(32),
    rehearsalUrl: undefined,
  };
  const purposes = new PurposeRegistry();
  purposes.register(new PolishPurpose());
  purposes.register(new DistilPurpose());
  const service = new LlmJobService(purposes);
  const actor = { projectId, personId: null };
  const detail = (id: string): Promise<LlmJobDetail> => getLlmJob(dataSource.manager, actor, id);
  return {
    dataSource,
    projectId,
    actor,
    providerId: provider!.id,
    service,
    gate: new LlmGate(dataSource, options),
    purposes,
    options,
    rehearsal,
    setFaults: async (faults) => {
      const response = await fetch(`${origin}/rehearsal/faults`, { method: 'POST', body: JSON.stringify({ faults }) });
      if (!response.ok) throw new Error(await response.text());
    },
    charges: async () => (await (await fetch(`${origin}/rehearsal/charges`)).json()) as ChargeSummary,
    createPolish: async (changes = {}) => {
      const prompt = await latestPromptVersion(dataSource.manager, projectId, changes.template ?? 'polish');
      const job = await dataSource.transaction((tx) =>
        service.create(tx, actor, {
          purpose: 'polish',
          name: 'polish',
          providerId: changes.providerId ?? provider!.id,
          model: changes.model ?? 'rehearsal-polish',
          filter: changes.filter ?? {},
          promptVersionIds: [prompt!.id],
          settings: changes.settings ?? {},
          budgetLimit: changes.budgetLimit ?? null,
        }),
      );
      return detail(job.id);
    },
    start: async (id) => {
      await dataSource.transaction((tx) => service.start(tx, actor, id));
    },
    runLane: (id, signal = new AbortController().signal, changes = {}) =>
      new LlmJobRunner(dataSource, purposes, { ...options, ...changes }).run(
        { jobId: id, projectId, lane: 0 },
        { signal, workerId: 'test' },
      ),
    detail,
    updateProvider: async (set, values = []) => {
      await dataSource.query(`update provider set ${set} where id = $1`, [provider!.id, ...values]);
    },
    closeBreakers: async () => {
      await dataSource.query('update model_breaker set open_until = null, failures = 0 where project_id = $1', [
        projectId,
      ]);
    },
    close: () => rehearsal.close(),
  };
}

/** Dialogues of two turns that differ, with a number in the doctor's words. */
export function shortDialogues(n: number): string[][] {
  return Array.from({ length: n }, (_, i) => [
    `我最近头晕${i + 1}天了，血压有点高，该怎么办？`,
    `考虑高血压，少盐，每天量血压${(i % 5) + 1}次，${i + 3}天后复诊。`,
  ]);
}
