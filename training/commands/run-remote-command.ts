import { spawn } from 'node:child_process';
import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { HandedIn } from '@qingnang/contracts';
import { canonicalJson, DomainError, sha256 } from '@qingnang/kernel';
import { InputError } from '../data/input.errors.js';
import { nameOf } from '../upload/choose-input.js';
import { type JobFile, JobFolder } from '../upload/job-folder.js';
import { takeLock, waitForLock } from '../upload/job-lock.js';
import { noteKilled, signalOf } from '../upload/killed-trainer.js';
import { type PlatformClient, PlatformRefusal, systemClock } from '../upload/platform-client.js';
import { type JobInput, pullInput } from '../upload/pull-input.js';
import { pushFailure, pushRun, type PushedRun } from '../upload/push-run.js';
import { beginAttempt, type JobWish, startJob } from '../upload/start-job.js';
import { parseArgs, required } from './arguments.js';
import { exitCodes } from './exit-codes.js';
import {
  clientFor,
  commonOptions,
  methodOf,
  platformOptions,
  print,
  say,
  targetOf,
  wishOf,
  wishOptions,
} from './platform-options.js';

const options = { ...commonOptions, ...platformOptions, ...wishOptions, work: { type: 'string' } } as const;
type Values = ReturnType<typeof parseArgs<{ options: typeof options; allowPositionals: true }>>['values'];

const flagOf: Record<string, string> = {
  data: '--snapshot',
  policy: '--policy',
  reward: '--reward-model',
  ptx: '--ptx',
};

/** What a push says where something else than the result has ended the run; a result that only says "stopped" ends none. */
const notByThisResult = ['run.ended', 'run.other_result', 'training.no_result'];

const inputsGone = ['run.input_withdrawn', 'run.input_changed'];

/** Of what a trainer writes to standard output, this much is kept. */
const OUTPUT_CHARACTERS = 20_000;

/** A call that fetches what another job needs too is looked at again so often. */
const FETCHING_MS = 1_000;

interface Trained {
  code: number;
  /** What ended a trainer that could not end itself. */
  killedBy: string | null;
  output: string;
}

interface Job {
  outcome: 'started';
  folder: JobFolder;
  job: JobFile;
  resume: boolean;
}

interface Ended {
  outcome: 'ended';
  job: JobFile;
  pushed: PushedRun;
}

/**
 * `qingnang-train run-remote METHOD --work DIR …`: start, pull, train and push as one command for a cron job. Cut off
 * anywhere, the next call goes on with the run it finds in DIR. Two calls for one job at once: the second leaves. Other jobs
 * may work in DIR meanwhile.
 */
export async function runRemoteCommand(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({ args, options, allowPositionals: true });
  const wish = await wishOf(methodOf(positionals[0]), values);
  const work = required(values.work, '--work');
  const release = await takeLock(await jobLock(work, values, wish));
  try {
    const found = (await findUnfinished(work, values, wish)) ?? (await startNew(work, values, wish));
    if (found.outcome === 'skipped') {
      say(values.json, found, `Nothing new since run ${found.lastRunId}: skipped.`);
      return exitCodes.nothingNew.code;
    }
    if (found.outcome === 'ended') {
      report(values.json, found.job, found.pushed);
      return found.pushed.state === 'succeeded' ? exitCodes.ok.code : exitCodes.failed.code;
    }
    return await finish(work, found, values);
  } finally {
    await release();
  }
}

/** What tells one job of a work folder from another: the same that finds its unfinished run. */
async function jobLock(work: string, values: Values, { name, method }: JobWish): Promise<string> {
  const { platform, project } = await targetOf(values);
  return join(work, 'jobs', sha256(canonicalJson({ platform, project, name, method })).slice(0, 16));
}

async function startNew(work: string, values: Values, wish: JobWish) {
  const client = clientFor(await targetOf(values), values);
  const started = await startJob(client, wish, work, (run) => join(work, 'runs', run));
  if (started.outcome === 'skipped') return started;
  const { run } = started.job;
  print(`Run ${run.id} reads ${run.inputs.map(nameOf).join(', ')}.`);
  return { ...started, resume: false };
}

/** The run of this wish begun here whose token is still good; one whose run has ended is left as it lies. */
async function findUnfinished(work: string, values: Values, wish: JobWish): Promise<Job | Ended | null> {
  const { platform, project } = await targetOf(values);
  const names = await readdir(join(work, 'runs')).catch((): string[] => []);
  for (const name of names.sort().reverse()) {
    const folder = new JobFolder(join(work, 'runs', name));
    const job = await folder.find().catch(passBy);
    if (!job || Date.parse(job.expires_at) < Date.now()) continue;
    // Calls for other jobs may share the folder, to fetch what they read in common once.
    if (job.platform !== platform || job.project !== project) continue;
    if (job.run.name !== wish.name || job.run.config.method !== wish.method) continue;
    const target = await folder.target(job).catch(() => null);
    if (!target) continue;
    try {
      print(`Going on with run ${job.run.id}.`);
      const next = await beginAttempt(clientFor(target, values), folder, job);
      return { outcome: 'started', folder, job: next, resume: true };
    } catch (error) {
      if (!(error instanceof PlatformRefusal) || ![401, 404, 409, 410].includes(error.status)) throw error;
      const ended = error.code === 'run.ended' ? await pushAgain(folder, clientFor(target, values), job) : null;
      if (ended) return ended;
      await giveUp(error, folder, job, values);
      await rm(folder.token, { force: true });
    }
  }
  return null;
}

/** A damaged folder is told of and left as it lies: it must not keep every later call from its work. */
function passBy(error: unknown): null {
  if (!(error instanceof InputError)) throw error;
  print(error.message);
  return null;
}

/**
 * The answer that was lost, where the result that lies here has ended the run: the same result is answered again. Nothing is
 * trained for it. Null where there is no result, or something else has ended the run.
 */
async function pushAgain(folder: JobFolder, client: PlatformClient, job: JobFile): Promise<Ended | null> {
  if (!(await hasResult(folder))) return null;
  try {
    return { outcome: 'ended', job, pushed: await pushRun(folder, () => Promise.resolve(client), job, print) };
  } catch (error) {
    if (error instanceof DomainError && notByThisResult.includes(error.code)) return null;
    throw error;
  }
}

/** A run whose inputs are not what they were would wait for nothing until its token ends: it ends here. */
async function giveUp(refusal: PlatformRefusal, folder: JobFolder, job: JobFile, values: Values): Promise<void> {
  if (!inputsGone.includes(refusal.code)) return print(`Run ${job.run.id} has ended on the platform.`);
  const client = clientFor(await folder.target(job), values);
  await pushFailure(folder, client, job, `${refusal.code}: ${refusal.message}`);
  print(`Run ${job.run.id} cannot go on: ${refusal.message}`);
}

async function finish(work: string, { folder, job, resume }: Job, values: Values): Promise<number> {
  const client = clientFor(await folder.target(job), values);
  const inputs: string[] = [];
  for (const input of job.run.inputs) inputs.push(flagOf[input.role]!, await fetched(work, client, job, input));
  const { code, killedBy, output } = await train(folder, job, inputs, resume);
  const { ok, nothingToDo, stopped, failed } = exitCodes;
  if (code === stopped.code) return code;
  const trained = await hasResult(folder);
  if (!trained && killedBy !== null) return killed(folder, client, job, killedBy, values);
  const pushed = trained
    ? await pushRun(folder, () => Promise.resolve(client), job, print)
    : { ...(await pushFailure(folder, client, job, failureOf(code, output))), outcome: 'pushed' as const };
  report(values.json, job, pushed);
  if (pushed.state === 'succeeded') return ok.code;
  // A run that had trained before it was cut off says there is nothing to do.
  return code === ok.code || (trained && code === nothingToDo.code) ? failed.code : code;
}

/** An input's folder, by content, so that the base model of every night is fetched once, also by two jobs at once. */
async function fetched(work: string, client: PlatformClient, { run }: JobFile, input: JobInput): Promise<string> {
  const name = input.digest.slice(0, 16);
  const release = await waitForLock(join(work, 'jobs', `input-${name}`), (tries) => {
    if (tries === 0) print(`Another job is fetching ${nameOf(input)}; waiting for it.`);
    return systemClock.sleep(FETCHING_MS);
  });
  try {
    const to = join(work, 'inputs', name);
    await pullInput(client, run.id, input, to);
    return to;
  } finally {
    await release();
  }
}

/** The run waits for the next call, unless it was killed too often at one place. */
async function killed(
  folder: JobFolder,
  client: PlatformClient,
  job: JobFile,
  signal: string,
  values: Values,
): Promise<number> {
  const { tooOften, said, step } = await noteKilled(folder, signal);
  print(said);
  if (tooOften) {
    report(values.json, job, {
      ...(await pushFailure(folder, client, job, `run.lost_too_often: ${said}`)),
      outcome: 'pushed',
    });
    return exitCodes.failed.code;
  }
  if (values.json) say(true, { outcome: 'killed', id: job.run.id, attempt: job.run.attempt, signal, step }, said);
  return exitCodes.stopped.code;
}

/** A result that ends the run; what an attempt wrote that only stopped does not. */
async function hasResult(folder: JobFolder): Promise<boolean> {
  const text = await readFile(join(folder.path, 'result.json'), 'utf8').catch(() => null);
  return text !== null && (JSON.parse(text) as { state?: unknown }).state !== 'stopped';
}

/** What the trainer said on standard output, else only how it ended. */
function failureOf(code: number, output: string): string {
  const said = /\{"error":\{.*\}\}/.exec(output)?.[0];
  const { error } = JSON.parse(said ?? '{}') as { error?: { code: string; detail: string } };
  return error ? `${error.code}: ${error.detail}` : `run.trainer_failed: The trainer ended with code ${code}.`;
}

/** The trainer in a process of its own: its memory goes with it. It saves and stops when we are told to, or are gone. */
function train(folder: JobFolder, job: JobFile, inputs: string[], resume: boolean): Promise<Trained> {
  const { platform, project, run } = job;
  const args = [run.config.method, ...inputs, '--run', folder.path, '--config', folder.config];
  args.push('--attempt', String(run.attempt), '--exit-with-parent', '--json', ...(resume ? ['--resume'] : []));
  args.push('--platform', platform, '--project', project, '--run-id', run.id, '--token-file', folder.token);
  const child = spawn(process.execPath, [process.argv[1]!, ...args], { stdio: ['pipe', 'pipe', 'inherit'] });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output = (output + text).slice(-OUTPUT_CHARACTERS)));
  let asked = false;
  const pass = (signal: NodeJS.Signals): void => {
    asked = true;
    child.kill(signal);
  };
  process.on('SIGTERM', pass).on('SIGINT', pass);
  return new Promise<Trained>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => {
      // One that was told to end before it could listen has ended as it was told.
      const ended = asked && signal !== null ? exitCodes.stopped.code : (code ?? exitCodes.failed.code);
      resolve({ code: ended, killedBy: signalOf(code, signal), output });
    });
  }).finally(() => process.off('SIGTERM', pass).off('SIGINT', pass));
}

function report(json: boolean, { run }: JobFile, pushed: HandedIn & { outcome: string }): void {
  const inputs = run.inputs.map(({ role, name, version, digest }) => ({ role, name, version, digest }));
  const model = pushed.modelName === null ? '' : ` Model ${pushed.modelName}.`;
  say(json, { ...pushed, attempt: run.attempt, inputs }, `Run ${pushed.id} ${pushed.state}.${model}`);
}
