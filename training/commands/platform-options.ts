import { runMethod, type RunMethod } from '@qingnang/contracts';
import { InputError } from '../data/input.errors.js';
import { type ClientOptions, PlatformClient, type PlatformTarget, systemClock } from '../upload/platform-client.js';
import type { JobWish } from '../upload/start-job.js';
import { address, configFile, required, secretFile, wholeNumber } from './arguments.js';

/** Options of every command that talks to a platform. */
export const commonOptions = {
  patience: { type: 'string', default: '120' },
  json: { type: 'boolean', default: false },
} as const;

/** Options that say where a run is to be made and with which right. */
export const platformOptions = {
  platform: { type: 'string' },
  project: { type: 'string' },
  'api-key-file': { type: 'string' },
} as const;

/** Options that say what is to be trained, by names of the platform. */
export const wishOptions = {
  name: { type: 'string' },
  snapshot: { type: 'string' },
  policy: { type: 'string' },
  'reward-model': { type: 'string' },
  ptx: { type: 'string' },
  preset: { type: 'string' },
  config: { type: 'string' },
  seed: { type: 'string' },
  'expires-hours': { type: 'string' },
  'even-if-nothing-new': { type: 'boolean', default: false },
} as const;

type Values<Options extends Record<string, { type: 'string' | 'boolean' }>> = {
  [Key in keyof Options]?: Options[Key]['type'] extends 'boolean' ? boolean : string;
};

export const print = (line: string): void => void process.stderr.write(line + '\n');

/** The result of a command: one JSON value for programs, else a line for people. */
export function say(json: boolean, value: unknown, line: string): void {
  process.stdout.write((json ? JSON.stringify(value) : line) + '\n');
}

/** Patience is for the network, in minutes: a cron job should outlast an hour without one. */
export function clientOptions(values: Values<typeof commonOptions>): ClientOptions {
  const patienceMs = wholeNumber(values.patience ?? '', '--patience') * 60_000;
  return { clock: systemClock, patienceMs, requestMs: 60_000, log: print };
}

export function clientFor(target: PlatformTarget, values: Values<typeof commonOptions>): PlatformClient {
  return new PlatformClient(target, clientOptions(values));
}

/** @throws InputError for a missing option or a key file that cannot be read */
export async function targetOf(values: Values<typeof platformOptions>): Promise<PlatformTarget> {
  const platform = address(required(values.platform, '--platform'), '--platform').replace(/\/+$/, '');
  const token = await secretFile(required(values['api-key-file'], '--api-key-file'), '--api-key-file');
  return { platform, project: required(values.project, '--project'), token };
}

export function methodOf(word: string | undefined): RunMethod {
  const method = runMethod.safeParse(word);
  if (method.success) return method.data;
  throw new InputError('arguments', `Say what to train: ${runMethod.options.join(', ')}.`);
}

/** @throws InputError for a missing option, and for a configuration that cannot be read or is of another method */
export async function wishOf(method: RunMethod, values: Values<typeof wishOptions>): Promise<JobWish> {
  const number = (text: string | undefined, option: string): number | undefined =>
    text === undefined ? undefined : wholeNumber(text, option);
  const snapshot = required(values.snapshot, '--snapshot');
  return {
    method,
    name: values.name ?? `${method} ${snapshot.replace(/@[^@]*$/, '')}`,
    snapshot,
    policy: values.policy,
    rewardModel: values['reward-model'],
    ptx: values.ptx,
    preset: values.preset,
    seed: number(values.seed, '--seed'),
    config: await configFile(values.config, method),
    expiresInHours: number(values['expires-hours'], '--expires-hours'),
    evenIfNothingNew: values['even-if-nothing-new'],
  };
}
