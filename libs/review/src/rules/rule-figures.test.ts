import { describe, expect, it } from 'vitest';
import { evidenceOf, figuresOf, goneOf, isAboveBar, type Reading, unreadOf } from './rule-figures.js';

const reading = (outcome: Reading['outcome'], n: number, changes: Partial<Reading> = {}): Reading => ({
  ...{ dataSet: 'real_instruction', source: '门诊', promptVersion: null, outcome, n },
  ...changes,
});
const figures = (faults: number, read: number) => figuresOf([reading('fault', faults), reading('good', read - faults)]);

describe('the figures of what was read', () => {
  it('count what people decided, and nothing that nobody has', () => {
    const all = [reading('good', 297), reading('fault', 2), reading('unread', 4), reading('gone', 1)];
    expect(figuresOf(all)).toMatchObject({ read: 299, faults: 2, rate: 2 / 299 });
    expect([unreadOf(all), goneOf(all)]).toEqual([4, 1]);
  });

  it('claim at most 1 % for none of 299, and for one of 299 no longer', () => {
    expect(figures(0, 299).atMost).toBeLessThanOrEqual(0.01);
    expect(figures(0, 298).atMost).toBeGreaterThan(0.01);
    expect(figures(1, 299).atMost).toBeGreaterThan(0.01);
    expect(figures(0, 0)).toEqual({
      read: 0,
      faults: 0,
      rate: null,
      low: null,
      high: null,
      atMost: null,
      atLeast: null,
    });
  });

  it('are told apart by data set, source and prompt version', () => {
    const evidence = evidenceOf({ bar: 0.01, seed: 7, population: 900, drawn: 30 }, [
      reading('good', 20, { promptVersion: 'b' }),
      reading('fault', 1, { promptVersion: 'b', source: '急诊' }),
      reading('good', 9, { dataSet: 'distilled_instruction' }),
    ]);
    expect(evidence).toMatchObject({ bar: 0.01, seed: 7, population: 900, drawn: 30, all: { read: 30, faults: 1 } });
    expect(evidence.dataSets.map(({ value, read, faults }) => [value, read, faults])).toEqual([
      ['distilled_instruction', 9, 0],
      ['real_instruction', 21, 1],
    ]);
    expect(evidence.sources.map(({ value, faults }) => [value, faults])).toEqual([
      ['急诊', 1],
      ['门诊', 0],
    ]);
    expect(evidence.promptVersions.map(({ value, read }) => [value, read])).toEqual([
      [null, 9],
      ['b', 21],
    ]);
  });
});

describe('spot checks are above the bar', () => {
  it.each([
    ['no fault, however few were read', [0, 299], [0, 5], false],
    ['one of many', [0, 299], [1, 50], false],
    ['what they show by themselves', [0, 299], [3, 50], true],
    ['what all that was read shows', [2, 299], [2, 50], true],
    ['both readings below it', [0, 299], [2, 250], false],
  ] as const)('or not: %s', (_, sample, checks, above) => {
    const [a, b] = [sample, checks].map(([faults, read]) => figures(faults, read));
    expect(isAboveBar(0.01, a!, b!)).toBe(above);
  });
});
