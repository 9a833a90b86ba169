import type { RunConfig, RunResult } from '@qingnang/contracts';
import { createRandom } from '@qingnang/kernel';
import type { ResumePoint } from '../checkpoint/training-checkpoint.js';
import type { ModelFolder } from '../checkpoint/model-folder.js';
import { InputError } from '../data/input.errors.js';
import { loadPairs, loadPrompts, loadSft, trainingTexts } from '../data/load-inputs.js';
import type { RunSink, TrainingOutcome } from '../interfaces.js';
import type { Model } from '../model/model.js';
import type { Head } from '../model/parameter-shapes.js';
import { drawParameters, loadParameters } from '../model/parameters.js';
import { trainDpo } from '../dpo/train-dpo.js';
import { trainPpo } from '../ppo/train-ppo.js';
import { trainReward } from '../reward/train-reward.js';
import { trainSft } from '../sft/train-sft.js';
import { sampleReplies } from './sample-replies.js';
import { loadTokenizer, trainTokenizer, type Tokenizer } from '../tokenizer/tokenizer.js';
import type { RunInputs } from './run-inputs.js';
import { dpoSettings, modelConfigOf, ppoSettings, rewardSettings, sftSettings } from './settings.js';

/** What the rows and models of a run turned out to be, known before the first step. */
export interface PreparedRun {
  tokenizer: Tokenizer;
  /** Any row or model that goes in carries the stamp. */
  rehearsal: boolean;
  input: RunResult['inputs'][number];
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
  const settings = sftSettings(config);
  const { train: examples, heldOut, rehearsal, input } = await loadSft(snapshot, tokenizer, settings.sequenceLength);
  const shape = modelConfigOf(config.model, tokenizer);
  const model = modelFrom(resume?.state ?? policy, 'none') ?? {
    config: shape,
    parameters: drawParameters(shape, createRandom(settings.seed)),
  };
  return {
    rehearsal,
    input,
    train: async (sink) => {
      const outcome = await trainSft({ model, examples, heldOut, settings, sink, ...resumed(resume) });
      if (outcome.state === 'succeeded') sampleReplies(model, heldOut, sink, outcome.steps, settings.seed);
      return outcome;
    },
  };
}

async function prepareReward(
  config: Extract<RunConfig, { method: 'reward' }>,
  { snapshot, policy }: RunInputs,
  tokenizer: Tokenizer,
  resume: Resume,
): Promise<Omit<PreparedRun, 'tokenizer'>> {
  const settings = rewardSettings(config);
  const loaded = await loadPairs(snapshot, tokenizer, settings.sequenceLength);
  const { train: pairs, heldOut, rehearsal, input, references: sftExamples } = loaded;
  const model = modelFrom(resume?.state ?? policy, 'reward', settings.seed)!;
  return {
    rehearsal,
    input,
    train: (sink) => trainReward({ model, pairs, heldOut, sftExamples, settings, sink, ...resumed(resume) }),
  };
}

async function preparePpo(
  config: Extract<RunConfig, { method: 'ppo' }>,
  { snapshot, policy: start, rewardModel, ptx }: RunInputs,
  tokenizer: Tokenizer,
  resume: Resume,
): Promise<Omit<PreparedRun, 'tokenizer'>> {
  const settings = ppoSettings(config);
  const promptLength = config.sequence_length - settings.responseLength;
  const { train: prompts, rehearsal, input } = await loadPrompts(snapshot, tokenizer, promptLength);
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
    policy: modelFrom(resume?.state ?? start, 'value')!,
    reference: modelFrom(start, 'none')!,
    reward: modelFrom(rewardModel, 'reward')!,
    normalisation,
  };
  return {
    rehearsal: rehearsal || (mixed?.rehearsal ?? false),
    input,
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
  const settings = dpoSettings(config);
  const { train: pairs, heldOut, rehearsal, input } = await loadPairs(snapshot, tokenizer, settings.sequenceLength);
  const policy = modelFrom(resume?.state ?? start, 'none')!;
  const reference = modelFrom(start, 'none')!;
  return {
    rehearsal,
    input,
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

/** The model of a checkpoint with the head wanted; a head it lacks is drawn from the seed. */
function modelFrom(
  source: Pick<ModelFolder, 'config' | 'weights'> | null | undefined,
  head: Head,
  seed = 0,
): Model | null {
  if (!source) return null;
  const { config, weights } = source;
  return { config, parameters: loadParameters(config, weights, head, createRandom(seed)) };
}

/** The part of a checkpoint the training loops go on from. */
function resumed(resume: Resume): { resume?: ResumePoint['state'] } {
  return resume ? { resume: resume.state } : {};
}
