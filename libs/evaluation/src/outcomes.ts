import { mergeOrders, preferenceOf, type Preference } from '@qingnang/judge';
import type { EvaluationOutcome } from '@qingnang/contracts';

/** A verdict with the model whose answer stood first. */
export interface OrderedVerdict {
  first: 'a' | 'b';
  outcome: 'first' | 'second' | 'tie';
}

/** The question's outcome from A's side; null until both orders are judged. */
export function outcomeOf(
  verdicts: readonly OrderedVerdict[],
): { outcome: EvaluationOutcome; flipped: boolean } | null {
  const said = (first: 'a' | 'b'): Preference | null => {
    const verdict = verdicts.find((each) => each.first === first);
    return verdict ? preferenceOf(verdict.outcome, first) : null;
  };
  return mergeOrders(said('a'), said('b'));
}
