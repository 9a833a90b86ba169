import { z } from 'zod';
import type { ReferenceGrade } from '@qingnang/contracts';

/** What a judge says of the doctor's answer, before it holds candidates against it. */
export const gradedReference = z.object({
  correct: z.boolean(),
  complete: z.boolean(),
  /** Right as far as it goes, and too short to be held up as an example. */
  terse: z.boolean(),
  unsafe: z.boolean(),
  reason: z.string().default(''),
});
export type GradedReference = z.infer<typeof gradedReference>;

/** The one grade that counts: the worst that was found. */
export function gradeOf({ correct, complete, terse, unsafe }: Omit<GradedReference, 'reason'>): ReferenceGrade {
  if (unsafe) return 'unsafe';
  if (!correct) return 'wrong';
  if (terse) return 'terse';
  return complete ? 'complete' : 'incomplete';
}

/**
 * What agreement with a reference counts beside the dimensions, each of which counts 1. A weak reference takes weight from
 * itself alone: what candidates earn by the dimensions stays theirs.
 */
export const referenceWeights: Record<ReferenceGrade, number> = {
  complete: 1,
  incomplete: 0.5,
  terse: 0.5,
  wrong: 0,
  unsafe: 0,
};
