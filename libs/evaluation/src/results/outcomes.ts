import { mergeOrders, preferenceOf } from '@qingnang/judge';
import type { EvaluationOutcome } from '@qingnang/contracts';

/** A verdict with whose answer stood first. */
export interface OrderedVerdict {
  first: 'a' | 'b';
  outcome: 'first' | 'second' | 'tie' | 'both_bad';
}

export interface MergedOutcome {
  outcome: EvaluationOutcome;
  /** A tie that the order of the answers made. */
  flipped: boolean;
  /** More than half of the doctors found both answers bad. */
  bothBad: boolean;
}

/** Whom a verdict prefers, whichever stood first. */
export function sideOf({ first, outcome }: OrderedVerdict): 'a' | 'b' | 'tie' | 'both_bad' {
  return outcome === 'both_bad' ? 'both_bad' : preferenceOf(outcome, first);
}

/** What a judge says of a question from A's side: a model by both orders, doctors by their votes. Null until it is judged. */
export function outcomeOf(kind: 'model' | 'doctors', verdicts: readonly OrderedVerdict[]): MergedOutcome | null {
  return kind === 'model' ? bothOrders(verdicts) : votes(verdicts);
}

function bothOrders(verdicts: readonly OrderedVerdict[]): MergedOutcome | null {
  const said = (first: 'a' | 'b') => {
    const verdict = verdicts.find((each) => each.first === first);
    return verdict && verdict.outcome !== 'both_bad' ? preferenceOf(verdict.outcome, first) : null;
  };
  const merged = mergeOrders(said('a'), said('b'));
  return merged && { ...merged, bothBad: false };
}

function votes(verdicts: readonly OrderedVerdict[]): MergedOutcome | null {
  if (verdicts.length === 0) return null;
  const sides = verdicts.map(sideOf);
  const count = (side: string) => sides.filter((each) => each === side).length;
  const lead = count('a') - count('b');
  const outcome = lead > 0 ? 'win' : lead < 0 ? 'loss' : 'tie';
  return { outcome, flipped: false, bothBad: 2 * count('both_bad') > sides.length };
}
