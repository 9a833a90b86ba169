import type { ReferenceGrade } from '@qingnang/contracts';

/** What a judge may think of a doctor's answer, best first. */
export const grades: readonly ReferenceGrade[] = ['complete', 'incomplete', 'terse', 'wrong', 'unsafe'];
