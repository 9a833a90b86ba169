import { runRequest, type RunMethod, type RunRequest } from '@qingnang/contracts';
import { InputError } from '../data/input.errors.js';
import type { UploadTarget } from '../run/metrics-uploader.js';
import type { ProgressTarget } from '../run/progress-line.js';
import type { JudgeAddress } from '../run/run-inputs.js';
import { listenForStop } from '../run/stop-request.js';
import { trainRun } from '../run/train-run.js';
import { JobFolder } from '../upload/job-folder.js';
import { exitCodes } from './exit-codes.js';
import { address, configFile, parseArgs, required, secretFile, wholeNumber } from './arguments.js';

const options = {
  snapshot: { type: 'string' },
  run: { type: 'string' },
  policy: { type: 'string' },
  'reward-model': { type: 'string' },
  ptx: { type: 'string' },
  judge: { type: 'string' },
  'judge-token-file': { type: 'string' },
  mix: { type: 'string', multiple: true, default: [] as string[] },
  preset: { type: 'string' },
  config: { type: 'string' },
  seed: { type: 'string' },
  backend: { type: 'string' },
  resume: { type: 'boolean', default: false },
  attempt: { type: 'string' },
  platform: { type: 'string' },
  project: { type: 'string' },
  'run-id': { type: 'string' },
  'token-file': { type: 'string' },
  'exit-with-parent': { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
} as const;

type Values = ReturnType<typeof parseArgs<{ options: typeof options }>>['values'];

/** `qingnang-train sft|reward|ppo|dpo`: one attempt of a run. @returns the exit code */
export async function trainCommand(method: RunMethod, args: string[]): Promise<number> {
  const { values } = parseArgs({ args, options });
  const run = required(values.run, '--run');
  const result = await trainRun({
    request: await requestOf(method, values),
    inputs: {
      snapshot: required(values.snapshot, '--snapshot'),
      policy: values.policy ?? null,
      rewardModel: values['reward-model'] ?? null,
      ptx: values.ptx ?? null,
      judge: await judgeAddress(values),
      mix: values.mix.map(weighted),
    },
    run,
    resume: values.resume,
    attempt: values.attempt === undefined ? await attemptOfJob(run) : wholeNumber(values.attempt, '--attempt'),
    upload: await uploadTarget(values),
    listen: (log) => listenForStop(log, values['exit-with-parent']),
    print: (line) => process.stderr.write(line + '\n'),
    progress: values.json ? null : progressOnStderr(),
  });
  if (values.json) process.stdout.write(JSON.stringify(result) + '\n');
  else for (const [key, value] of Object.entries(result.figures)) process.stdout.write(`${key} ${value}\n`);
  return result.state === 'stopped' ? exitCodes.stopped.code : exitCodes.ok.code;
}

/** In a folder that `start` made the platform counts: what is sent to it stands under its number. */
async function attemptOfJob(run: string): Promise<number | null> {
  const job = await new JobFolder(run).find();
  return job?.run.attempt ?? null;
}

/** Redrawn in a terminal, else a line now and then. */
export function progressOnStderr(): ProgressTarget {
  const { isTTY: terminal = false, columns = 80 } = process.stderr;
  return { write: (text) => process.stderr.write(text), terminal, columns };
}

/** The preset, the file over it, the single options over both. */
export async function requestOf(
  method: RunMethod,
  values: Partial<Pick<Values, 'config' | 'preset' | 'seed' | 'backend'>>,
): Promise<RunRequest> {
  const asked = {
    ...(await configFile(values.config, method)),
    method,
    ...(values.preset === undefined ? {} : { preset: values.preset }),
    ...(values.seed === undefined ? {} : { seed: wholeNumber(values.seed, '--seed') }),
    ...(values.backend === undefined ? {} : { backend: values.backend }),
  };
  const parsed = runRequest.safeParse(asked);
  if (parsed.success) return asked as RunRequest;
  const faults = parsed.error.issues
    .slice(0, 5)
    .map(({ path, message }) => `${path.join('.') || 'config'}: ${message}`);
  throw new InputError('config', `The configuration is wrong: ${faults.join('; ')}.`);
}

/** `DIR=WEIGHT`. */
function weighted(option: string): { path: string; weight: number } {
  const at = option.lastIndexOf('=');
  const weight = Number(option.slice(at + 1));
  if (at < 1 || !(weight > 0 && Number.isFinite(weight)))
    throw new InputError('arguments', `--mix wants DIR=WEIGHT with a weight above 0, not "${option}".`);
  return { path: option.slice(0, at), weight };
}

async function judgeAddress({ judge: url, 'judge-token-file': file }: Values): Promise<JudgeAddress | null> {
  if (url === undefined) return null;
  address(url, '--judge');
  return { url, token: file === undefined ? null : await secretFile(file, '--judge-token-file') };
}

async function uploadTarget(values: Values): Promise<UploadTarget | null> {
  if (values.platform === undefined) return null;
  const platform = address(values.platform, '--platform');
  const token = await secretFile(required(values['token-file'], '--token-file'), '--token-file');
  const project = required(values.project, '--project');
  return { platform, project, run: required(values['run-id'], '--run-id'), token };
}
