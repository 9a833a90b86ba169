import { ZodError } from 'zod';
import {
  asConfigured,
  resolveRunConfig,
  type RunConfig,
  type RunFolderConfig,
  type RunRequest,
} from '@qingnang/contracts';
import { canonicalJson } from '@qingnang/kernel';
import { latestCheckpoint, readCheckpoint, type ResumePoint } from '../checkpoint/training-checkpoint.js';
import { InputError, NothingToDoError } from '../data/input.errors.js';
import type { RunFolder } from './run-folder.js';

/** A run's configuration, and what earlier attempts left. */
export interface RunStart {
  config: RunConfig;
  attempt: number;
  before: RunFolderConfig | null;
  /** Folder and content of the newest checkpoint, `null` to begin at the beginning. */
  resume: (ResumePoint & { path: string }) | null;
}

/**
 * Decides whether a run may start in this folder and from where.
 * @param attempt number the platform gave this attempt; by default one more than the last
 * @throws InputError for a folder already used, or a configuration that is wrong or not the run's own
 * @throws NothingToDoError when the run has already succeeded
 */
export async function startRun(
  folder: RunFolder,
  request: RunRequest,
  resume: boolean,
  attempt: number | null,
): Promise<RunStart> {
  const before = await folder.readConfig();
  if (before && !resume) {
    throw new InputError(
      'run_exists',
      `A run has begun in ${folder.path}; go on with --resume, or name another folder.`,
    );
  }
  const config = before ? ownConfig(before.config, request) : resolveRequest(request);
  if ((await folder.readResult())?.state === 'succeeded') {
    throw new NothingToDoError(`The run in ${folder.path} has succeeded; its result.json says how.`);
  }
  const path = before ? await latestCheckpoint(folder.checkpoints) : null;
  return {
    config,
    attempt: attempt ?? (before?.attempts.at(-1)?.attempt ?? 0) + 1,
    before,
    resume: path ? { path, ...(await readCheckpoint(path)) } : null,
  };
}

/**
 * What was asked for the first time counts; a request that says otherwise is refused rather than ignored. Only the back end is
 * each attempt's own: a run may go on where there is another.
 */
function ownConfig(config: RunConfig, request: RunRequest): RunConfig {
  if (config.method !== request.method) {
    throw new InputError(
      'run_exists',
      `The run in this folder is ${config.method}, not ${request.method}; name another folder.`,
    );
  }
  const other = firstDifference(asConfigured(request), config);
  if (other !== null) {
    throw new InputError(
      'config_changed',
      `The run began with another configuration (${other}); leave the settings out, or start a new run.`,
    );
  }
  return { ...config, backend: request.backend ?? config.backend };
}

/** Name of the first setting asked for that is not the run's; what is not asked for is the run's. */
function firstDifference(asked: object, own: object, path: readonly string[] = []): string | null {
  const values = own as Record<string, unknown>;
  for (const [key, value] of Object.entries(asked)) {
    if (value === undefined) continue;
    const before = values[key];
    const here = [...path, key];
    if (isSection(value) && isSection(before)) {
      const found = firstDifference(value, before, here);
      if (found !== null) return found;
    } else if (canonicalJson(value) !== canonicalJson(before ?? null)) return here.join('.');
  }
  return null;
}

function isSection(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The whole configuration a request stands for. @throws InputError naming the fields at fault */
export function resolveRequest(request: RunRequest): RunConfig {
  try {
    return resolveRunConfig(request);
  } catch (error) {
    if (!(error instanceof ZodError)) throw error;
    const faults = error.issues.slice(0, 5).map(({ path, message }) => `${path.join('.') || 'config'}: ${message}`);
    throw new InputError('config', `The configuration is wrong: ${faults.join('; ')}.`);
  }
}
