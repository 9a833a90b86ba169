import type { Rows } from '../data/rows.js';
import type { DpoSettings, EncodedPair } from '../interfaces.js';
import { dpoPairLoss, impliedRewards, type PairLogProbs } from '../maths/dpo-loss.js';
import { mean } from '../maths/summary.js';
import type { Model } from '../model/model.js';
import { besideReference, pairRows, replyLogProbs, type ReplyLogProbs } from './pair-log-probs.js';

export interface DpoFigures {
  /** Implied rewards, mean over the pairs. */
  chosenReward: number;
  rejectedReward: number;
  margin: number;
  /** Share of pairs whose chosen reply has the higher implied reward; equal ones count half. */
  accuracy: number;
  /** log π − log π_ref in nats a token: how far each kind of reply has moved. Both fall together where β is too small. */
  chosenDrift: number;
  rejectedDrift: number;
}

export function dpoFigures(pairs: readonly PairLogProbs[], beta: number): DpoFigures {
  const rewards = pairs.map((pair) => impliedRewards(pair, beta));
  const perToken = (sum: (pair: PairLogProbs) => number, tokens: (pair: PairLogProbs) => number): number =>
    pairs.reduce((total, p) => total + sum(p), 0) /
    Math.max(
      1,
      pairs.reduce((total, p) => total + tokens(p), 0),
    );
  return {
    chosenReward: mean(rewards.map((r) => r.chosen)),
    rejectedReward: mean(rewards.map((r) => r.rejected)),
    margin: mean(rewards.map((r) => r.chosen - r.rejected)),
    accuracy: mean(rewards.map((r) => (r.chosen > r.rejected ? 1 : r.chosen === r.rejected ? 0.5 : 0))),
    chosenDrift: perToken(
      (p) => p.chosen - p.referenceChosen,
      (p) => p.chosenTokens,
    ),
    rejectedDrift: perToken(
      (p) => p.rejected - p.referenceRejected,
      (p) => p.rejectedTokens,
    ),
  };
}

/** The policy on pairs it is never trained on; nothing where there are none. */
export function heldOutFigures(
  policy: Model,
  pairs: Rows<EncodedPair>,
  references: Rows<ReplyLogProbs>,
  settings: DpoSettings,
): Record<string, number> {
  if (pairs.length === 0) return {};
  const sums = [...replyLogProbs(policy, pairs)].flatMap(({ chosen, rejected }) => [chosen, rejected]);
  const tokens = Array.from(pairs, (pair) => pairRows([pair]).tokens).flat();
  const seen = besideReference(sums, [...references], tokens);
  const figures = dpoFigures(seen, settings.beta);
  return {
    'eval/loss': mean(seen.map((pair) => dpoPairLoss(pair, settings).loss)),
    'dpo/held_out_accuracy': figures.accuracy,
    'dpo/held_out_margin': figures.margin,
    'dpo/held_out_chosen_drift': figures.chosenDrift,
    'dpo/held_out_rejected_drift': figures.rejectedDrift,
  };
}
