import { maskedMean, type Matrix } from './masked.js';

export interface ClippedLoss {
  loss: number;
  /** Derivative of the loss by each new log-probability or value; 0 outside the mask. */
  gradient: number[][];
  /** Share of counted tokens where the clipped side was the larger. */
  clipFraction: number;
}

/** Larger of two losses of one token, and the derivative of that larger one. */
interface TokenLoss {
  plain: number;
  cut: number;
  slope: number;
}

/** Clipped policy loss: masked mean of max(−A·r, −A·clip(r, 1±ε)) with r = exp(new − old). */
export function policyLoss(
  newLogProbs: Matrix,
  oldLogProbs: Matrix,
  advantages: Matrix,
  mask: Matrix,
  clipRange: number,
): ClippedLoss {
  return clippedMean(newLogProbs, mask, 1, (logProb, r, t) => {
    const ratio = Math.exp(logProb - oldLogProbs[r]![t]!);
    const advantage = advantages[r]![t]!;
    const plain = -advantage * ratio;
    const cut = -advantage * clamp(ratio, 1 - clipRange, 1 + clipRange);
    // Where the cut side is larger the ratio is outside the range and the cut one does not move.
    return { plain, cut, slope: cut > plain ? 0 : plain };
  });
}

/** ½ masked mean of max((v − R)², (clip(v, v_old ± ε) − R)²). */
export function valueLoss(
  newValues: Matrix,
  oldValues: Matrix,
  returns: Matrix,
  mask: Matrix,
  clipRange: number,
): ClippedLoss {
  return clippedMean(newValues, mask, 0.5, (value, r, t) => {
    const old = oldValues[r]![t]!;
    const target = returns[r]![t]!;
    const plain = (value - target) ** 2;
    const cut = (clamp(value, old - clipRange, old + clipRange) - target) ** 2;
    return { plain, cut, slope: cut > plain ? 0 : 2 * (value - target) };
  });
}

function clippedMean(
  inputs: Matrix,
  mask: Matrix,
  factor: number,
  each: (input: number, row: number, token: number) => TokenLoss,
): ClippedLoss {
  const gradient: number[][] = [];
  let loss = 0;
  let clipped = 0;
  let count = 0;
  inputs.forEach((row, r) => {
    gradient.push(new Array<number>(row.length).fill(0));
    for (let t = 0; t < row.length; t++) {
      if (!mask[r]![t]) continue;
      const { plain, cut, slope } = each(row[t]!, r, t);
      loss += Math.max(plain, cut);
      if (cut > plain) clipped += 1;
      gradient[r]![t] = slope;
      count += 1;
    }
  });
  const scale = count === 0 ? 0 : factor / count;
  for (const row of gradient) row.forEach((slope, t) => (row[t] = slope * scale));
  return { loss: loss * scale, gradient, clipFraction: count === 0 ? 0 : clipped / count };
}

function clamp(x: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, x));
}

/** 1 − Var(returns − values)/Var(returns) over the counted tokens; 0 where the returns do not vary. */
export function explainedVariance(values: Matrix, returns: Matrix, mask: Matrix): number {
  const variance = (of: Matrix): number => {
    const mean = maskedMean(of, mask);
    return maskedMean(
      of.map((row) => Array.from(row, (x) => (x - mean) ** 2)),
      mask,
    );
  };
  const total = variance(returns);
  if (total === 0) return 0;
  return 1 - variance(returns.map((row, r) => Array.from(row, (x, t) => x - values[r]![t]!))) / total;
}
