import type { ScheduleName } from '../interfaces.js';

/**
 * Factor on the base learning rate before step `step` (0, 1, …) of `totalSteps`: linear rise during warm-up, then
 * the named shape, as in transformers' `get_*_schedule_with_warmup`.
 * @param cycles waves of the cosine; ½ falls once from 1 to 0.
 */
export function scheduleFactor(
  name: ScheduleName,
  step: number,
  totalSteps: number,
  warmupSteps: number,
  cycles = 0.5,
): number {
  if (step < warmupSteps) return step / Math.max(1, warmupSteps);
  if (name === 'constant') return 1;
  const left = Math.max(1, totalSteps - warmupSteps);
  if (name === 'linear') return Math.max(0, (totalSteps - step) / left);
  const progress = (step - warmupSteps) / left;
  return Math.max(0, 0.5 * (1 + Math.cos(Math.PI * cycles * 2 * progress)));
}
