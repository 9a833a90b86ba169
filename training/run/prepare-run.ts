import type { RunConfig, RunResult } from '@qingnang/contracts';
import type { ResumePoint } from '../checkpoint/training-checkpoint.js';
import { InputError } from '../data/input.errors.js';
import { loadPairs, loadPrompts, loadSft, trainingTexts } from '../data/load-inputs.js';
import type { RunSink, TrainingOutcome } from '../interfaces.js';
import { trainDpo } from '../dpo/train-dpo.js';
import { trainPpo } from '../ppo/train-ppo.js';
import { trainReward } from '../reward/train-reward.js';
import { trainSft } from '../sft/train-sft.js';
import { freshModel, learnerModel, modelFrom } from './learner-model.js';
import { sampleReplies } from './sample-replies.js';
import { loadTokenizer, trainTokenizer, type Tokenizer } from '../tokenizer/tokenizer.js';
import type { RunInputs } from './run-inputs.js';
import { dpoSettings, modelConfigOf, ppoSettings, rewardSettings, sftSettings, withCountedSteps } from './settings.js';

/** What the rows and models of a run turned out to be, known before the first step. */
export interface PreparedRun {
  tokenizer: Tokenizer;
  /** Any row or model that goes in carries the stamp. */
  rehearsal: boolean;
  input: RunResult['inputs'][number];
  /** Steps (SFT, reward, DPO) or iterations (PPO) of the whole run. */
  steps: number;
  train(sink: RunSink): Promise<TrainingOutcome>;
}

export type Resume = (ResumePoint & { path: string }) | null;

/** Reads the rows with the right tokenizer and makes the models ready. The back end must have been chosen. */
export async function prepareRun(config: RunConfig, inputs: RunInputs, resume: Resume): Promise<PreparedRun> {
  const { policy, rewardModel } = inputs;
  const tokenizer = await tokenizerOf(config, inputs, resume);
  const contextLength = policy?.config.contextLength ?? config.model.context_length;
  if (config.sequence_length > contextLength) {
    throw new InputError(
      'config',
      `sequence_length ${config.sequence_length} is more than the ${contextLength} positions of the model.`,
    );
  }
  const stamped = [policy, rewardModel].some((model) => model?.note.rehearsal);
  const prepared = await prepare(config, inputs, tokenizer, resume);
  return { ...prepared, tokenizer, rehearsal: prepared.rehearsal || stamped };
}

function prepare(
  config: RunConfig,
  inputs: RunInputs,
  tokenizer: Tokenizer,
  resume: Resume,
): Promise<Omit<PreparedRun, 'tokenizer'>> {
  switch (config.method) {
    case 'sft':
      return prepareSft(config, inputs, tokenizer, resume);
    case 'reward':
      return prepareReward(config, inputs, tokenizer, resume);
    case 'ppo':
      return preparePpo(config, inputs, tokenizer, resume);
    case 'dpo':
      return prepareDpo(config, inputs, tokenizer, resume);
  }
}

async function prepareSft(
  config: Extract<RunConfig, { method: 'sft' }>,
  { snapshot, policy }: RunInputs,
  tokenizer: Tokenizer,
  resume: Resume,
): Promise<Omit<PreparedRun, 'tokenizer'>> {
  const loaded = await loadSft(snapshot, tokenizer, config.sequence_length);
  const { train: examples, heldOut, rehearsal, input } = loaded;
  if (config.sft.patience !== null && heldOut.length === 0)
    throw new InputError('config', 'sft.patience wants held-out rows; the snapshot has no validation or test split.');
  const settings = sftSettings(withCountedSteps(config, examples.length, config.batch_size * config.sft.accumulation));
  const model =
    resume || policy
      ? learnerModel(config, policy, resume, 'none')
      : freshModel(config, modelConfigOf(config.model, tokenizer));
  return {
    rehearsal,
    input,
    steps: settings.steps,
    train: (sink) => {
      const showSamples = (step: number): void => sampleReplies(model, heldOut, sink, step, settings.seed);
      return trainSft({ model, examples, heldOut, settings, sink, showSamples, ...resumed(resume) });
    },
  };
}

async function prepareReward(
  config: Extract<RunConfig, { method: 'reward' }>,
  { snapshot, policy }: RunInputs,
  tokenizer: Tokenizer,
  resume: Resume,
): Promise<Omit<PreparedRun, 'tokenizer'>> {
  const loaded = await loadPairs(snapshot, tokenizer, config.sequence_length);
  const { train: pairs, heldOut, rehearsal, input, references: sftExamples } = loaded;
  const settings = rewardSettings(withCountedSteps(config, pairs.length, config.batch_size));
  const model = learnerModel(config, policy, resume, 'reward');
  return {
    rehearsal,
    input,
    steps: settings.steps,
    train: (sink) => trainReward({ model, pairs, heldOut, sftExamples, settings, sink, ...resumed(resume) }),
  };
}

async function preparePpo(
  config: Extract<RunConfig, { method: 'ppo' }>,
  { snapshot, policy: start, rewardModel, ptx }: RunInputs,
  tokenizer: Tokenizer,
  resume: Resume,
): Promise<Omit<PreparedRun, 'tokenizer'>> {
  const promptLength = config.sequence_length - config.ppo.response_length;
  const { train: prompts, rehearsal, input } = await loadPrompts(snapshot, tokenizer, promptLength);
  const settings = ppoSettings(withCountedSteps(config, prompts.length, config.batch_size));
  const normalisation = rewardModel!.note.score_normalisation;
  if (!normalisation) {
    throw new InputError(
      'reward_model',
      'The reward model has no score normalisation: its run did not end; finish it first.',
    );
  }
  if (settings.ptxCoefficient > 0 && !ptx)
    throw new InputError('ptx_missing', 'ptx_coefficient wants an SFT snapshot; name it with --ptx.');
  const mixed = ptx ? await loadSft(ptx, tokenizer, config.sequence_length) : null;
  const models = {
    policy: learnerModel(config, start, resume, 'value'),
    reference: modelFrom(start!, 'none'),
    reward: modelFrom(rewardModel!, 'reward'),
    normalisation,
  };
  return {
    rehearsal: rehearsal || (mixed?.rehearsal ?? false),
    input,
    steps: settings.iterations,
    train: (sink) =>
      trainPpo({ ...models, prompts, sftExamples: mixed?.train ?? [], settings, sink, ...resumed(resume) }),
  };
}

async function prepareDpo(
  config: Extract<RunConfig, { method: 'dpo' }>,
  { snapshot, policy: start }: RunInputs,
  tokenizer: Tokenizer,
  resume: Resume,
): Promise<Omit<PreparedRun, 'tokenizer'>> {
  const { train: pairs, heldOut, rehearsal, input } = await loadPairs(snapshot, tokenizer, config.sequence_length);
  const settings = dpoSettings(withCountedSteps(config, pairs.length, config.batch_size * config.dpo.accumulation));
  const policy = learnerModel(config, start, resume, 'none');
  const reference = modelFrom(start!, 'none');
  return {
    rehearsal,
    input,
    steps: settings.steps,
    train: (sink) => trainDpo({ policy, reference, pairs, heldOut, settings, sink, ...resumed(resume) }),
  };
}

/** A run that goes on keeps its tokenizer; a new one takes its base model's, or learns one from its own training split. */
async function tokenizerOf(
  config: RunConfig,
  { snapshot, policy, rewardModel }: RunInputs,
  resume: Resume,
): Promise<Tokenizer> {
  const folder = resume?.path ?? policy?.path;
  if (folder === undefined) {
    return trainTokenizer(await trainingTexts(snapshot), config.model.vocabulary_size, config.model.context_length);
  }
  const tokenizer = await loadTokenizer(folder);
  if (rewardModel && !tokenizer.equals(await loadTokenizer(rewardModel.path))) {
    throw new InputError(
      'tokenizer',
      'Policy and reward model have different tokenizers; train the reward model from this policy.',
    );
  }
  return tokenizer;
}

/** The part of a checkpoint the training loops go on from. */
function resumed(resume: Resume): { resume?: ResumePoint['state'] } {
  return resume ? { resume: resume.state } : {};
}
