import { access, mkdir, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RunMethod, RunResult } from '@qingnang/contracts';
import { openModel } from '../checkpoint/model-folder.js';
import { hashWeights } from '../checkpoint/weight-files.js';
import { sha256 } from '@qingnang/kernel';
import { InputError } from '../data/input.errors.js';
import { refuseOtherShapes } from '../model/parameters.js';
import { loadTokenizer } from '../tokenizer/tokenizer.js';
import { type JobFile, JobFolder } from './job-folder.js';
import { PlatformClient, type ClientOptions, type PlatformTarget } from './platform-client.js';
import { pushRun, type PushedRun } from './push-run.js';
import { type JobWish, startJob } from './start-job.js';

/** Of a folder that another program wrote, the model alone: no optimiser, no pickled arguments, nothing hidden. */
const OF_THE_MODEL = /^[A-Za-z0-9_][A-Za-z0-9_.-]*\.(?:json|safetensors|jinja|model|txt)$/;
const NOT_OF_IT = /^(?:trainer_state|all_results|train_results|eval_results|training_args)\.json$/;

/** A model that another program has trained. */
export interface TrainedModel {
  folder: string;
  /** Updates it took, where that is known. */
  steps: number;
}

/**
 * Registers a model trained elsewhere as if a run of the platform had trained it: with the snapshot it learnt from, so that its
 * lineage is known and a withdrawal reaches it. Cut off anywhere, the same call goes on; a second one changes nothing.
 * @param at folder for the run's token and what was sent; by default `.hand-in` inside the model's
 * @throws InputError for a model this platform could not serve, or one that was handed in with other weights;
 *   PlatformRefusal, UnreachableError
 */
export async function handInModel(
  target: PlatformTarget,
  options: ClientOptions,
  wish: JobWish,
  { folder: model, steps }: TrainedModel,
  at = join(model, '.hand-in'),
): Promise<PushedRun> {
  await checkModel(model, wish.method);
  const weightsHash = await hashWeights(model);
  const folder = new JobFolder(at);
  const job = (await startedBefore(folder, target, wish)) ?? (await start(target, options, wish, at));
  const result = JSON.stringify(resultOf(job, weightsHash, steps));
  await refuseOtherWeights(folder, job, model, result);
  await writeFile(join(at, 'result.json'), result);
  await rm(join(at, 'model'), { force: true });
  await symlink(await realpath(model), join(at, 'model'), 'junction');
  const client = async (): Promise<PlatformClient> => new PlatformClient(await folder.target(job), options);
  return pushRun(folder, client, job, options.log, (name) => OF_THE_MODEL.test(name) && !NOT_OF_IT.test(name));
}

/** What the platform serves, compares and trains on: a whole model of a kind we read, with its tokenizer. */
async function checkModel(path: string, method: RunMethod): Promise<void> {
  const adapter = await access(join(path, 'adapter_config.json')).then(
    () =>
      access(join(path, 'config.json')).then(
        () => false,
        () => true,
      ),
    () => false,
  );
  if (adapter) {
    throw new InputError(
      'adapter_only',
      `${path} holds an adapter without its base; make a model of the two with qingnang-train merge --base BASE --adapter ${path} --out DIR, and hand that in.`,
    );
  }
  const { kind, config, weights } = await openModel(path);
  const wanted = method === 'reward' ? 'reward' : 'causal-lm';
  if (kind !== wanted)
    throw new InputError('model_kind', `${path} holds a ${kind} model; ${method} makes a ${wanted} one.`);
  refuseOtherShapes(config, weights, kind === 'reward' ? 'reward' : 'none');
  await loadTokenizer(path);
}

/** @throws InputError where the folder is of another hand-in */
async function startedBefore(folder: JobFolder, target: PlatformTarget, wish: JobWish): Promise<JobFile | null> {
  const job = await folder.find();
  if (!job) return null;
  const same = job.platform === target.platform && job.project === target.project;
  if (same && job.run.name === wish.name && job.run.config.method === wish.method) return job;
  throw new InputError(
    'job_exists',
    `${folder.path} belongs to run ${job.run.id} (${job.run.name}); remove it, or name another folder with --run.`,
  );
}

async function start(target: PlatformTarget, options: ClientOptions, wish: JobWish, at: string): Promise<JobFile> {
  await mkdir(at, { recursive: true });
  const started = await startJob(new PlatformClient(target, options), wish, at, () => at);
  if (started.outcome === 'started') return started.job;
  throw new Error('The platform passed over a model that was handed in.'); // it never asks whether anything is new
}

function resultOf({ run }: JobFile, weightsHash: string, steps: number): RunResult {
  return {
    method: run.config.method,
    attempt: run.attempt,
    state: 'succeeded',
    steps,
    checkpoint: 'model',
    weights_hash: weightsHash,
    figures: {},
    inputs: run.inputs.map(({ role, digest }) => ({ role, digest, rows: {}, left_out: {} })),
    rehearsal: false, // the platform knows whether what it was trained on carries the stamp
    cpu_seconds: 0,
    error: null,
  };
}

async function refuseOtherWeights(folder: JobFolder, job: JobFile, model: string, result: string): Promise<void> {
  if (await folder.receipt(sha256(result))) return;
  const open = await folder.target(job).catch(() => null);
  if (open) return;
  throw new InputError(
    'handed_in',
    `${model} was handed in before as run ${job.run.id}, with other weights; remove ${folder.path} to hand it in as a new model.`,
  );
}
