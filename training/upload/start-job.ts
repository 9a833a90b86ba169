import { readFile } from 'node:fs/promises';
import {
  type RunMethod,
  runJob,
  type RunJob,
  startedOutsideRun,
  type StartedOutsideRun,
  startOutsideRun,
} from '@qingnang/contracts';
import { InputError } from '../data/input.errors.js';
import { JobFolder, type JobFile } from './job-folder.js';
import type { PlatformClient } from './platform-client.js';

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
  /** JSON file with what differs from the preset. */
  config?: string | undefined;
  expiresInHours?: number | undefined;
  evenIfNothingNew?: boolean | undefined;
}

/**
 * Asks the platform for a run, with an API key that may start runs. Nothing is written here.
 * @throws InputError for a wish that cannot be one; PlatformRefusal, UnreachableError
 */
export async function askForRun(client: PlatformClient, wish: JobWish): Promise<StartedOutsideRun> {
  const { method, preset, seed, ...config } = wish.config === undefined ? {} : await readConfig(wish.config);
  if (method !== undefined && method !== wish.method) {
    throw new InputError('config', `The configuration is for ${String(method)}, not for ${wish.method}.`);
  }
  const body = startOutsideRun.safeParse({
    method: wish.method,
    name: wish.name,
    preset: wish.preset ?? preset,
    seed: wish.seed ?? seed,
    config,
    inputs: { data: wish.snapshot, policy: wish.policy, reward: wish.rewardModel, ptx: wish.ptx },
    expiresInHours: wish.expiresInHours,
    evenIfNothingNew: wish.evenIfNothingNew,
  });
  if (!body.success) {
    const faults = body.error.issues.slice(0, 5).map(({ path, message }) => `${path.join('.')}: ${message}`);
    throw new InputError('config', `The run cannot be asked for: ${faults.join('; ')}.`);
  }
  return client.json(startedOutsideRun, { method: 'POST', path: '/runs/outside', json: body.data });
}

/** The folder of a run that the platform has just made. */
export async function openJob(
  path: string,
  client: PlatformClient,
  started: StartedOutsideRun & { outcome: 'started' },
): Promise<{ folder: JobFolder; job: JobFile }> {
  const folder = new JobFolder(path);
  const { platform, project } = client.target;
  const job = { platform, project, expires_at: started.expiresAt, run: started.run };
  await folder.create(job, started.token);
  return { folder, job };
}

/** Tells the platform that the trainer begins again: what the attempt before still sends is refused from now on. */
export async function beginAttempt(client: PlatformClient, folder: JobFolder, job: JobFile): Promise<JobFile> {
  const run: RunJob = await client.json(runJob, { method: 'POST', path: `/runs/${job.run.id}/attempts` });
  return folder.update(job, run);
}

async function readConfig(path: string): Promise<Record<string, unknown>> {
  try {
    const json: unknown = JSON.parse(await readFile(path, 'utf8'));
    if (typeof json === 'object' && json !== null && !Array.isArray(json)) return json as Record<string, unknown>;
  } catch {
    // said below
  }
  throw new InputError('config', `${path} holds no JSON object; --config wants one.`);
}
