/** Pairs that a reward model is about equally sure of. */
export interface ReliabilityBin {
  /** Bounds of the confidence, from included, to excluded but for the last. */
  from: number;
  to: number;
  pairs: number;
  /** Mean of σ(|Δ|), the model's own chance that the reply it scores higher is the better one; 0 for no pairs. */
  confidence: number;
  /** Share of the pairs in which that reply was the chosen one; equal scores count half. */
  observed: number;
}

/**
 * Reliability of a Bradley–Terry model's probabilities (Guo et al., arXiv 1706.04599), in bins of like width over
 * confidence ½ … 1.
 * @param gaps score of the chosen reply less that of the rejected one, one a pair
 */
export function reliability(gaps: readonly number[], bins = 5): ReliabilityBin[] {
  const width = 0.5 / bins;
  const sums = Array.from({ length: bins }, () => ({ pairs: 0, confidence: 0, right: 0 }));
  for (const gap of gaps) {
    const confidence = 1 / (1 + Math.exp(-Math.abs(gap)));
    const sum = sums[Math.min(bins - 1, Math.floor((confidence - 0.5) / width))]!;
    sum.pairs += 1;
    sum.confidence += confidence;
    sum.right += gap > 0 ? 1 : gap === 0 ? 0.5 : 0;
  }
  return sums.map(({ pairs, confidence, right }, i) => ({
    from: 0.5 + i * width,
    to: 0.5 + (i + 1) * width,
    pairs,
    confidence: pairs === 0 ? 0 : confidence / pairs,
    observed: pairs === 0 ? 0 : right / pairs,
  }));
}

/** Mean distance of confidence and observed share, bins weighed by their pairs; 0 for none. */
export function expectedCalibrationError(bins: readonly ReliabilityBin[]): number {
  const total = bins.reduce((sum, { pairs }) => sum + pairs, 0);
  if (total === 0) return 0;
  return bins.reduce((sum, b) => sum + (b.pairs / total) * Math.abs(b.confidence - b.observed), 0);
}

/** Σab/√(Σa²·Σb²): the correlation of two differences whose signs turn together, as those of a pair do; 0 where one is 0. */
export function correlationOfGaps(a: readonly number[], b: readonly number[]): number {
  const sum = (of: (i: number) => number): number => a.reduce((total, _, i) => total + of(i), 0);
  const norm = Math.sqrt(sum((i) => a[i]! ** 2) * sum((i) => b[i]! ** 2));
  return norm === 0 ? 0 : sum((i) => a[i]! * b[i]!) / norm;
}
