import type { EntityManager } from 'typeorm';
import { ZodError } from 'zod';
import { writeAudit } from '@qingnang/audit';
import {
  type Actor,
  type CreateRun,
  resolveRunConfig,
  type RunConfig,
  type RunRequest,
  type TrainedElsewhere,
} from '@qingnang/contracts';
import { DomainError, uuidv7 } from '@qingnang/kernel';
import { notify } from '@qingnang/queue';
import { requestLaunch } from '../runs.jobs.js';
import { type ChosenInput, chooseInputs } from './choose-inputs.js';
import { RunEntity } from './run.entity.js';
import { RunInputEntity } from './run-input.entity.js';

export interface InsertedRun {
  id: string;
  config: RunConfig;
  inputs: ChosenInput[];
}

/**
 * A run with its inputs, in the caller's transaction. A local one is put before the trainers of this installation; one
 * from outside is at work from the start.
 * @throws DomainError `run.config` (422), those of {@link chooseInputs}
 */
export async function insertRun(
  tx: EntityManager,
  actor: Actor,
  input: CreateRun,
  launcher: RunEntity['launcher'],
  trainedElsewhere: TrainedElsewhere | null = null,
): Promise<InsertedRun> {
  const [config, id] = [runConfigOf(input), uuidv7()];
  const { projectId } = actor;
  const inputs = await chooseInputs(tx, projectId, input, { baseKnown: trainedElsewhere === null });
  await tx.insert(RunEntity, {
    id,
    projectId,
    name: input.name,
    method: input.method,
    config: config as object,
    seed: config.seed,
    launcher,
    trainedElsewhere,
    folder: `runs/${id}`,
    createdBy: actor.personId,
    ...(launcher === 'outside' ? { state: 'running' as const, startedAt: new Date() } : {}),
  });
  await tx.insert(
    RunInputEntity,
    inputs.map((each) => ({ ...each, runId: id, projectId })),
  );
  if (launcher === 'local') await requestLaunch(tx, projectId, id);
  await writeCreation(tx, actor, { id, config, inputs }, launcher);
  await notify(tx, projectId, 'runs', id);
  return { id, config, inputs };
}

function writeCreation(
  tx: EntityManager,
  actor: Actor,
  { id, config, inputs }: InsertedRun,
  launcher: RunEntity['launcher'],
): Promise<void> {
  return writeAudit(tx, actor, {
    action: 'run.create',
    subjectType: 'run',
    subjectId: id,
    after: {
      method: config.method,
      seed: config.seed,
      launcher,
      inputs: inputs.map(({ role, digest, snapshotId, modelId }) => ({ role, digest, snapshotId, modelId })),
    },
  });
}

/** The whole configuration of a wish. @throws DomainError `run.config` (422) naming each field at fault */
export function runConfigOf({ method, preset, seed, config, inputs }: Omit<CreateRun, 'name'>): RunConfig {
  const request: RunRequest = { ...config, method, preset, ...(seed === undefined ? {} : { seed }) };
  try {
    const whole = resolveRunConfig(request);
    if (!whole.lora || inputs.policy !== undefined) return whole;
    throw wrongConfig([{ path: ['lora'], message: 'LoRA adapts a model that is there: choose one to start from.' }]);
  } catch (error) {
    if (!(error instanceof ZodError)) throw error;
    throw wrongConfig(error.issues);
  }
}

function wrongConfig(issues: readonly { path: PropertyKey[]; message: string }[]): DomainError {
  const errors = issues.map(({ path, message }) => ({ field: `config.${path.join('.')}`, detail: message }));
  return new DomainError({
    code: 'run.config',
    status: 422,
    field: errors[0]!.field,
    detail: 'The configuration is wrong: see the fields named.',
    details: { errors },
  });
}
