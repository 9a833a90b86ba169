import { describe, expect, it } from 'vitest';
import type { RopeScaling } from '../interfaces.js';
import { alibiSlopes } from './alibi.js';
import { ropeFrequencies, yarnAttentionFactor } from './rope-frequencies.js';

const yarn = {
  type: 'yarn',
  factor: 4,
  originalContextLength: 512,
  betaFast: 32,
  betaSlow: 1,
  truncate: true,
} as const;

/** From the functions of transformers' `modeling_rope_utils.py` (5.23, float32), head size 16, base 10,000. */
const references: { scaling: RopeScaling | null; frequencies: number[]; magnitude: number }[] = [
  {
    scaling: null,
    frequencies: [1, 0.31622776, 0.1, 0.031622779, 0.0099999998, 0.0031622779, 0.001, 0.00031622779],
    magnitude: 1,
  },
  {
    scaling: { type: 'dynamic', factor: 4 },
    frequencies: [1, 0.31622776, 0.1, 0.031622779, 0.0099999998, 0.0031622779, 0.001, 0.00031622779],
    magnitude: 1,
  },
  {
    scaling: { type: 'linear', factor: 2.5 },
    frequencies: [0.4, 0.1264911, 0.04, 0.012649111, 0.004, 0.0012649111, 0.0004, 0.00012649111],
    magnitude: 1,
  },
  {
    scaling: {
      type: 'llama3',
      factor: 8,
      lowFrequencyFactor: 1,
      highFrequencyFactor: 4,
      originalContextLength: 256,
    },
    frequencies: [1, 0.31622776, 0.1, 0.0066131069, 0.00125, 0.00039528473, 0.000125, 3.9528473e-5],
    magnitude: 1,
  },
  {
    scaling: { ...yarn, attentionFactor: yarnAttentionFactor(4) },
    frequencies: [1, 0.25693506, 0.0625, 0.013834965, 0.0025, 0.00079056947, 0.00025, 7.9056947e-5],
    magnitude: 1.138629436111989,
  },
  {
    scaling: { ...yarn, truncate: false, betaFast: 20, betaSlow: 2, attentionFactor: yarnAttentionFactor(4, 1, 0.5) },
    frequencies: [1, 0.31622776, 0.070754506, 0.010515999, 0.0025, 0.00079056947, 0.00025, 7.9056947e-5],
    magnitude: 1.0648216253695715,
  },
  {
    scaling: { ...yarn, factor: 3, originalContextLength: 64, attentionFactor: 1.3 },
    frequencies: [1, 0.24595492, 0.055555556, 0.010540925, 0.0033333334, 0.0010540927, 0.00033333333, 0.00010540926],
    magnitude: 1.3,
  },
];

describe('positions', () => {
  it.each(references)('are turned as transformers turns them: $scaling', ({ scaling, frequencies, magnitude }) => {
    const ours = ropeFrequencies(16, 10_000, scaling);
    expect(ours.magnitude).toBeCloseTo(magnitude, 12);
    ours.frequencies.forEach((f, i) => expect(Math.abs(f / frequencies[i]! - 1)).toBeLessThan(1e-6));
  });

  it('lean by the slopes of BLOOM, also where the heads are no power of two', () => {
    expect(alibiSlopes(1)).toEqual([2 ** -8]);
    expect(alibiSlopes(4)).toEqual([0.25, 0.0625, 0.015625, 0.00390625]);
    expect(alibiSlopes(5)).toEqual([0.25, 0.0625, 0.015625, 0.00390625, 0.5]);
    expect(alibiSlopes(6)).toEqual([0.25, 0.0625, 0.015625, 0.00390625, 0.5, 0.125]);
    const twelve = [0.707106769, 0.353553385, 0.176776677, 0.0883883387];
    alibiSlopes(12)
      .slice(8)
      .forEach((slope, i) => expect(slope).toBeCloseTo(twelve[i]!, 7));
  });
});
