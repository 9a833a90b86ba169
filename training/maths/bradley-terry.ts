/** −log σ(x), exact also for gaps of ±1000. */
export function negativeLogSigmoid(x: number): number {
  return Math.max(0, -x) + Math.log1p(Math.exp(-Math.abs(x)));
}

/** Ranking loss of one pair: −log σ(chosen − rejected − margin). */
export function pairLoss(chosen: number, rejected: number, margin = 0): number {
  return negativeLogSigmoid(chosen - rejected - margin);
}

/** Derivative of `pairLoss` by the chosen score; by the rejected one it is the opposite. */
export function pairGradient(chosen: number, rejected: number, margin = 0): number {
  const x = chosen - rejected - margin;
  return x >= 0 ? -Math.exp(-x) / (1 + Math.exp(-x)) : -1 / (1 + Math.exp(x));
}

export interface JudgedPair {
  chosenScore: number;
  rejectedScore: number;
  chosenCharacters: number;
  rejectedCharacters: number;
  margin: number | null;
}

/** Relative difference of the replies' lengths, 0 … 1, against the longer. */
export function lengthDifference(pair: JudgedPair): number {
  const longer = Math.max(pair.chosenCharacters, pair.rejectedCharacters, 1);
  return Math.abs(pair.chosenCharacters - pair.rejectedCharacters) / longer;
}

/** Share of pairs whose chosen reply has the higher number; equal numbers count half. 0 for no pairs. */
export function pairAccuracy(pairs: readonly JudgedPair[], by: 'score' | 'length' = 'score'): number {
  if (pairs.length === 0) return 0;
  const points = pairs.map((p) => {
    const gap = by === 'score' ? p.chosenScore - p.rejectedScore : p.chosenCharacters - p.rejectedCharacters;
    return gap > 0 ? 1 : gap === 0 ? 0.5 : 0;
  });
  return points.reduce((sum: number, x) => sum + x, 0) / pairs.length;
}
