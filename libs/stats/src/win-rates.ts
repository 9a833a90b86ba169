import { createRandom } from '@qingnang/kernel';

/** Normal quantile of a two-sided 95 % interval. */
const Z95 = 1.959963984540054;

/**
 * Wilson's score interval (95 %) for a share of `successes` among `trials`: unlike the plain one it stays within 0 and 1
 * and says something for few trials. Null without trials.
 */
export function wilsonInterval(successes: number, trials: number): [low: number, high: number] | null {
  if (trials === 0) return null;
  const share = successes / trials;
  const z2 = Z95 ** 2;
  const centre = share + z2 / (2 * trials);
  const spread = Z95 * Math.sqrt((share * (1 - share)) / trials + z2 / (4 * trials ** 2));
  const scale = 1 + z2 / trials;
  return [Math.max(0, (centre - spread) / scale), Math.min(1, (centre + spread) / scale)];
}

/**
 * Percentile bootstrap interval (95 %) of a mean, resampling the values `resamples` times. The same seed gives the same
 * interval. `[0, 0]` without values.
 */
export function bootstrapMean(
  values: readonly number[],
  { seed = 1, resamples = 2000 }: { seed?: number; resamples?: number } = {},
): [low: number, high: number] {
  if (values.length === 0) return [0, 0];
  const random = createRandom(seed);
  const means = Array.from({ length: resamples }, () => {
    let sum = 0;
    for (let i = 0; i < values.length; i++) sum += values[random.below(values.length)]!;
    return sum / values.length;
  }).sort((a, b) => a - b);
  return [means[Math.floor(0.025 * (resamples - 1))]!, means[Math.ceil(0.975 * (resamples - 1))]!];
}
