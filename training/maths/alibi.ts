/**
 * Slopes of ALiBi (Press et al. 2022) as BLOOM has them: 2^(−8/n)^1…n for n heads, n a power of two; for another number
 * those of the next lower power, then every second one of the next higher.
 */
export function alibiSlopes(heads: number): number[] {
  const powers = (n: number): number[] => Array.from({ length: n }, (_, i) => 2 ** ((-8 * (i + 1)) / n));
  const lower = 2 ** Math.floor(Math.log2(heads));
  if (lower === heads) return powers(heads);
  const between = powers(2 * lower).filter((_, i) => i % 2 === 0);
  return [...powers(lower), ...between.slice(0, heads - lower)];
}
