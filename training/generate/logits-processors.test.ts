import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { goldenJson } from '../testing/golden.js';
import { countPenalties, repetitionPenalty, topK, topP } from './logits-processors.js';

const of = (...logits: number[]): Float64Array => Float64Array.from(logits);

interface Golden {
  logits: number[][];
  seen: number[][];
  cases: {
    name: string;
    repetition_penalty?: number;
    temperature?: number;
    top_k?: number;
    top_p?: number;
    processed: (number | null)[][];
  }[];
}
const golden = goldenJson<Golden>('sampling/processors.json');

describe('logits processors as transformers has them', () => {
  it.each(golden.cases)('$name', (one) => {
    const temperature = one.temperature ?? 1;
    golden.logits.forEach((row, r) => {
      let logits = repetitionPenalty(of(...row), new Set(golden.seen[r]), one.repetition_penalty ?? 1);
      logits = topP(topK(logits, one.top_k ?? 0), one.top_p ?? 1, temperature);
      one.processed[r]!.forEach((wanted, id) => {
        if (wanted === null) expect(logits[id]).toBe(-Infinity);
        else expect(logits[id]! / temperature).toBeCloseTo(wanted, 9);
      });
    });
  });
});

describe('logits processors by hand', () => {
  it('halve a positive logit, double a negative one, at a penalty of 2, each once', () => {
    expect(repetitionPenalty(of(3, -3, 1, 0), [0, 1, 3, 0], 2)).toEqual(of(1.5, -6, 1, 0));
  });

  it('take presence off once and frequency as often as a token came', () => {
    const counts = new Map([
      [0, 1],
      [2, 3],
    ]);
    expect(countPenalties(of(2, 2, 2), counts, 0.5, 0.25)).toEqual(of(1.25, 2, 0.75));
  });

  it('keep what equals the k-th, and everything for k = 0', () => {
    expect(topK(of(1, 5, 3, 3), 2)).toEqual(of(-Infinity, 5, 3, 3));
    expect(topK(of(1, 2), 0)).toEqual(of(1, 2));
    expect(topK(of(1, 2), 9)).toEqual(of(1, 2));
  });

  it('keep the likeliest until their share is reached', () => {
    const shares = of(0.1, 0.2, 0.5, 0.2).map(Math.log);
    expect([...topP(shares, 0.5, 1)].map(Number.isFinite)).toEqual([false, false, true, false]);
    expect([...topP(shares, 0.6, 1)].map(Number.isFinite)).toEqual([false, true, true, false]);
    expect([...topP(shares, 0.91, 1)].map(Number.isFinite)).toEqual([true, true, true, true]);
    expect([...topP(shares, 1e-9, 1)].map(Number.isFinite)).toEqual([false, false, true, false]);
  });

  it('leave a smallest set whose share reaches p, and their input as it was', () => {
    const rows = fc.array(fc.double({ min: -20, max: 20, noNaN: true }), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(rows, fc.double({ min: 0.01, max: 0.99, noNaN: true }), (row, p) => {
        const logits = of(...row);
        const kept = topP(logits, p, 1);
        expect(logits).toEqual(of(...row));
        const weights = row.map((logit) => Math.exp(logit - Math.max(...row)));
        const total = weights.reduce((sum, w) => sum + w, 0);
        const left = weights.filter((_, id) => kept[id] !== -Infinity);
        const share = left.reduce((sum, w) => sum + w, 0) / total;
        expect(share).toBeGreaterThanOrEqual(p - 1e-9);
        expect(share - Math.min(...left) / total).toBeLessThan(p + 1e-9);
      }),
    );
  });
});
