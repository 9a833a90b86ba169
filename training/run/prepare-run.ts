import type { RunConfig, RunResult } from '@qingnang/contracts';
import type { ResumePoint } from '../checkpoint/training-checkpoint.js';
import { InputError } from '../data/input.errors.js';
import { loadPairs, loadPrompts, loadSft, trainingTexts } from '../data/load-inputs.js';
import type { Rows } from '../data/rows.js';
import type { EncodedExample, EncodedPair, ModelConfig, RunSink, TrainingOutcome } from '../interfaces.js';
import { replyLogProbs } from '../dpo/pair-log-probs.js';
import { trainDpo, type ReferenceAnswers } from '../dpo/train-dpo.js';
import { trainPpo } from '../ppo/train-ppo.js';
import { trainReward } from '../reward/train-reward.js';
import { trainSft } from '../sft/train-sft.js';
import { freshModel, learnerModel, referenceModel } from './learner-model.js';
import { ppoModels } from './ppo-models.js';
import { sampleReplies, SAMPLES } from './sample-replies.js';
import { loadTokenizer, trainTokenizer, type Tokenizer } from '../tokenizer/tokenizer.js';
import type { RunInputs } from './run-inputs.js';
import {
  dpoSettings,
  modelConfigOf,
  ppoSettings,
  rewardSettings,
  sequencesOf,
  sftSettings,
  withCountedSteps,
} from './settings.js';

/** What the rows and models of a run turned out to be, known before the first step. */
export interface PreparedRun {
  tokenizer: Tokenizer;
  /** Any row or model that goes in carries the stamp. */
  rehearsal: boolean;
  input: RunResult['inputs'][number];
  /** Snapshots mixed in. */
  mixed?: RunResult['inputs'];
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
  const ended = { ...inputs, policy: policy && { ...policy, config: endingAs(tokenizer, policy.config) } };
  const prepared = await prepare(config, ended, tokenizer, resume);
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
  { snapshot, policy, mix, scratch }: RunInputs,
  tokenizer: Tokenizer,
  resume: Resume,
): Promise<Omit<PreparedRun, 'tokenizer'>> {
  const { truncate } = config.data;
  const options = { truncate, dataSets: config.sft.data_sets, mix, scratch };
  const loaded = await loadSft(snapshot, tokenizer, config.sequence_length, options);
  const { train: examples, heldOut, rehearsal, input, parts, mixed } = loaded;
  if (config.sft.patience !== null && heldOut.length === 0)
    throw new InputError('config', 'sft.patience wants held-out rows; the snapshot has no validation or test split.');
  const settings = sftSettings(
    withCountedSteps(config, sequencesOf(examples, config), config.batch_size * config.sft.accumulation),
  );
  const model =
    resume || policy
      ? learnerModel(config, policy, resume, 'none')
      : freshModel(config, modelConfigOf(config.model, tokenizer));
  return {
    rehearsal,
    input,
    mixed,
    steps: settings.steps,
    train: (sink) => {
      const showSamples = (step: number): void => sampleReplies(model, heldOut, sink, step, settings.seed);
      return trainSft({ model, examples, parts, heldOut, settings, sink, showSamples, ...resumed(resume) });
    },
  };
}

async function prepareReward(
  config: Extract<RunConfig, { method: 'reward' }>,
  { snapshot, policy, mix, scratch }: RunInputs,
  tokenizer: Tokenizer,
  resume: Resume,
): Promise<Omit<PreparedRun, 'tokenizer'>> {
  const options = { truncate: config.data.truncate, mix, scratch };
  const loaded = await loadPairs(snapshot, tokenizer, config.sequence_length, options);
  const { train: pairs, heldOut, rehearsal, input, parts, mixed, references: sftExamples } = loaded;
  const settings = rewardSettings(
    withCountedSteps(config, pairs.length, config.batch_size * config.reward.accumulation),
  );
  const model = learnerModel(config, policy, resume, 'reward');
  return {
    rehearsal,
    input,
    mixed,
    steps: settings.steps,
    train: (sink) => trainReward({ model, pairs, parts, heldOut, sftExamples, settings, sink, ...resumed(resume) }),
  };
}

async function preparePpo(
  config: Extract<RunConfig, { method: 'ppo' }>,
  inputs: RunInputs,
  tokenizer: Tokenizer,
  resume: Resume,
): Promise<Omit<PreparedRun, 'tokenizer'>> {
  const { snapshot, ptx, scratch } = inputs;
  const promptLength = config.sequence_length - config.ppo.response_length;
  const { train: prompts, rehearsal, input } = await loadPrompts(snapshot, tokenizer, promptLength, { scratch });
  const settings = ppoSettings(withCountedSteps(config, prompts.length, config.batch_size));
  if (settings.ptxCoefficient > 0 && !ptx)
    throw new InputError('ptx_missing', 'ptx_coefficient wants an SFT snapshot; name it with --ptx.');
  const { truncate } = config.data;
  const mixed = ptx ? await loadSft(ptx, tokenizer, config.sequence_length, { truncate, scratch }) : null;
  const models = ppoModels(config, inputs, tokenizer, resume);
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
  { snapshot, policy: start, mix, scratch }: RunInputs,
  tokenizer: Tokenizer,
  resume: Resume,
): Promise<Omit<PreparedRun, 'tokenizer'>> {
  const loaded = await loadPairs(snapshot, tokenizer, config.sequence_length, { mix, scratch });
  const { train: pairs, heldOut, rehearsal, input, parts, mixed } = loaded;
  const settings = dpoSettings(withCountedSteps(config, pairs.length, config.batch_size * config.dpo.accumulation));
  const policy = learnerModel(config, start, resume, 'none');
  return {
    rehearsal,
    input,
    mixed,
    steps: settings.steps,
    train: async (sink) => {
      const askReference = (): ReferenceAnswers => {
        sink.log(`Asking the reference about ${pairs.length + heldOut.length} pairs.`);
        const reference = referenceModel(start!, policy);
        const answers = {
          pairs: replyLogProbs(reference.model, pairs),
          heldOut: replyLogProbs(reference.model, heldOut),
        };
        reference.dispose(); // learning has its memory
        return answers;
      };
      const data = { pairs, parts, heldOut };
      const outcome = await trainDpo({ policy, askReference, ...data, settings, sink, ...resumed(resume) });
      const asked = onePairAPrompt(heldOut, SAMPLES);
      if (outcome.state === 'succeeded') sampleReplies(policy, asked, sink, outcome.steps, settings.seed);
      return outcome;
    },
  };
}

/** A prompt has as many pairs as its replies make: each is asked once, the first ones only. */
function onePairAPrompt(pairs: Rows<EncodedPair>, prompts: number): EncodedExample[] {
  const asked = new Map<string, EncodedExample>();
  for (const { promptId, chosen } of pairs) {
    asked.set(promptId, chosen);
    if (asked.size === prompts) break;
  }
  return [...asked.values()];
}

/** A run that goes on keeps its tokenizer; a new one takes its base model's, or learns one from its own training split. */
async function tokenizerOf(
  config: RunConfig,
  { snapshot, policy, rewardModel, mix }: RunInputs,
  resume: Resume,
): Promise<Tokenizer> {
  const { chat_format: format } = config.data;
  const folder = resume?.path ?? policy?.path;
  if (folder === undefined) {
    const texts = await trainingTexts(snapshot, ...mix.map((part) => part.snapshot));
    return trainTokenizer(texts, config.model.vocabulary_size, config.model.context_length, format);
  }
  const tokenizer = await loadTokenizer(folder, format);
  if (rewardModel && !tokenizer.equals(await loadTokenizer(rewardModel.path))) {
    throw new InputError(
      'tokenizer',
      'Policy and reward model have different tokenizers; train the reward model from this policy.',
    );
  }
  return tokenizer;
}

/**
 * A base model that learns a chat format learns to end replies with the format's own token; what ended its texts before
 * stays a stop. @throws InputError when the model has no row for that token
 */
function endingAs(tokenizer: Tokenizer, config: ModelConfig): ModelConfig {
  const { endId } = tokenizer;
  const { vocabSize, eosTokenId, stopTokenIds = [] } = config;
  if (endId >= vocabSize)
    throw new InputError(
      'tokenizer',
      `The token that ends a reply has id ${endId}, but the model has ${vocabSize} tokens; tokenizer and model differ.`,
    );
  const padded = { ...config, padTokenId: tokenizer.padIdWithin(vocabSize) };
  if (endId === eosTokenId) return padded;
  return { ...padded, eosTokenId: endId, stopTokenIds: [...new Set([endId, eosTokenId, ...stopTokenIds])] };
}

/** The part of a checkpoint the training loops go on from. */
function resumed(resume: Resume): { resume?: ResumePoint['state'] } {
  return resume ? { resume: resume.state } : {};
}
