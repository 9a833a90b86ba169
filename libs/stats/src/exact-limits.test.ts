import { describe, expect, it } from 'vitest';
import { atLeast, atMost, betaShare, exactInterval, sizeFor } from './exact-limits.js';

/** The probability of at most `k` of `n`, summed term by term. */
function upTo(k: number, n: number, p: number): number {
  let [term, sum] = [(1 - p) ** n, 0];
  for (let i = 0; i <= k; i++) {
    sum += term;
    term *= ((n - i) / (i + 1)) * (p / (1 - p));
  }
  return sum;
}

describe('the exact limits of a share', () => {
  it('are those of the textbooks', () => {
    // R 4.3, binom.test(k, n)$conf.int
    expect(exactInterval(10, 100)).toEqual([expect.closeTo(0.04900469, 7), expect.closeTo(0.1762226, 7)]);
    expect(exactInterval(5, 20)).toEqual([expect.closeTo(0.08657147, 7), expect.closeTo(0.49104587, 7)]);
    expect(exactInterval(0, 10)).toEqual([0, expect.closeTo(0.3084971, 7)]);
  });

  it('have closed forms where none and where all were found', () => {
    for (const n of [1, 2, 59, 299, 300, 5_000]) {
      expect(atMost(0, n)).toBeCloseTo(1 - 0.05 ** (1 / n), 12);
      expect(atLeast(n, n)).toBeCloseTo(0.05 ** (1 / n), 12);
      expect([atLeast(0, n), atMost(n, n)]).toEqual([0, 1]);
    }
  });

  it('leave the probability they promise', () => {
    for (const [k, n] of [
      [1, 50],
      [3, 50],
      [7, 473],
      [40, 628],
      [2, 3],
    ] as const) {
      expect(upTo(k, n, atMost(k, n)!)).toBeCloseTo(0.05, 9);
      expect(1 - upTo(k - 1, n, atLeast(k, n)!)).toBeCloseTo(0.05, 9);
    }
  });

  it('say nothing without trials', () => {
    expect([atMost(0, 0), atLeast(0, 0), exactInterval(0, 0)]).toEqual([null, null, null]);
  });
});

describe('the size of a sample', () => {
  it('for 1 % at 95 % is 299 without a fault, and grows with those allowed', () => {
    expect([0, 1, 2, 3].map((k) => sizeFor(0.01, k))).toEqual([299, 473, 628, 773]);
    expect(sizeFor(0.05)).toBe(59);
  });

  it('is the fewest that will do', () => {
    for (const bound of [0.002, 0.01, 0.03, 0.2])
      for (const k of [0, 1, 5]) {
        const n = sizeFor(bound, k);
        expect(atMost(k, n)!).toBeLessThanOrEqual(bound);
        expect(atMost(k, n - 1)!).toBeGreaterThan(bound);
      }
  });

  it('refuses a bound that is no share', () => {
    for (const bound of [0, 1, -1, NaN]) expect(() => sizeFor(bound)).toThrow(RangeError);
  });
});

it('the beta function is 0 and 1 at its ends and one half in the middle of what is even', () => {
  expect([betaShare(0, 2, 3), betaShare(1, 2, 3)]).toEqual([0, 1]);
  expect(betaShare(0.5, 4, 4)).toBeCloseTo(0.5, 12);
});
