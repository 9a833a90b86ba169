import type { DerivedPair, JudgementOrigin, PairEvidence } from '@qingnang/contracts';

/** What pairs are derived from: one judgement, whoever made it. */
export interface JudgementForPairs {
  origin: JudgementOrigin;
  rubricVersionId: string;
  referenceId: string | null;
  /** Whoever judged had seen the AI's order before. */
  aiOrderShown: boolean;
  items: readonly { candidateId: string; rank: number; total: number | null; bad: boolean }[];
}

export interface PairOptions {
  /** Least difference of the AI's mean totals that counts as a preference, in points of the rubric. */
  minMargin: number;
}

/** A doctor's word counts before a lay person's, both before the AI's. */
const PEOPLE = ['doctor', 'lay'] as const satisfies readonly JudgementOrigin[];

/** Whose judgements a pair of this evidence rests on. */
export function originOf(evidence: PairEvidence): JudgementOrigin {
  return evidence === 'ai' ? 'ai' : evidence.startsWith('doctor') ? 'doctor' : 'lay';
}

/**
 * The AI's view of a prompt: mean total a candidate over its judgements under the newest rubric and reference, so over
 * both orders shown. `judgements` are newest first.
 */
export function aiTotals(judgements: readonly JudgementForPairs[]): Map<string, number> {
  const newest = judgements.find((judgement) => judgement.origin === 'ai');
  const sums = new Map<string, { sum: number; n: number }>();
  for (const judgement of judgements) {
    if (judgement.origin !== 'ai' || judgement.rubricVersionId !== newest?.rubricVersionId) continue;
    if (judgement.referenceId !== newest.referenceId) continue;
    for (const { candidateId, total } of judgement.items) {
      if (total === null) continue;
      const before = sums.get(candidateId) ?? { sum: 0, n: 0 };
      sums.set(candidateId, { sum: before.sum + total, n: before.n + 1 });
    }
  }
  return new Map([...sums].map(([id, { sum, n }]) => [id, sum / n]));
}

/**
 * Pairs of one prompt, best first over worse. Where doctors ranked two candidates their majority decides, else lay
 * people's, else the AI's mean totals; a split or tie among those who decide gives no pair. What a person marked as bad
 * is never chosen. Where all who decided so had seen the AI's order, the evidence says that they confirmed it. The order of
 * the answer depends on ids alone.
 */
export function derivePairs(judgements: readonly JudgementForPairs[], options: PairOptions): DerivedPair[] {
  const totals = aiTotals(judgements);
  const people = PEOPLE.map((origin) => judgements.filter((judgement) => judgement.origin === origin));
  const bad = new Set(
    people.flat().flatMap((judgement) => judgement.items.filter((item) => item.bad).map((item) => item.candidateId)),
  );
  const ids = [...new Set(judgements.flatMap((judgement) => judgement.items.map((item) => item.candidateId)))].sort();
  const pairs: DerivedPair[] = [];
  for (const [i, a] of ids.entries()) {
    for (const b of ids.slice(i + 1)) {
      const found = decide(a, b, people, totals, options.minMargin);
      if (!found || found.sign === 0) continue;
      const [chosenId, rejectedId] = found.sign > 0 ? [a, b] : [b, a];
      if (bad.has(chosenId)) continue;
      const margin = difference(totals, chosenId, rejectedId);
      pairs.push({
        chosenId,
        rejectedId,
        evidence: found.evidence,
        margin: margin !== null && margin > 0 ? margin : null,
      });
    }
  }
  return pairs;
}

/** Positive for `a`; null where nobody compared them. */
function decide(
  a: string,
  b: string,
  people: readonly (readonly JudgementForPairs[])[],
  totals: ReadonlyMap<string, number>,
  minMargin: number,
): { sign: number; evidence: PairEvidence } | null {
  for (const [level, judgements] of people.entries()) {
    const votes = judgements.flatMap(({ aiOrderShown, ...judgement }) => {
      const sign = vote(judgement, a, b);
      return sign === null ? [] : [{ sign, aiOrderShown }];
    });
    if (votes.length === 0) continue;
    const sign = Math.sign(votes.reduce((sum, one) => sum + one.sign, 0));
    const blind = votes.some((one) => one.sign === sign && !one.aiOrderShown);
    const origin = PEOPLE[level]!;
    return { sign, evidence: blind ? origin : `${origin}_confirmed` };
  }
  const by = difference(totals, a, b);
  if (by === null) return null;
  return { sign: Math.abs(by) >= minMargin ? Math.sign(by) : 0, evidence: 'ai' };
}

/** +1 for `a`, -1 for `b`, 0 for a tie; null where the judge did not see both. A bad one stands below any other. */
function vote(judgement: Pick<JudgementForPairs, 'items'>, a: string, b: string): number | null {
  const [first, second] = [a, b].map((id) => judgement.items.find((item) => item.candidateId === id));
  if (!first || !second) return null;
  if (first.bad !== second.bad) return first.bad ? -1 : 1;
  return Math.sign(second.rank - first.rank);
}

function difference(totals: ReadonlyMap<string, number>, a: string, b: string): number | null {
  const [first, second] = [totals.get(a), totals.get(b)];
  return first === undefined || second === undefined ? null : first - second;
}
