import type { FactKind } from '@qingnang/contracts';
import { windowOf } from '../closeness.js';
import type { RawFinding, Span } from '../fact.js';

interface Rules<T> {
  kind: (own: T) => FactKind;
  /** The value, as part of the finding's id. */
  key: (item: T) => string;
  same: (own: T, other: T) => boolean;
  /** Whether one could have become the other; the first that fits is taken. */
  became: readonly ((own: T, other: T) => boolean)[];
  of?: (item: T) => string | undefined;
  /** Whether coming or going by itself is worth a word. */
  alone?: (item: T) => boolean;
}

/**
 * What is the same on both sides is no finding, however often it is said; of the rest, what could have become another
 * is one change, and what is left came or went.
 */
export function pairUp<T extends Span>(own: readonly T[], others: readonly T[], rules: Rules<T>): RawFinding[] {
  const [mine, theirs] = [once(own, rules.key), once(others, rules.key)];
  const left = unanswered(mine, theirs, rules.key, rules.same);
  const right = unanswered(theirs, mine, rules.key, (b, a) => rules.same(a, b));
  const findings: RawFinding[] = [];
  const paired = new Set<T>();
  for (const became of rules.became) {
    for (const [index, a] of left.entries()) {
      const reach = right.slice(...windowOf(index, left.length, right.length));
      const b = paired.has(a) ? undefined : reach.find((each) => !paired.has(each) && became(a, each));
      if (!b) continue;
      paired.add(a).add(b);
      findings.push({ kind: rules.kind(a), key: `${rules.key(a)}→${rules.key(b)}`, was: a, is: b, ...ofWhat(a) });
    }
  }
  const alone = (item: T): boolean => !paired.has(item) && (rules.alone?.(item) ?? true);
  return [
    ...findings,
    ...left
      .filter(alone)
      .map((a) => ({ kind: rules.kind(a), key: `${rules.key(a)}→`, was: a, is: null, ...ofWhat(a) })),
    ...right
      .filter(alone)
      .map((b) => ({ kind: rules.kind(b), key: `→${rules.key(b)}`, was: null, is: b, ...ofWhat(b) })),
  ];
  function ofWhat(item: T): { of?: string } {
    const of = rules.of?.(item);
    return of === undefined ? {} : { of };
  }
}

/** Those that nothing on the other side says as well: first by key, then by the rule. */
function unanswered<T>(
  items: readonly T[],
  others: readonly T[],
  key: (item: T) => string,
  same: (item: T, other: T) => boolean,
): T[] {
  const keys = new Set(others.map(key));
  return items
    .filter((item) => !keys.has(key(item)))
    .filter(
      (item, index, rest) =>
        !others.slice(...windowOf(index, rest.length, others.length)).some((other) => same(item, other)),
    );
}

function once<T>(items: readonly T[], key: (item: T) => string): T[] {
  const seen = new Set<string>();
  return items.filter((item) => !seen.has(key(item)) && seen.add(key(item)));
}
