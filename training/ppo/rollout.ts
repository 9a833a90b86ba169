import * as tf from '@tensorflow/tfjs';
import type { Random } from '@qingnang/kernel';
import type { EncodedPrompt, PpoSettings } from '../interfaces.js';
import { generate } from '../generate/generate.js';
import { settledScore } from '../maths/token-rewards.js';
import { learntBatch, learntLogProbs } from '../model/learnt-tokens.js';
import { hiddenStates, vocabularyLogits } from '../model/forward.js';
import type { Model } from '../model/model.js';
import { gatherRows } from '../ops/gather-rows.js';
import { tokenEntropy } from '../ops/token-entropy.js';
import { tokenLogProbs } from '../ops/token-log-probs.js';
import { toRows } from './ragged.js';
import { scoreResponses, type ResponseScores, type ScoreSources } from './score-responses.js';
import { valuesAt, type ValueNetwork } from './value-network.js';

/** Prompt and sampled response as one row; `lossMask` marks the response, so that SFT's batches serve PPO too. */
export interface ResponseRow {
  /** Of the prompt. */
  rowId: string;
  ids: Int32Array;
  lossMask: Uint8Array;
}

/** What the policy said and what is held fixed while it learns from it. Rows have the length of their response. */
export interface Rollout {
  rows: ResponseRow[];
  lengths: number[];
  endedByItself: boolean[];
  /** Normalised scores of the reward model, the judge or both. */
  scores: number[];
  scoreParts: Pick<ResponseScores, 'reward' | 'judge'>;
  /** The same after scaling, clipping and the penalty for not ending. */
  settled: number[];
  logProbs: number[][];
  referenceLogProbs: number[][];
  values: number[][];
  /** Mean over the response tokens, nats. */
  entropy: number;
}

export interface RolloutModels extends ScoreSources {
  policy: Model;
  /** The SFT model, never trained. */
  reference: Model;
  /** Left out where the policy has a value head. */
  value?: ValueNetwork | undefined;
}

/** Samples one response a prompt over the full distribution and scores it. */
export async function collectRollout(
  models: RolloutModels,
  prompts: readonly EncodedPrompt[],
  settings: PpoSettings,
  random: Random,
): Promise<Rollout> {
  const { policy, reference, value = null } = models;
  const ids = prompts.map((p) => p.ids);
  const { temperature, responseLength } = settings;
  // Neither top-k nor top-p: a response drawn from less than the whole distribution would bias the ratios.
  const sampling = { maxNewTokens: responseLength, temperature, topK: 0, topP: 1 };
  const generated = generate(policy, ids, sampling, random);
  const rows = generated.map((response, i) => joined(prompts[i]!, response.ids));
  const lengths = generated.map((response) => response.ids.length);
  const scores = await scoreResponses(
    models,
    prompts,
    generated.map((response) => response.ids),
    rows.map((row) => row.ids),
  );
  const atOnce = settings.microBatchSize ?? rows.length;
  const own = ownView(policy, value, rows, temperature, atOnce);
  const referenceLogProbs = inParts(rows, atOnce, (part) =>
    numbers(() => learntLogProbs(reference, learntBatch(part, reference.config.padTokenId), { temperature })),
  );
  return {
    rows,
    lengths,
    endedByItself: generated.map((response) => response.endedByItself),
    scores: scores.total,
    scoreParts: scores,
    settled: scores.total.map((score, i) => settledScore(score, generated[i]!.endedByItself, settings)),
    logProbs: toRows(own.logProbs, lengths),
    referenceLogProbs: toRows(referenceLogProbs, lengths),
    values: toRows(own.values, lengths),
    entropy: own.entropy.reduce((sum, h) => sum + h, 0) / own.entropy.length,
  };
}

/** Log-probabilities, values and entropies by the same forward pass that the update makes: the first ratio is 1. */
function ownView(
  policy: Model,
  value: ValueNetwork | null,
  rows: readonly ResponseRow[],
  temperature: number,
  atOnce: number,
): Record<'logProbs' | 'values' | 'entropy', number[]> {
  const seen = { logProbs: [] as number[], values: [] as number[], entropy: [] as number[] };
  for (let at = 0; at < rows.length; at += atOnce) {
    const learnt = learntBatch(rows.slice(at, at + atOnce), policy.config.padTokenId);
    const [logProbs, values, entropy] = tf.tidy(() => {
      const hidden = gatherRows(hiddenStates(policy, learnt.batch), learnt.places);
      const logits = vocabularyLogits(policy, hidden);
      return [
        tokenLogProbs(logits, learnt.targets, temperature),
        valuesAt(value, policy, hidden, learnt),
        tokenEntropy(logits, temperature),
      ];
    }) as [tf.Tensor1D, tf.Tensor1D, tf.Tensor1D];
    const read = (into: number[], tensor: tf.Tensor1D): void => {
      for (const x of numbers(() => tensor)) into.push(x);
    };
    read(seen.logProbs, logProbs);
    read(seen.values, values);
    read(seen.entropy, entropy);
  }
  return seen;
}

/** Numbers of all rows, worked out a few rows at a time. */
function inParts<T>(rows: readonly T[], atOnce: number, of: (part: T[]) => ArrayLike<number>): number[] {
  const all: number[] = [];
  for (let at = 0; at < rows.length; at += atOnce) {
    const part = of(rows.slice(at, at + atOnce));
    for (let i = 0; i < part.length; i++) all.push(part[i]!);
  }
  return all;
}

function joined(prompt: EncodedPrompt, response: Int32Array): ResponseRow {
  const start = prompt.ids.length;
  const ids = new Int32Array(start + response.length);
  ids.set(prompt.ids);
  ids.set(response, start);
  return { rowId: prompt.rowId, ids, lossMask: new Uint8Array(ids.length).fill(1, start) };
}

function numbers(make: () => tf.Tensor1D): Float32Array {
  const tensor = tf.tidy(make);
  const values = tensor.dataSync() as Float32Array;
  tensor.dispose();
  return values;
}
