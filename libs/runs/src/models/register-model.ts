import { join } from 'node:path';
import type { EntityManager } from 'typeorm';
import { z } from 'zod';
import { writeAudit } from '@qingnang/audit';
import { type ProviderModel, type RunResult, systemActor } from '@qingnang/contracts';
import { DomainError, uuidv7 } from '@qingnang/kernel';
import { notify } from '@qingnang/queue';
import type { ClaimedRun } from '../launch/claim-run.js';
import { hashWeights } from '../launch/file-hashes.js';
import { readJson } from '../launch/run-files.js';
import { ModelEntity } from './model.entity.js';

/** A provider whose server is not running: nothing is sent before a server has said where it listens. */
export const ASLEEP = '2100-01-01T00:00:00Z';
export const NO_ADDRESS = 'http://127.0.0.1:0/v1';

/** The run whose model is entered, wherever it was trained. */
type TrainedRun = Pick<ClaimedRun, 'id' | 'projectId' | 'config' | 'folder'>;

const modelFile = z.object({ max_position_embeddings: z.int().positive() });

/**
 * Registers the final checkpoint of a run as a model, its weights checked against the hash in `result.json`, its inputs
 * against what the run was made with. Models that speak become a provider of the project; one whose parent was withdrawn
 * meanwhile is entered as withdrawn.
 * @throws DomainError `run.weights_mismatch`, `run.inputs_mismatch`, `run.result_incomplete`
 */
export async function registerModel(
  tx: EntityManager,
  run: TrainedRun,
  dataDir: string,
  result: RunResult,
): Promise<string> {
  const { folder, hash: found } = await checkWeights(run, dataDir, result);
  await checkInputs(tx, run, result);
  const contextTokens = await contextOf(run, join(dataDir, folder));
  const id = uuidv7();
  const name = await freeName(tx, run);
  const rehearsal = result.rehearsal || (await descendsFromRehearsal(tx, run.id));
  const withdrawn = await descendsFromWithdrawn(tx, run.id);
  await tx.insert(ModelEntity, {
    id,
    projectId: run.projectId,
    name,
    stage: run.config.method,
    runId: run.id,
    checkpointId: await reportedCheckpoint(tx, run.id, folder, found),
    weightsHash: found,
    folder,
    contextTokens,
    rehearsal,
    state: withdrawn ? 'withdrawn' : 'registered',
  });
  const speaks = run.config.method !== 'reward' && !withdrawn;
  if (speaks) await addProvider(tx, run.projectId, { id, name, contextTokens, rehearsal });
  await writeAudit(tx, systemActor(run.projectId, 'run'), {
    action: 'model.register',
    subjectType: 'model',
    subjectId: id,
    after: { runId: run.id, stage: run.config.method, weightsHash: found, rehearsal },
  });
  await notify(tx, run.projectId, 'models', id);
  return id;
}

/** The checkpoint as the trainer reported it; `null` where it came by another way. */
async function reportedCheckpoint(
  tx: EntityManager,
  runId: string,
  folder: string,
  hash: string,
): Promise<string | null> {
  const [checkpoint] = await tx.query<{ id: string }[]>(
    'select id from checkpoint where run_id = $1 and folder = $2 and weights_hash = $3 order by attempt desc limit 1',
    [runId, folder, hash],
  );
  return checkpoint?.id ?? null;
}

/** Positions the model may be asked about: its own word, else what it was to be made with. */
async function contextOf(run: TrainedRun, folder: string): Promise<number> {
  const parsed = modelFile.safeParse(await readJson(join(folder, 'config.json')));
  return parsed.data?.max_position_embeddings ?? run.config.model.context_length;
}

/** The final checkpoint, its weights being those that the result names. */
async function checkWeights(
  run: TrainedRun,
  dataDir: string,
  result: RunResult,
): Promise<{ folder: string; hash: string }> {
  if (result.checkpoint === null || result.weights_hash === null) {
    throw unusable('run.result_incomplete', 'The result names no checkpoint.');
  }
  const folder = `${run.folder}/${result.checkpoint}`;
  const hash = await hashWeights(join(dataDir, folder)).catch(() => null);
  if (hash !== result.weights_hash) {
    throw unusable('run.weights_mismatch', 'The weights in the run folder are not those the result names.');
  }
  return { folder, hash };
}

/** The digests the trainer read must be those written down when the run was made. */
async function checkInputs(tx: EntityManager, run: TrainedRun, result: RunResult): Promise<void> {
  const inputs = await tx.query<{ role: string; digest: string }[]>(
    `select role, digest from run_input where run_id = $1 and role <> 'reference'`,
    [run.id],
  );
  for (const { role, digest } of inputs) {
    if (result.inputs.find((each) => each.role === role)?.digest === digest) continue;
    throw unusable('run.inputs_mismatch', `The trainer read another ${role} input than this run was made with.`);
  }
}

/** One rehearsal input stamps the model: a snapshot whose manifest says so, or a stamped model. */
async function descendsFromRehearsal(tx: EntityManager, runId: string): Promise<boolean> {
  const stamped = await tx.query<unknown[]>(
    `select from run_input i left join snapshot s on s.id = i.snapshot_id left join model m on m.id = i.model_id
     where i.run_id = $1 and ((s.manifest ->> 'rehearsal')::boolean or m.rehearsal) limit 1`,
    [runId],
  );
  return stamped.length > 0;
}

/** A model withdrawn while the run was at work takes with it what comes of the run. */
async function descendsFromWithdrawn(tx: EntityManager, runId: string): Promise<boolean> {
  const parents = await tx.query<{ state: string }[]>(
    `select m.state from model m where m.id in (select i.model_id from run_input i where i.run_id = $1)
     order by m.id for share`,
    [runId],
  );
  return parents.some(({ state }) => state === 'withdrawn');
}

async function freeName(tx: EntityManager, run: TrainedRun): Promise<string> {
  const [row] = await tx.query<{ name: string }[]>(
    `select case when n = 1 then r.name else r.name || ' ' || n end as name
     from run r, generate_series(1, 10000) n
     where r.id = $1
       and not exists (select from model m where m.project_id = r.project_id
         and m.name = case when n = 1 then r.name else r.name || ' ' || n end)
       and not exists (select from provider p where p.project_id = r.project_id
         and p.name = case when n = 1 then r.name else r.name || ' ' || n end)
     order by n limit 1`,
    [run.id],
  );
  return row!.name;
}

/** The model as a choice for polish jobs, candidates, evaluation and chat. Its text never leaves the house. */
async function addProvider(
  tx: EntityManager,
  projectId: string,
  model: { id: string; name: string; contextTokens: number; rehearsal: boolean },
): Promise<void> {
  const models: ProviderModel[] = [
    {
      name: model.name,
      text_only: true,
      context_tokens: model.contextTokens,
      input_price: 0,
      output_price: 0,
      rehearsal: model.rehearsal,
    },
  ];
  await tx.query(
    `insert into provider (id, project_id, name, kind, base_url, models, outside, max_concurrency, requests_per_minute,
       model_id, breaker_open_until)
     values ($1, $2, $3, 'serve', $4, $5, false, 2, 6000, $6, $7)`,
    [uuidv7(), projectId, model.name, NO_ADDRESS, JSON.stringify(models), model.id, ASLEEP],
  );
}

function unusable(code: string, detail: string): DomainError {
  return new DomainError({ code, status: 409, detail: `${detail} Nothing was registered; run it again.` });
}
