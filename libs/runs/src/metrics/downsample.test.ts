import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { downsample, type PlotPoint } from './downsample.js';

const curve = fc
  .array(fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e6, max: 1e6 }), { maxLength: 300 })
  .map((values) => values.map((y, x): PlotPoint => [x, y]));

describe('downsampling a curve', () => {
  it('keeps at most the limit, both ends, the order, and invents nothing', () => {
    fc.assert(
      fc.property(curve, fc.integer({ min: 3, max: 60 }), (points, limit) => {
        const kept = downsample(points, limit);
        expect(kept.length).toBe(Math.min(points.length, limit));
        expect(kept.every((point) => points.includes(point))).toBe(true);
        expect(kept.map(([x]) => x)).toEqual(kept.map(([x]) => x).toSorted((a, b) => a - b));
        expect(kept[0]).toBe(points[0]);
        expect(kept.at(-1)).toBe(points.at(-1));
      }),
    );
  });

  it('keeps a lone spike', () => {
    const points = Array.from({ length: 1000 }, (_, x): PlotPoint => [x, x === 437 ? 9 : 1]);
    expect(downsample(points, 20)).toContainEqual([437, 9]);
  });
});
