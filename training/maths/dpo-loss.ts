import { negativeLogSigmoid } from './bradley-terry.js';

/** Sums of log π over the tokens of the two replies of one pair, by the policy and by its frozen reference. */
export interface PairLogProbs {
  chosen: number;
  rejected: number;
  referenceChosen: number;
  referenceRejected: number;
  chosenTokens: number;
  rejectedTokens: number;
}

export interface DpoLossSettings {
  loss: 'sigmoid' | 'ipo' | 'ipo_summed' | 'hinge' | 'robust';
  beta: number;
  /** Share of pairs believed to be the wrong way round; `sigmoid` (conservative DPO) and `robust` only. */
  labelSmoothing: number;
}

/** A loss of one pair and its derivatives by the policy's two sums. */
export interface DpoPairLoss {
  loss: number;
  byChosen: number;
  byRejected: number;
}

/**
 * Loss of one pair, with Δ = (log π_c − log π_ref,c) − (log π_r − log π_ref,r):
 * - `sigmoid`: −(1 − s)·log σ(βΔ) − s·log σ(−βΔ) (Rafailov et al., arXiv 2305.18290; s > 0 is their conservative DPO)
 * - `robust`: (−(1 − s)·log σ(βΔ) + s·log σ(−βΔ))/(1 − 2s) (Chowdhury et al., arXiv 2403.00409)
 * - `hinge`: max(0, 1 − βΔ) (SLiC, arXiv 2305.10425)
 * - `ipo`: (Δ̄ − 1/(2β))² with each log-ratio divided by its reply's tokens, as TRL does; `ipo_summed` without
 *   dividing, as in the paper (Azar et al., arXiv 2310.12036)
 */
export function dpoPairLoss(pair: PairLogProbs, settings: DpoLossSettings): DpoPairLoss {
  const chosenRatio = pair.chosen - pair.referenceChosen;
  const rejectedRatio = pair.rejected - pair.referenceRejected;
  if (settings.loss === 'ipo' || settings.loss === 'ipo_summed') {
    const [chosenShare, rejectedShare] =
      settings.loss === 'ipo' ? [1 / pair.chosenTokens, 1 / pair.rejectedTokens] : [1, 1];
    const gap = chosenRatio * chosenShare - rejectedRatio * rejectedShare - 1 / (2 * settings.beta);
    return { loss: gap ** 2, byChosen: 2 * gap * chosenShare, byRejected: -2 * gap * rejectedShare };
  }
  const { loss, slope } = marginLoss(settings.beta * (chosenRatio - rejectedRatio), settings);
  return { loss, byChosen: settings.beta * slope, byRejected: -settings.beta * slope };
}

/** The losses that are functions of x = βΔ alone, with their derivative by it. */
function marginLoss(x: number, { loss, labelSmoothing: s }: DpoLossSettings): { loss: number; slope: number } {
  if (loss === 'hinge') return { loss: Math.max(0, 1 - x), slope: x < 1 ? -1 : 0 };
  const right = { loss: negativeLogSigmoid(x), slope: -sigmoid(-x) };
  const turned = { loss: negativeLogSigmoid(-x), slope: sigmoid(x) };
  const [forRight, forTurned] = loss === 'robust' ? [(1 - s) / (1 - 2 * s), -s / (1 - 2 * s)] : [1 - s, s];
  return {
    loss: forRight * right.loss + forTurned * turned.loss,
    slope: forRight * right.slope + forTurned * turned.slope,
  };
}

/** 1/(1 + e^−x), exact at both ends. */
export function sigmoid(x: number): number {
  return x >= 0 ? 1 / (1 + Math.exp(-x)) : Math.exp(x) / (1 + Math.exp(x));
}

/** What DPO takes for the reward of each reply: β·(log π − log π_ref), in nats times β. */
export function impliedRewards(pair: PairLogProbs, beta: number): { chosen: number; rejected: number } {
  return {
    chosen: beta * (pair.chosen - pair.referenceChosen),
    rejected: beta * (pair.rejected - pair.referenceRejected),
  };
}
