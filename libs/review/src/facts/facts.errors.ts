import { DomainError } from '@qingnang/kernel';
import type { SubmissionFact } from './submission-facts.js';

/** Named by places in the two texts, which whoever submits has before them; never by their words. */
export function factsUnconfirmed(facts: readonly SubmissionFact[]): DomainError {
  return new DomainError({
    code: 'answer.facts_unconfirmed',
    status: 409,
    field: 'confirmed',
    detail:
      'The text differs from the doctor’s own words in a medicine, a dose, a negation or an urgency. Mend it, or confirm each of them, then hand in again.',
    details: {
      facts: facts.map(({ n, finding: { id, kind, change, was, is } }) => ({
        ...{ n, id, kind, change },
        was: { start: was.start, end: was.end },
        is: { start: is.start, end: is.end },
      })),
    },
  });
}
