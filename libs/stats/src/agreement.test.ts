import fc from 'fast-check';
import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { kendallTauB, mean, pairAgreement } from './agreement.js';

interface Golden {
  sets: { name: string; ratings: [(number | null)[], (number | null)[]]; kendall_tau_b: number | null }[];
}
const golden = JSON.parse(await readFile(new URL('./kendall.golden.json', import.meta.url), 'utf8')) as Golden;

/** Items that both rated. */
function both([a, b]: Golden['sets'][number]['ratings']): [number[], number[]] {
  const rated = a.map((value, i) => [value, b[i]!] as const).filter(([x, y]) => x !== null && y !== null);
  return [rated.map(([x]) => x!), rated.map(([, y]) => y!)];
}

const ratings = fc.array(fc.tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 5 })), { maxLength: 12 });

describe('Kendall’s tau-b', () => {
  it.each(golden.sets)('is scipy’s for: $name', (set) => {
    const found = kendallTauB(...both(set.ratings));
    if (set.kendall_tau_b === null) expect(found).toBeNull();
    else expect(found).toBeCloseTo(set.kendall_tau_b, 12);
  });

  it('is the same from either side, and turns its sign with one of them', () => {
    fc.assert(
      fc.property(ratings, (rows) => {
        const [a, b] = [rows.map(([x]) => x), rows.map(([, y]) => y)];
        const tau = kendallTauB(a, b);
        expect(kendallTauB(b, a)).toBe(tau);
        const turned = kendallTauB(
          a,
          b.map((value) => -value),
        );
        if (tau === null) expect(turned).toBeNull();
        else expect(turned).toBeCloseTo(-tau, 12);
      }),
    );
  });
});

describe('pair agreement', () => {
  it('counts the pairs the standard orders, and nothing else', () => {
    fc.assert(
      fc.property(ratings, (rows) => {
        const [standard, tested] = [rows.map(([x]) => x), rows.map(([, y]) => y)];
        const { pairs, agreed, disagreed, tied } = pairAgreement(standard, tested);
        expect(agreed + disagreed + tied).toBe(pairs);
        expect(pairAgreement(standard, standard)).toMatchObject({ pairs, agreed: pairs });
      }),
    );
  });

  it('leaves out what the standard ties and calls a tie of the tested one a tie', () => {
    expect(pairAgreement([3, 2, 2], [5, 5, 1])).toEqual({ pairs: 2, agreed: 1, disagreed: 0, tied: 1 });
  });
});

it('has no mean of nothing', () => {
  expect(mean([])).toBeNull();
  expect(mean([1, 2, 6])).toBe(3);
});
