/**
 * What is done to one row of logits before a token is drawn of it. Each function takes logits and gives new ones; −∞ marks
 * a token that cannot be drawn. Order and results are those of transformers' `LogitsProcessor`s.
 */

/** How often each id was generated so far. */
export type TokenCounts = ReadonlyMap<number, number>;

/**
 * Tokens already in the text, prompt included, become less likely: positive logits are divided by the penalty, negative
 * ones multiplied (CTRL, Keskar et al. 2019; transformers' `RepetitionPenaltyLogitsProcessor`). 1 changes nothing.
 */
export function repetitionPenalty(logits: Float64Array, seen: Iterable<number>, penalty: number): Float64Array {
  const changed = logits.slice();
  for (const id of seen) changed[id] = logits[id]! < 0 ? logits[id]! * penalty : logits[id]! / penalty;
  return changed;
}

/** OpenAI's penalties: `presence` once for every generated id, `frequency` for each time it came. */
export function countPenalties(
  logits: Float64Array,
  counts: TokenCounts,
  presence: number,
  frequency: number,
): Float64Array {
  const changed = logits.slice();
  for (const [id, count] of counts) changed[id]! -= presence + frequency * count;
  return changed;
}

/** Keeps the k likeliest tokens, and what equals the last of them. 0 keeps all. */
export function topK(logits: Float64Array, k: number): Float64Array {
  if (k <= 0 || k >= logits.length) return logits;
  const least = ascending(logits)[logits.length - k]!;
  return logits.map((logit) => (logit < least ? -Infinity : logit));
}

/**
 * Keeps the smallest set of likeliest tokens whose probability at the temperature reaches p, at least one (nucleus
 * sampling, Holtzman et al. 2020). Of equal tokens at the edge the smaller ids stay.
 */
export function topP(logits: Float64Array, p: number, temperature: number): Float64Array {
  if (p >= 1) return logits;
  const highest = logits.reduce((most, logit) => Math.max(most, logit), -Infinity);
  const weights = logits.map((logit) => Math.exp((logit - highest) / temperature));
  const sorted = ascending(weights);
  const goal = p * sorted.reduce((sum, weight) => sum + weight, 0);
  let at = sorted.length;
  let sum = 0;
  do sum += sorted[--at]!;
  while (at > 0 && sum < goal);
  const least = sorted[at]!;
  let equals = sorted.lastIndexOf(least) - at + 1;
  return logits.map((logit, id) => {
    const weight = weights[id]!;
    return weight > least || (weight === least && equals-- > 0) ? logit : -Infinity;
  });
}

function ascending(numbers: Float64Array): Float64Array {
  return numbers.slice().sort();
}
