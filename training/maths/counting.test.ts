import { describe, expect, it } from 'vitest';
import { addOneBigramLoss } from './bigram.js';
import { lengthDifference, pairAccuracy, type JudgedPair } from './bradley-terry.js';
import { generalisedAdvantages } from './gae.js';
import { explainedVariance } from './ppo-losses.js';
import { mean, standardDeviation } from './summary.js';

const pair = (
  chosenScore: number,
  rejectedScore: number,
  chosenCharacters = 1,
  rejectedCharacters = 1,
): JudgedPair => ({
  chosenScore,
  rejectedScore,
  chosenCharacters,
  rejectedCharacters,
  margin: null,
});

describe('add-one bigram baseline', () => {
  it('gives the textbook number', () => {
    const rows = [{ ids: [0, 1, 1], lossMask: [0, 1, 1] }];
    // After 0: 1 once of 1; after 1: 1 once of 1; vocabulary 3.
    expect(addOneBigramLoss(rows, rows, 3)).toBeCloseTo(-Math.log(2 / 4), 12);
    expect(addOneBigramLoss(rows, [{ ids: [2, 0], lossMask: [0, 1] }], 3)).toBeCloseTo(Math.log(3), 12);
  });

  it('counts only tokens that carry loss', () => {
    const rows = [{ ids: [0, 1, 1], lossMask: [0, 1, 1] }];
    expect(addOneBigramLoss(rows, [{ ids: [0, 1], lossMask: [1, 0] }], 3)).toBe(0);
  });
});

describe('accuracy of pairs', () => {
  it('counts equal scores half', () => {
    expect(pairAccuracy([pair(1, 0), pair(0, 1), pair(2, 2), pair(3, 0)])).toBe(0.625);
    expect(pairAccuracy([])).toBe(0);
  });

  it('knows the baseline by which the longer reply wins, and the difference of lengths', () => {
    expect(pairAccuracy([pair(0, 0, 12, 10), pair(0, 0, 5, 10)], 'length')).toBe(0.5);
    expect(lengthDifference(pair(0, 0, 9, 10))).toBeCloseTo(0.1);
  });
});

describe('advantages', () => {
  it('with gamma and lambda 1 are reward-to-go minus value', () => {
    const { advantages, returns } = generalisedAdvantages([1, 2, 3], [0.5, 0.25, 0.125], 3, 1, 1);
    expect(returns).toEqual([6, 5, 3]);
    expect(advantages).toEqual([5.5, 4.75, 2.875]);
  });

  it('with lambda 0 are one-step errors', () => {
    const { advantages } = generalisedAdvantages([1, 2], [4, 5], 2, 0.5, 0);
    expect(advantages).toEqual([1 + 0.5 * 5 - 4, 2 - 5]);
  });
});

describe('summaries', () => {
  it('explained variance is 1 for right values and 0 for constant ones', () => {
    const returns = [[1, 2, 3]];
    expect(explainedVariance(returns, returns, [[1, 1, 1]])).toBe(1);
    expect(explainedVariance([[7, 7, 7]], returns, [[1, 1, 1]])).toBeCloseTo(0, 12);
    expect(explainedVariance([[0, 0]], [[5, 5]], [[1, 1]])).toBe(0);
  });

  it('mean and standard deviation of few values are defined', () => {
    expect([mean([]), mean([2, 4]), standardDeviation([3]), standardDeviation([2, 4])]).toEqual([0, 3, 0, Math.SQRT2]);
  });
});
