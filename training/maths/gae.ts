/**
 * Generalised advantage estimation, backwards over one response of `length` tokens; nothing follows the last one.
 * @returns advantages (not whitened) and returns = advantages + values, both of `length`.
 */
export function generalisedAdvantages(
  rewards: ArrayLike<number>,
  values: ArrayLike<number>,
  length: number,
  gamma: number,
  lambda: number,
): { advantages: number[]; returns: number[] } {
  const advantages = new Array<number>(length).fill(0);
  let running = 0;
  for (let t = length - 1; t >= 0; t--) {
    const next = t + 1 < length ? values[t + 1]! : 0;
    const delta = rewards[t]! + gamma * next - values[t]!;
    running = delta + gamma * lambda * running;
    advantages[t] = running;
  }
  return { advantages, returns: advantages.map((a, t) => a + values[t]!) };
}
