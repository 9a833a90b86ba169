/** A matrix of per-token numbers, a row a response; `mask` 1 where a token counts. */
export type Matrix = readonly ArrayLike<number>[];

export function maskedMean(values: Matrix, mask: Matrix): number {
  let sum = 0;
  let count = 0;
  values.forEach((row, r) => {
    for (let t = 0; t < row.length; t++) {
      if (!mask[r]![t]) continue;
      sum += row[t]!;
      count++;
    }
  });
  return count === 0 ? 0 : sum / count;
}

/** Unbiased (n − 1), as TRL's `masked_var`; 0 where fewer than two tokens count. */
export function maskedVariance(values: Matrix, mask: Matrix): number {
  const mean = maskedMean(values, mask);
  let sum = 0;
  let count = 0;
  values.forEach((row, r) => {
    for (let t = 0; t < row.length; t++) {
      if (!mask[r]![t]) continue;
      sum += (row[t]! - mean) ** 2;
      count++;
    }
  });
  return count < 2 ? 0 : sum / (count - 1);
}

/** (x − μ)/√(σ² + 1e-8) over the counted tokens, plus μ again where `keepMean`; others are whitened with them, unread. */
export function whiten(values: Matrix, mask: Matrix, keepMean = false): number[][] {
  const mean = maskedMean(values, mask);
  const scale = 1 / Math.sqrt(maskedVariance(values, mask) + 1e-8);
  return values.map((row) => Array.from(row, (x) => (x - mean) * scale + (keepMean ? mean : 0)));
}
