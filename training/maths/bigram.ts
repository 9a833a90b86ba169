/** One sequence of ids and where it carries loss. */
export interface CountedSequence {
  ids: ArrayLike<number>;
  lossMask: ArrayLike<number>;
}

/**
 * Cross-entropy in nats a token that an add-one bigram model of the training tokens reaches on the same held-out
 * tokens that the model's loss is taken over: the floor a trained model has to be below.
 * All transitions of the training rows are counted, since the prompt's words teach bigrams as well.
 */
export function addOneBigramLoss(
  training: Iterable<CountedSequence>,
  heldOut: Iterable<CountedSequence>,
  vocabSize: number,
): number {
  // Only transitions that will be asked for: of a large corpus not all would fit in a map.
  const pairs = new Map<number, number>();
  for (const { ids, lossMask } of heldOut) {
    for (let i = 1; i < ids.length; i++) if (lossMask[i]) pairs.set(ids[i - 1]! * vocabSize + ids[i]!, 0);
  }
  if (pairs.size === 0) return 0;
  const firsts = new Map<number, number>();
  for (const { ids } of training) {
    for (let i = 1; i < ids.length; i++) {
      const key = ids[i - 1]! * vocabSize + ids[i]!;
      const seen = pairs.get(key);
      if (seen !== undefined) pairs.set(key, seen + 1);
      firsts.set(ids[i - 1]!, (firsts.get(ids[i - 1]!) ?? 0) + 1);
    }
  }
  let sum = 0;
  let tokens = 0;
  for (const { ids, lossMask } of heldOut) {
    for (let i = 1; i < ids.length; i++) {
      if (!lossMask[i]) continue;
      const seen = pairs.get(ids[i - 1]! * vocabSize + ids[i]!) ?? 0;
      sum -= Math.log((seen + 1) / ((firsts.get(ids[i - 1]!) ?? 0) + vocabSize));
      tokens++;
    }
  }
  return tokens === 0 ? 0 : sum / tokens;
}
