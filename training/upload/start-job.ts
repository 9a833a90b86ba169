import {
  type RunMethod,
  runJob,
  type RunJob,
  startedOutsideRun,
  type StartedOutsideRun,
  startOutsideRun,
  type StartOutsideRun,
} from '@qingnang/contracts';
import { InputError } from '../data/input.errors.js';
import { JobFolder, type JobFile } from './job-folder.js';
import { type PlatformClient, PlatformRefusal } from './platform-client.js';
import { keepRequestKey } from './request-key.js';

/** What to train, by names of the platform. */
export interface JobWish {
  method: RunMethod;
  name: string;
  /** `NAME@VERSION` or `NAME@latest`. */
  snapshot: string;
  /** A model's name, or `NAME@latest` for the newest that runs of that name have made. */
  policy?: string | undefined;
  rewardModel?: string | undefined;
  ptx?: string | undefined;
  preset?: string | undefined;
  seed?: number | undefined;
  /** What differs from the preset; it may name preset and seed too. */
  config: Record<string, unknown>;
  expiresInHours?: number | undefined;
  evenIfNothingNew?: boolean | undefined;
  /** Another program has trained it. */
  trainedElsewhere?: { trainer: string; baseModel: string | null } | undefined;
}

type Skipped = StartedOutsideRun & { outcome: 'skipped' };

/** The run that an earlier request with this key made is over, or can never go on: what is asked for now is another. */
const OVER = ['run.ended', 'run.input_withdrawn', 'run.input_changed'];

/**
 * Asks the platform for a run, with an API key that may start runs, and makes its folder. Killed anywhere, the same call
 * finds the same run: the request's idempotency key is written down before it is sent.
 * @param keys folder the key is kept in until the answer is written down
 * @param folderOf where a run's folder is to be
 * @throws InputError for a wish that cannot be one; PlatformRefusal, UnreachableError
 */
export async function startJob(
  client: PlatformClient,
  wish: JobWish,
  keys: string,
  folderOf: (run: string) => string,
): Promise<Skipped | { outcome: 'started'; folder: JobFolder; job: JobFile }> {
  const { platform, project } = client.target;
  const json = requestOf(wish);
  const kept = await keepRequestKey(keys, { platform, project, json });
  const headers = { 'idempotency-key': kept.key };
  try {
    const request = { method: 'POST', path: '/runs/outside', json, headers } as const;
    const started = await client.json(startedOutsideRun, request);
    if (started.outcome === 'skipped') {
      await kept.forget();
      return started;
    }
    const folder = new JobFolder(folderOf(started.run.id));
    const job = { platform, project, expires_at: started.expiresAt, run: started.run };
    await folder.create(job, started.token);
    await kept.forget();
    return { outcome: 'started', folder, job };
  } catch (error) {
    if (!kept.before || !(error instanceof PlatformRefusal) || !OVER.includes(error.code)) throw error;
    await kept.forget();
    return startJob(client, wish, keys, folderOf);
  }
}

function requestOf(wish: JobWish): StartOutsideRun {
  const { method: _method, preset, seed, ...config } = wish.config;
  const body = startOutsideRun.safeParse({
    method: wish.method,
    name: wish.name,
    preset: wish.preset ?? preset,
    seed: wish.seed ?? seed,
    config,
    inputs: { data: wish.snapshot, policy: wish.policy, reward: wish.rewardModel, ptx: wish.ptx },
    expiresInHours: wish.expiresInHours,
    evenIfNothingNew: wish.evenIfNothingNew,
    trainedElsewhere: wish.trainedElsewhere,
  });
  if (body.success) return body.data;
  const faults = body.error.issues.slice(0, 5).map(({ path, message }) => `${path.join('.')}: ${message}`);
  throw new InputError('config', `The run cannot be asked for: ${faults.join('; ')}.`);
}

/** Tells the platform that the trainer begins again: what the attempt before still sends is refused from now on. */
export async function beginAttempt(client: PlatformClient, folder: JobFolder, job: JobFile): Promise<JobFile> {
  const run: RunJob = await client.json(runJob, { method: 'POST', path: `/runs/${job.run.id}/attempts` });
  return folder.update(job, run);
}
