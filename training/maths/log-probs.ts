/** log softmax of one row of logits at a temperature; safe for logits of any size. */
export function logSoftmax(logits: readonly number[], temperature = 1): number[] {
  const scaled = logits.map((x) => x / temperature);
  const largest = Math.max(...scaled);
  const logSum = largest + Math.log(scaled.reduce((sum, x) => sum + Math.exp(x - largest), 0));
  return scaled.map((x) => x - logSum);
}

/** Entropy in nats of the distribution of one row of logits. */
export function entropy(logits: readonly number[]): number {
  return -logSoftmax(logits).reduce((sum, l) => sum + Math.exp(l) * l, 0);
}

/** KL(p ‖ q) in nats of the whole distributions of two rows of logits. */
export function exactKl(p: readonly number[], q: readonly number[]): number {
  const logQ = logSoftmax(q);
  return logSoftmax(p).reduce((sum, l, i) => sum + Math.exp(l) * (l - logQ[i]!), 0);
}

/** Marks a label that carries no loss. */
export const IGNORED_LABEL = -100;

/**
 * Cross-entropy of rows of logits against labels, mean over the labels that are not `IGNORED_LABEL`.
 * Returns the sum too: micro-batches are added as sums and divided once by all tokens.
 */
export function crossEntropy(
  logits: readonly (readonly number[])[],
  labels: readonly number[],
): { mean: number; sum: number; tokens: number } {
  let sum = 0;
  let tokens = 0;
  for (const [i, label] of labels.entries()) {
    if (label === IGNORED_LABEL) continue;
    sum -= logSoftmax(logits[i]!)[label]!;
    tokens++;
  }
  return { mean: sum / tokens, sum, tokens };
}

/** Gradient of `crossEntropy().mean` with respect to the logits. */
export function crossEntropyGradient(logits: readonly (readonly number[])[], labels: readonly number[]): number[][] {
  const tokens = labels.filter((label) => label !== IGNORED_LABEL).length;
  return logits.map((row, i) => {
    if (labels[i] === IGNORED_LABEL) return row.map(() => 0);
    return logSoftmax(row).map((l, v) => (Math.exp(l) - (v === labels[i] ? 1 : 0)) / tokens);
  });
}
