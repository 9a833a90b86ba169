import { join } from 'node:path';
import { chooseInput, nameOf } from '../upload/choose-input.js';
import { InputError } from '../data/input.errors.js';
import { type JobFile, JobFolder } from '../upload/job-folder.js';
import type { PlatformTarget } from '../upload/platform-client.js';
import { pullInput, type PulledInput } from '../upload/pull-input.js';
import { pushRun } from '../upload/push-run.js';
import { beginAttempt, type JobWish, startJob } from '../upload/start-job.js';
import { handInModel } from '../upload/hand-in-model.js';
import { parseArgs, required, wholeNumber } from './arguments.js';
import { exitCodes } from './exit-codes.js';
import {
  clientFor,
  clientOptions,
  commonOptions,
  methodOf,
  platformOptions,
  print,
  say,
  targetOf,
  wishOf,
  wishOptions,
} from './platform-options.js';

/** `qingnang-train start METHOD`: a run on the platform whose trainer is here. With `--resume`, its next attempt. */
export async function startCommand(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      ...commonOptions,
      ...platformOptions,
      ...wishOptions,
      run: { type: 'string' },
      resume: { type: 'boolean', default: false },
    },
  });
  const path = required(values.run, '--run');
  if (values.resume) {
    const folder = new JobFolder(path);
    const before = await folder.read();
    const job = await beginAttempt(clientFor(await folder.target(before), values), folder, before);
    say(values.json, { outcome: 'resumed', ...job }, `Run ${job.run.id}, attempt ${job.run.attempt}.`);
    return exitCodes.ok.code;
  }
  const wish = await wishOf(methodOf(positionals[0]), values);
  const target = await targetOf(values);
  const before = await startedBefore(path, target, wish);
  if (before) {
    say(values.json, { outcome: 'started', ...before }, readsLine(before));
    return exitCodes.ok.code;
  }
  const started = await startJob(clientFor(target, values), wish, path, () => path);
  if (started.outcome === 'skipped') {
    say(values.json, started, `Nothing new since run ${started.lastRunId}: skipped.`);
    return exitCodes.nothingNew.code;
  }
  const { job } = started;
  say(values.json, { outcome: 'started', ...job }, readsLine(job));
  return exitCodes.ok.code;
}

const readsLine = ({ run }: JobFile): string => `Run ${run.id} reads ${run.inputs.map(nameOf).join(', ')}.`;

/**
 * The run that the same call has made in this folder, while its token is there: a script that is begun again finds it.
 * @throws InputError where the folder is another run's, or its run has ended
 */
async function startedBefore(path: string, target: PlatformTarget, wish: JobWish): Promise<JobFile | null> {
  const folder = new JobFolder(path);
  const job = await folder.find();
  if (!job) return null;
  const { platform, project, run } = job;
  const open = await folder.target(job).then(
    () => true,
    () => false,
  );
  const same = platform === target.platform && project === target.project;
  if (open && same && run.name === wish.name && run.config.method === wish.method) return job;
  throw new InputError(
    'job_exists',
    `${path} belongs to run ${run.id} (${run.name})${open ? '' : ', which has ended'}; name another folder for a new run.`,
  );
}

/** `qingnang-train pull [NAME@VERSION] --run DIR`: what the run reads, into `DIR/inputs/<role>`. */
export async function pullCommand(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { ...commonOptions, run: { type: 'string' }, to: { type: 'string' } },
  });
  const folder = new JobFolder(required(values.run, '--run'));
  const job = await folder.read();
  const client = clientFor(await folder.target(job), values);
  const inputs = positionals[0] === undefined ? job.run.inputs : [chooseInput(job, positionals[0])];
  const pulled: PulledInput[] = [];
  for (const input of inputs) {
    const to = join(values.to ?? join(folder.path, 'inputs'), input.role);
    pulled.push(await pullInput(client, job.run.id, input, to));
    if (!values.json) process.stdout.write(`${nameOf(input)} ${to}\n`);
  }
  if (values.json) process.stdout.write(JSON.stringify({ run: job.run.id, inputs: pulled }) + '\n');
  return exitCodes.ok.code;
}

/** `qingnang-train push --run DIR`: metrics, files and result of a finished run. */
export async function pushCommand(args: string[]): Promise<number> {
  const { values } = parseArgs({ args, options: { ...commonOptions, run: { type: 'string' } } });
  const folder = new JobFolder(required(values.run, '--run'));
  const job = await folder.read();
  const client = async () => clientFor(await folder.target(job), values);
  const pushed = await pushRun(folder, client, job, print);
  const model = pushed.modelName === null ? '' : ` Model ${pushed.modelName}.`;
  say(values.json, pushed, `Run ${pushed.id} ${pushed.state}.${model}`);
  return exitCodes.ok.code;
}

/** `qingnang-train hand-in`: a model that another program trained (TRL, LLaMA-Factory) on a snapshot of the platform. */
export async function handInCommand(args: string[]): Promise<number> {
  const { preset: _preset, config: _config, seed: _seed, 'even-if-nothing-new': _even, ...named } = wishOptions;
  const { values } = parseArgs({
    args,
    options: {
      ...commonOptions,
      ...platformOptions,
      ...named,
      method: { type: 'string' },
      model: { type: 'string' },
      base: { type: 'string' },
      trainer: { type: 'string', default: 'another program' },
      steps: { type: 'string', default: '0' },
      run: { type: 'string' },
    },
  });
  const folder = required(values.model, '--model');
  const method = methodOf(required(values.method, '--method'));
  const wish = await wishOf(method, values);
  if (!/@\d+$/.test(wish.snapshot))
    throw new InputError('arguments', '--snapshot wants NAME@VERSION: the version that the model was trained on.');
  const trainedElsewhere = { trainer: values.trainer, baseModel: values.base ?? null };
  const steps = wholeNumber(values.steps, '--steps');
  const [target, options] = [await targetOf(values), clientOptions(values)];
  const pushed = await handInModel(target, options, { ...wish, trainedElsewhere }, { folder, steps }, values.run);
  say(values.json, pushed, `Run ${pushed.id} ${pushed.state}. Model ${pushed.modelName}.`);
  return exitCodes.ok.code;
}
