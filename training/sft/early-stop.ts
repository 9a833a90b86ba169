import type { HeldOutFigures } from './held-out-figures.js';

/** The evaluation with the lowest held-out loss so far; small enough for a checkpoint. */
export interface BestSoFar {
  step: number;
  figures: HeldOutFigures;
  /** Evaluations since. */
  stale: number;
}

/** Takes in one evaluation. A loss that is only equal is no better. */
export function nextBest(before: BestSoFar | null, step: number, figures: HeldOutFigures): BestSoFar {
  if (before === null || figures.loss < before.figures.loss) return { step, figures, stale: 0 };
  return { ...before, stale: before.stale + 1 };
}
