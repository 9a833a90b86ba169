import { split as splitName } from '@qingnang/contracts';
import { selectBackend } from '../backend/select-backend.js';
import { samplePrompts, type Lineage } from '../best-of/sample-prompts.js';
import { openModel, type ModelFolder } from '../checkpoint/model-folder.js';
import { hashWeights } from '../checkpoint/weight-files.js';
import { InputError } from '../data/input.errors.js';
import { openTrainingSnapshot } from '../data/load-inputs.js';
import { modelFrom } from '../run/learner-model.js';
import { listenForStop } from '../run/stop-request.js';
import { loadTokenizer, type Tokenizer } from '../tokenizer/tokenizer.js';
import { backendName, oneOf, parseArgs, required, wholeNumber } from './arguments.js';
import { exitCodes } from './exit-codes.js';

const options = {
  policy: { type: 'string' },
  'reward-model': { type: 'string' },
  snapshot: { type: 'string' },
  out: { type: 'string' },
  split: { type: 'string', default: 'train' },
  prompts: { type: 'string' },
  n: { type: 'string', default: '8' },
  'max-new-tokens': { type: 'string' },
  temperature: { type: 'string', default: '1' },
  'top-p': { type: 'string', default: '1' },
  seed: { type: 'string', default: '7' },
  backend: { type: 'string', default: 'auto' },
  json: { type: 'boolean', default: false },
} as const;

type Values = ReturnType<typeof parseArgs<{ options: typeof options }>>['values'];

/** `qingnang-train best-of`: n samples a prompt, the best of them written for the platform's import. @returns the exit code */
export async function bestOfCommand(args: string[]): Promise<number> {
  const { values } = parseArgs({ args, options });
  const out = required(values.out, '--out');
  const snapshot = await openTrainingSnapshot(required(values.snapshot, '--snapshot'), 'ppo', 'best-of');
  const policy = await openKind(required(values.policy, '--policy'), 'causal-lm');
  const reward = await openKind(required(values['reward-model'], '--reward-model'), 'reward');
  const tokenizer = await commonTokenizer(policy, reward);
  const normalisation = reward.note.score_normalisation ?? { mean: 0, sd: 1 };
  const settings = settingsOf(values, policy);
  const log = (line: string): void => void process.stderr.write(line + '\n');
  const stop = listenForStop(log, false);
  const backend = await selectBackend(backendName(values.backend));
  const lineage: Lineage = {
    policy: { weights_hash: await hashWeights(policy.path) },
    reward_model: { weights_hash: await hashWeights(reward.path), score_normalisation: normalisation },
    snapshot: { digest: snapshot.digest, split: oneOf(splitName, values.split, '--split') },
    settings,
    backend: backend.name,
    rehearsal: snapshot.manifest.rehearsal || policy.note.rehearsal || reward.note.rehearsal,
  };
  const models = { policy: modelFrom(policy, 'none'), reward: modelFrom(reward, 'reward'), normalisation };
  const sequenceLength = Math.min(policy.config.contextLength, reward.config.contextLength);
  const stopRequested = (): boolean => stop.requested();
  const job = { models, tokenizer, snapshot, lineage, sequenceLength, out, stopRequested, log };
  const manifest = await samplePrompts(job).finally(() => stop.dispose());
  if (!manifest) return exitCodes.stopped.code;
  const { file, scores } = manifest;
  process.stdout.write(
    values.json
      ? JSON.stringify(manifest) + '\n'
      : `${out}: ${file.rows} of ${manifest.rows} prompts; mean score ${scores.mean.toFixed(2)}, of the best ${scores.best.toFixed(2)}.\n`,
  );
  return exitCodes.ok.code;
}

async function openKind(path: string, kind: ModelFolder['kind']): Promise<ModelFolder> {
  const model = await openModel(path);
  if (model.kind === kind) return model;
  const option = kind === 'reward' ? '--reward-model' : '--policy';
  throw new InputError('model_kind', `${path} holds a ${model.kind} model; ${option} needs a ${kind} one.`);
}

async function commonTokenizer(policy: ModelFolder, reward: ModelFolder): Promise<Tokenizer> {
  const tokenizer = await loadTokenizer(policy.path);
  if (tokenizer.equals(await loadTokenizer(reward.path))) return tokenizer;
  throw new InputError(
    'tokenizer',
    'Policy and reward model have different tokenizers; the scores would mean nothing.',
  );
}

function settingsOf(values: Values, { config, note }: ModelFolder): Lineage['settings'] {
  const n = wholeNumber(values.n, '--n');
  if (n < 1) throw new InputError('arguments', '--n wants at least 1 sample a prompt.');
  const trained = note.sequence_length ?? config.contextLength;
  const longest = values['max-new-tokens'];
  const maxNewTokens = longest === undefined ? Math.floor(trained / 2) : wholeNumber(longest, '--max-new-tokens');
  if (maxNewTokens < 1 || maxNewTokens >= config.contextLength) {
    throw new InputError(
      'arguments',
      `--max-new-tokens wants 1 to ${config.contextLength - 1}: the model has ${config.contextLength} positions.`,
    );
  }
  return {
    seed: wholeNumber(values.seed, '--seed'),
    n,
    maxNewTokens,
    temperature: share(values.temperature, '--temperature', 10),
    topP: share(values['top-p'], '--top-p', 1),
    prompts: values.prompts === undefined ? null : wholeNumber(values.prompts, '--prompts'),
  };
}

/** A number above 0 up to `most`: at temperature 0 all samples would be one. */
function share(text: string, option: string, most: number): number {
  const value = Number(text);
  if (text.trim() !== '' && value > 0 && value <= most) return value;
  throw new InputError('arguments', `${option} wants a number above 0, at most ${most}, not "${text}".`);
}
