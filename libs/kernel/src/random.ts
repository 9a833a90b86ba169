/** A seeded generator of uniform numbers, the same on every machine. */
export interface Random {
  /** Uniform in [0, 1). */
  next(): number;
  /** Uniform integer in [0, n). */
  below(n: number): number;
  /** One element; throws on an empty list. */
  pick<T>(items: readonly T[]): T;
  /** A new, shuffled copy (Fisher–Yates). */
  shuffle<T>(items: readonly T[]): T[];
  /** The whole state, so that a resumed run draws on where it stopped. */
  state(): number;
}

/** mulberry32: 32 bits of state, enough for sampling and shuffling; not for secrets. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
  const below = (n: number): number => Math.floor(next() * n);
  return {
    next,
    below,
    pick(items) {
      if (items.length === 0) throw new RangeError('pick() of an empty list');
      return items[below(items.length)]!;
    },
    shuffle(items) {
      const copy = [...items];
      for (let i = copy.length - 1; i > 0; i--) {
        const j = below(i + 1);
        [copy[i], copy[j]] = [copy[j]!, copy[i]!];
      }
      return copy;
    },
    state: () => state,
  };
}
