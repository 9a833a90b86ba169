/**
 * Kendall's tau-b of two ratings of the same items (larger is better, or ranks in both): concordant less discordant
 * pairs, over the pairs either does not tie. Null where one of them ties everything, or with fewer than two items.
 */
export function kendallTauB(a: readonly number[], b: readonly number[]): number | null {
  if (a.length !== b.length) throw new RangeError(`${a.length} against ${b.length} ratings`);
  let [score, untiedA, untiedB] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    for (let j = i + 1; j < a.length; j++) {
      const [da, db] = [Math.sign(a[i]! - a[j]!), Math.sign(b[i]! - b[j]!)];
      score += da * db;
      untiedA += Math.abs(da);
      untiedB += Math.abs(db);
    }
  }
  return untiedA === 0 || untiedB === 0 ? null : score / Math.sqrt(untiedA * untiedB);
}

export interface PairAgreement {
  /** Pairs that the standard does not tie. */
  pairs: number;
  agreed: number;
  disagreed: number;
  /** Pairs in which the judge under test saw no difference. */
  tied: number;
}

/** How often `tested` orders two items as `standard` does, over the pairs that `standard` orders at all. */
export function pairAgreement(standard: readonly number[], tested: readonly number[]): PairAgreement {
  if (standard.length !== tested.length) throw new RangeError(`${standard.length} against ${tested.length} ratings`);
  const count: PairAgreement = { pairs: 0, agreed: 0, disagreed: 0, tied: 0 };
  for (let i = 0; i < standard.length; i++) {
    for (let j = i + 1; j < standard.length; j++) {
      const wanted = Math.sign(standard[i]! - standard[j]!);
      if (wanted === 0) continue;
      const found = Math.sign(tested[i]! - tested[j]!);
      count.pairs++;
      if (found === 0) count.tied++;
      else if (found === wanted) count.agreed++;
      else count.disagreed++;
    }
  }
  return count;
}

/** Arithmetic mean; null of nothing. */
export function mean(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
}
