import { generalisedAdvantages } from '../maths/gae.js';
import type { KlEstimator } from '../maths/kl.js';
import { logSoftmax } from '../maths/log-probs.js';
import { whiten } from '../maths/masked.js';
import { policyLoss, valueLoss, type ClippedLoss } from '../maths/ppo-losses.js';
import { settledScore, tokenRewards } from '../maths/token-rewards.js';
import { goldenJson } from './golden.js';

interface Options {
  gamma: number;
  lam: number;
  kl_coef: number;
  cliprange: number;
  cliprange_value: number;
  vf_coef: number;
}
type Rows = number[][];

export interface TrlCase extends Record<'rewards' | 'returns' | 'advantages' | 'values', Rows> {
  options: Options & { kl_estimator: KlEstimator; whiten_rewards: boolean; missing_eos_penalty: number | null };
  sequence_lengths: number[];
  policy_loss: number;
  value_loss: number;
  scores_after_penalty: number[];
}

export interface LastTokenCase extends Record<
  'rewards' | 'advantages_before_whitening' | 'returns' | 'advantages' | 'grad_values_of_loss',
  Rows
> {
  whiten_rewards: boolean;
  policy_loss: number;
  value_loss: number;
  loss: number;
  clip_fraction: number;
  approx_kl: Record<KlEstimator, number>;
  grad_logits_of_loss: number[][][];
}

/** `losses/ppo.json` with the policy's log-probabilities worked out; rows of `width` places, `mask` 1 on the response. */
export function goldenPpo() {
  const golden = goldenJson<{
    inputs: { responses: Rows; mask: boolean[][]; scores: number[]; values: Rows; values_new: Rows } & Record<
      'logits_old' | 'logits_ref' | 'logits_new',
      number[][][]
    >;
    trl_cases: TrlCase[];
    last_token_options: Options;
    last_token_cases: LastTokenCase[];
  }>('losses/ppo.json');
  const { responses, ...inputs } = golden.inputs;
  const mask = inputs.mask.map((row) => row.map(Number));
  const logProbs = (logits: number[][][]): Rows =>
    logits.map((row, r) => row.map((x, t) => logSoftmax(x)[responses[r]![t]!]!));
  return {
    ...golden,
    mask,
    lengths: mask.map((row) => row.reduce((sum, m) => sum + m, 0)),
    width: mask[0]!.length,
    old: logProbs(inputs.logits_old),
    reference: logProbs(inputs.logits_ref),
    fresh: logProbs(inputs.logits_new),
  };
}

export type GoldenPpo = ReturnType<typeof goldenPpo>;

/** Everything one step makes of a rollout, in rows of `width`, 0 outside the response. */
export interface PpoStep {
  settled: number[];
  rewards: Rows;
  beforeWhitening: Rows;
  returns: Rows;
  advantages: Rows;
  policy: ClippedLoss;
  value: ClippedLoss;
}

/** One step as we do it: the score on the last response token, one mask for all. */
export function lastTokenStep(g: GoldenPpo, c: LastTokenCase): PpoStep {
  const o = g.last_token_options;
  const { scores, values, values_new: newValues } = g.inputs;
  const rewards = g.lengths.map((length, r) =>
    tokenRewards(g.old[r]!, g.reference[r]!, length, scores[r]!, { klCoefficient: o.kl_coef, estimator: 'k1' }),
  );
  const used = c.whiten_rewards ? whiten(rewards, g.mask, true) : rewards;
  const gae = g.lengths.map((length, r) => generalisedAdvantages(used[r]!, values[r]!, length, o.gamma, o.lam));
  const padded = (rows: Rows): Rows => rows.map((row) => [...row, ...new Array<number>(g.width - row.length).fill(0)]);
  const beforeWhitening = padded(gae.map((each) => each.advantages));
  const returns = padded(gae.map((each) => each.returns));
  const advantages = masked(whiten(beforeWhitening, g.mask), g.mask);
  return {
    settled: scores,
    rewards: padded(rewards),
    beforeWhitening,
    returns,
    advantages,
    policy: policyLoss(g.fresh, g.old, advantages, g.mask, o.cliprange),
    value: valueLoss(newValues, masked(values, g.mask), returns, g.mask, o.cliprange_value),
  };
}

/** The same from the same functions as TRL 1.12 does it: the score one place later, where there is one, and values up to there. */
export function trlStep(g: GoldenPpo, c: TrlCase): PpoStep {
  const o = c.options;
  const { scores, responses, values, values_new: newValues } = g.inputs;
  const settled = scores.map((score, r) =>
    settledScore(score, responses[r]!.includes(2), {
      scoreScale: 1,
      scoreClip: null,
      missingEosPenalty: o.missing_eos_penalty ?? 0,
      missingEosScore: null,
    }),
  );
  const reach = g.lengths.map((length) => Math.min(length + 1, g.width));
  const valueMask = reach.map((n) => Array.from({ length: g.width }, (_, t) => (t < n ? 1 : 0)));
  const settings = { klCoefficient: o.kl_coef, estimator: o.kl_estimator };
  const raw = g.lengths.map((length, r) => {
    const row = tokenRewards(g.old[r]!, g.reference[r]!, length, 0, settings);
    row.push(...new Array<number>(g.width - length).fill(0));
    row[reach[r]! - 1]! += settled[r]!;
    return row;
  });
  const rewards = o.whiten_rewards ? masked(whiten(raw, valueMask, true), valueMask) : raw;
  const seen = masked(values, valueMask);
  const gae = rewards.map((row, r) => generalisedAdvantages(row, seen[r]!, g.width, o.gamma, o.lam));
  const beforeWhitening = gae.map((each) => each.advantages);
  const returns = gae.map((each) => each.returns);
  const advantages = masked(whiten(beforeWhitening, g.mask), g.mask);
  return {
    settled,
    rewards,
    beforeWhitening,
    returns,
    advantages,
    policy: policyLoss(g.fresh, g.old, advantages, g.mask, o.cliprange),
    value: valueLoss(newValues, seen, returns, valueMask, o.cliprange_value),
  };
}

function masked(rows: Rows, by: Rows): Rows {
  return rows.map((row, r) => row.map((x, t) => (by[r]![t] ? x : 0)));
}
