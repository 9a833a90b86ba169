import * as tf from '@tensorflow/tfjs';
import type { Random } from '@qingnang/kernel';
import type { EncodedPrompt, PpoSettings, ScoreNormalisation } from '../interfaces.js';
import { generate } from '../generate/generate.js';
import { settledScore } from '../maths/token-rewards.js';
import { scoreSequences } from '../model/last-token-score.js';
import { learntBatch, learntLogProbs } from '../model/learnt-tokens.js';
import { hiddenStates, stateValues, vocabularyLogits } from '../model/forward.js';
import type { Model } from '../model/model.js';
import { gatherRows } from '../ops/gather-rows.js';
import { tokenEntropy } from '../ops/token-entropy.js';
import { tokenLogProbs } from '../ops/token-log-probs.js';
import { toRows } from './ragged.js';

/** Prompt and sampled response as one row; `lossMask` marks the response, so that SFT's batches serve PPO too. */
export interface ResponseRow {
  ids: Int32Array;
  lossMask: Uint8Array;
}

/** What the policy said and what is held fixed while it learns from it. Rows have the length of their response. */
export interface Rollout {
  rows: ResponseRow[];
  lengths: number[];
  endedByItself: boolean[];
  /** The reward model's normalised score. */
  scores: number[];
  /** The same after clipping and the penalty for not ending. */
  settled: number[];
  logProbs: number[][];
  referenceLogProbs: number[][];
  values: number[][];
  /** Mean over the response tokens, nats. */
  entropy: number;
}

export interface RolloutModels {
  policy: Model;
  /** The SFT model, never trained. */
  reference: Model;
  reward: Model;
  normalisation: ScoreNormalisation;
}

/** Samples one response a prompt over the full distribution and scores it. */
export function collectRollout(
  models: RolloutModels,
  prompts: readonly EncodedPrompt[],
  settings: PpoSettings,
  random: Random,
): Rollout {
  const { policy, reference, reward, normalisation } = models;
  const ids = prompts.map((p) => p.ids);
  const { temperature, responseLength } = settings;
  const generated = generate(policy, ids, { maxNewTokens: responseLength, temperature }, random);
  const rows = generated.map((response, i) => joined(ids[i]!, response.ids));
  const lengths = generated.map((response) => response.ids.length);
  const scores = scoreSequences(
    reward,
    rows.map((row) => row.ids),
  ).map((raw) => (raw - normalisation.mean) / normalisation.sd);
  const clipping = { missingEosPenalty: settings.missingEosPenalty, clip: settings.scoreClip };
  const own = ownView(policy, rows, temperature);
  const referenceLogProbs = numbers(() =>
    learntLogProbs(reference, learntBatch(rows, reference.config.padTokenId), { temperature }),
  );
  return {
    rows,
    lengths,
    endedByItself: generated.map((response) => response.endedByItself),
    scores,
    settled: scores.map((score, i) => settledScore(score, generated[i]!.endedByItself, clipping)),
    logProbs: toRows(own.logProbs, lengths),
    referenceLogProbs: toRows(referenceLogProbs, lengths),
    values: toRows(own.values, lengths),
    entropy: own.entropy.reduce((sum, h) => sum + h, 0) / own.entropy.length,
  };
}

/** Log-probabilities, values and entropies by the same forward pass that the update makes: the first ratio is 1. */
function ownView(
  policy: Model,
  rows: readonly ResponseRow[],
  temperature: number,
): Record<'logProbs' | 'values' | 'entropy', Float32Array> {
  const learnt = learntBatch(rows, policy.config.padTokenId);
  const [logProbs, values, entropy] = tf.tidy(() => {
    const hidden = gatherRows(hiddenStates(policy, learnt.batch), learnt.places);
    const logits = vocabularyLogits(policy, hidden);
    return [
      tokenLogProbs(logits, learnt.targets, temperature),
      stateValues(policy, hidden),
      tokenEntropy(logits, temperature),
    ];
  }) as [tf.Tensor1D, tf.Tensor1D, tf.Tensor1D];
  const read = (tensor: tf.Tensor1D): Float32Array => numbers(() => tensor);
  return { logProbs: read(logProbs), values: read(values), entropy: read(entropy) };
}

function joined(prompt: Int32Array, response: Int32Array): ResponseRow {
  const ids = new Int32Array(prompt.length + response.length);
  ids.set(prompt);
  ids.set(response, prompt.length);
  const lossMask = new Uint8Array(ids.length).fill(1, prompt.length);
  return { ids, lossMask };
}

function numbers(make: () => tf.Tensor1D): Float32Array {
  const tensor = tf.tidy(make);
  const values = tensor.dataSync() as Float32Array;
  tensor.dispose();
  return values;
}
