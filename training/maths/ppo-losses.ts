import { maskedMean, type Matrix } from './masked.js';

/** Clipped policy loss max(−A·r, −A·clip(r, 1±ε)), masked mean, and how often the clipped side was the larger. */
export function policyLoss(
  newLogProbs: Matrix,
  oldLogProbs: Matrix,
  advantages: Matrix,
  mask: Matrix,
  clipRange: number,
): { loss: number; clipFraction: number } {
  const each: number[][] = [];
  const clipped: number[][] = [];
  newLogProbs.forEach((row, r) => {
    each.push([]);
    clipped.push([]);
    for (let t = 0; t < row.length; t++) {
      const ratio = Math.exp(row[t]! - oldLogProbs[r]![t]!);
      const advantage = advantages[r]![t]!;
      const plain = -advantage * ratio;
      const cut = -advantage * Math.min(1 + clipRange, Math.max(1 - clipRange, ratio));
      each[r]!.push(Math.max(plain, cut));
      clipped[r]!.push(cut > plain ? 1 : 0);
    }
  });
  return { loss: maskedMean(each, mask), clipFraction: maskedMean(clipped, mask) };
}

/** ½ masked mean of max((v − R)², (clip(v, v_old ± ε) − R)²). */
export function valueLoss(
  newValues: Matrix,
  oldValues: Matrix,
  returns: Matrix,
  mask: Matrix,
  clipRange: number,
): { loss: number; clipFraction: number } {
  const each: number[][] = [];
  const clipped: number[][] = [];
  newValues.forEach((row, r) => {
    each.push([]);
    clipped.push([]);
    for (let t = 0; t < row.length; t++) {
      const old = oldValues[r]![t]!;
      const plain = (row[t]! - returns[r]![t]!) ** 2;
      const cut = (Math.min(old + clipRange, Math.max(old - clipRange, row[t]!)) - returns[r]![t]!) ** 2;
      each[r]!.push(Math.max(plain, cut));
      clipped[r]!.push(cut > plain ? 1 : 0);
    }
  });
  return { loss: 0.5 * maskedMean(each, mask), clipFraction: maskedMean(clipped, mask) };
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
