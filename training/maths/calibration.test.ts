import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRandom } from '@qingnang/kernel';
import { correlationOfGaps, expectedCalibrationError, reliability } from './calibration.js';

describe('calibration of scores', () => {
  it('puts pairs by how sure the model is, and counts how often it was right', () => {
    // σ(0) = 0.5, σ(1) ≈ 0.731, σ(10) ≈ 1
    const bins = reliability([0, 1, -1, 1, 10], 5);
    expect(bins.map((b) => b.pairs)).toEqual([1, 0, 3, 0, 1]);
    expect(bins[0]).toMatchObject({ from: 0.5, confidence: 0.5, observed: 0.5 });
    expect(bins[2]!.observed).toBeCloseTo(2 / 3, 12);
    expect(bins[2]!.confidence).toBeCloseTo(1 / (1 + Math.exp(-1)), 12);
    expect(expectedCalibrationError(bins)).toBeCloseTo(
      (3 / 5) * (1 / (1 + Math.exp(-1)) - 2 / 3) + (1 / 5) * (1 - 1 / (1 + Math.exp(-10))),
      12,
    );
    expect(expectedCalibrationError(reliability([]))).toBe(0);
  });

  it('finds no error in a model whose chances are right, and one in a model that is too sure', () => {
    const random = createRandom(1);
    const gaps = Array.from({ length: 20_000 }, () => {
      const gap = 4 * random.next();
      return random.next() < 1 / (1 + Math.exp(-gap)) ? gap : -gap;
    });
    expect(expectedCalibrationError(reliability(gaps))).toBeLessThan(0.01);
    expect(expectedCalibrationError(reliability(gaps.map((g) => 5 * g)))).toBeGreaterThan(0.1);
  });

  it('does not care which of a pair comes first when it looks for a liking of length', () => {
    const number = fc.integer({ min: -50, max: 50 }).map((n) => n / 10);
    const list = fc.array(fc.tuple(number, number, fc.boolean()), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(list, (pairs) => {
        const of = (turn: boolean): number =>
          correlationOfGaps(
            pairs.map(([a, , t]) => (turn && t ? -a : a)),
            pairs.map(([, b, t]) => (turn && t ? -b : b)),
          );
        expect(of(true)).toBeCloseTo(of(false), 10);
        expect(Math.abs(of(false))).toBeLessThanOrEqual(1 + 1e-9);
      }),
    );
    expect(correlationOfGaps([1, -2, 3], [2, -4, 6])).toBeCloseTo(1, 12);
  });
});
