import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bootstrapMean, wilsonInterval } from './win-rates.js';

describe('Wilson’s interval', () => {
  // Newcombe 1998 (Statistics in Medicine 17), Table I, method 3.
  it.each([
    [81, 263, 0.2553, 0.3662],
    [15, 148, 0.0624, 0.1605],
    [0, 20, 0, 0.1611],
    [1, 29, 0.0061, 0.1718],
  ])('of %d in %d is %d to %d, as printed', (successes, trials, low, high) => {
    const interval = wilsonInterval(successes, trials)!;
    expect(interval[0]).toBeCloseTo(low, 4);
    expect(interval[1]).toBeCloseTo(high, 4);
  });

  it('holds the share, lies within 0 and 1 and turns round with the question', () => {
    fc.assert(
      fc.property(fc.nat({ max: 500 }), fc.integer({ min: 1, max: 500 }), (a, n) => {
        const wins = Math.min(a, n);
        const [low, high] = wilsonInterval(wins, n)!;
        const [otherLow, otherHigh] = wilsonInterval(n - wins, n)!;
        expect(low).toBeGreaterThanOrEqual(0);
        expect(high).toBeLessThanOrEqual(1);
        expect(low).toBeLessThanOrEqual(wins / n + 1e-12);
        expect(high).toBeGreaterThanOrEqual(wins / n - 1e-12);
        expect(low).toBeCloseTo(1 - otherHigh, 10);
        expect(high).toBeCloseTo(1 - otherLow, 10);
      }),
    );
  });

  it('says nothing without trials', () => {
    expect(wilsonInterval(0, 0)).toBeNull();
  });
});

describe('the bootstrap of a mean', () => {
  it('is near the normal interval where that holds', () => {
    const values = Array.from({ length: 400 }, (_, i) => (i % 4 === 0 ? 1 : 0));
    const [low, high] = bootstrapMean(values, { seed: 3 });
    const spread = 1.96 * Math.sqrt((0.25 * 0.75) / 400);
    expect(low).toBeCloseTo(0.25 - spread, 2);
    expect(high).toBeCloseTo(0.25 + spread, 2);
  });

  it('is the same for the same seed, and a point where all are equal', () => {
    expect(bootstrapMean([1, 0, 1], { seed: 5 })).toEqual(bootstrapMean([1, 0, 1], { seed: 5 }));
    expect(bootstrapMean([0.5, 0.5])).toEqual([0.5, 0.5]);
    expect(bootstrapMean([])).toEqual([0, 0]);
  });
});
