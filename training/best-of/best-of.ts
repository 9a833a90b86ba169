import { createRandom } from '@qingnang/kernel';
import { generate } from '../generate/generate.js';
import type { EncodedPrompt, ScoreNormalisation } from '../interfaces.js';
import { mean, standardDeviation } from '../maths/summary.js';
import { scoreSequences } from '../model/last-token-score.js';
import type { Model } from '../model/model.js';

export interface BestOfModels {
  policy: Model;
  reward: Model;
  /** Of the reward model's raw scores. */
  normalisation: ScoreNormalisation;
}

export interface BestOfSettings {
  seed: number;
  /** Samples a prompt. */
  n: number;
  maxNewTokens: number;
  temperature: number;
  topP: number;
}

/** The best of n samples of one prompt. */
export interface BestSample {
  /** End token included. */
  ids: Int32Array;
  /** Normalised score. */
  score: number;
  /** Of all n, in the order of their ranks; a wide spread is what makes rejection sampling worth its price. */
  scores: number[];
  mean: number;
  sd: number;
  /** How many of the n are whole replies: only these can be the best. */
  whole: number;
}

/**
 * Rejection sampling (best of n; Stiennon et al., arXiv 2009.01325; as a data recipe Touvron et al., arXiv 2307.09288):
 * n samples of each prompt, scored by the reward model, the best whole one kept. A sample cut off at the token limit would
 * teach the model to stop mid-sentence.
 * @param isWhole whether a sample that ended by itself can be written down: some are empty, or half a character
 * @param batch number of this batch among all: with the seed it decides the draws, so a batch comes out the same
 *   whether or not those before it ran in this process
 * @returns one element a prompt, `null` where no sample is whole
 */
export function bestOfBatch(
  { policy, reward, normalisation }: BestOfModels,
  prompts: readonly EncodedPrompt[],
  { seed, n, ...sampling }: BestOfSettings,
  batch: number,
  isWhole: (ids: Int32Array) => boolean,
): (BestSample | null)[] {
  const rows = prompts.flatMap(({ ids }) => new Array<Int32Array>(n).fill(ids));
  const samples = generate(policy, rows, sampling, createRandom(seed + 7919 * batch));
  const raw = scoreSequences(
    reward,
    samples.map(({ ids }, row) => Int32Array.from([...rows[row]!, ...ids])),
  );
  const scores = raw.map((score) => (score - normalisation.mean) / normalisation.sd);
  return prompts.map((_, p) => {
    const own = Array.from({ length: n }, (_each, i) => p * n + i);
    // Ties go to the sample drawn first.
    const ranked = own.sort((a, b) => scores[b]! - scores[a]! || a - b);
    const whole = ranked.filter((row) => samples[row]!.endedByItself && isWhole(samples[row]!.ids));
    const [best] = whole;
    if (best === undefined) return null;
    const all = ranked.map((row) => scores[row]!);
    return {
      ids: samples[best]!.ids,
      score: scores[best]!,
      scores: all,
      mean: mean(all),
      sd: standardDeviation(all),
      whole: whole.length,
    };
  });
}
