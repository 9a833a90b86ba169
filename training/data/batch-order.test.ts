import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DataOrder } from './data-order.js';
import { BatchOrder, type BatchOrderOptions, type BatchPlace } from './batch-order.js';
import { packRows } from './pack-rows.js';
import { rowOrder } from './row-order.js';

const lengths = fc.array(fc.integer({ min: 1, max: 32 }), { minLength: 1, maxLength: 60 });

describe('packing', () => {
  it('puts every row into one sequence, none over its length, none that another could have taken in', () => {
    fc.assert(
      fc.property(lengths, (tokens) => {
        const rows = tokens.map((_length, row) => row);
        const packed = packRows(rows, tokens, 32);
        expect(packed.flat().sort((a, b) => a - b)).toEqual(rows);
        const filled = packed.map((sequence) => sequence.reduce((sum, row) => sum + tokens[row]!, 0));
        expect(Math.max(...filled)).toBeLessThanOrEqual(32);
        for (const [first, second] of pairs(filled)) expect(first + second).toBeGreaterThan(32);
      }),
    );
  });

  it('refuses a row that no sequence holds', () => {
    expect(() => packRows([0], [33], 32)).toThrow(/33 tokens/);
  });
});

/** Two sequences that fit together would have been one. */
function pairs(items: readonly number[]): [number, number][] {
  return items.flatMap((a, i) => items.slice(i + 1).map((b): [number, number] => [a, b]));
}

const batching = fc.constantFrom('padded' as const, 'length_buckets' as const, 'packed' as const);
const options = fc.record({
  lengths,
  batching,
  window: fc.integer({ min: 1, max: 40 }),
  batchSize: fc.integer({ min: 1, max: 5 }),
  seed: fc.integer({ min: 0, max: 1000 }),
});
const build = (value: Omit<BatchOrderOptions, 'parts' | 'sequenceLength'>): BatchOrderOptions => ({
  ...value,
  parts: [{ rows: value.lengths.length, weight: 1 }],
  sequenceLength: 32,
});

describe('the order of batches', () => {
  it('hands out every row of a pass once, in batches of one size', () => {
    fc.assert(
      fc.property(options, (value) => {
        const order = new BatchOrder(build(value));
        const rows = value.lengths.length;
        const counts = new Array<number>(rows).fill(0);
        for (let drawn = 0; drawn < 4 * rows;) {
          const batch = order.next();
          expect(batch).toHaveLength(value.batchSize);
          for (const row of batch.flat()) counts[row]! += 1;
          drawn += batch.flat().length;
        }
        // Rows are passed in turn: what lies in the window and what waits may differ by that much and no more.
        const waiting = value.window + 2 * value.batchSize * 32;
        expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(2 + Math.ceil(waiting / rows));
      }),
    );
  });

  it('goes on from its place, written as JSON, as if it had never stopped', () => {
    fc.assert(
      fc.property(options, fc.nat(30), (value, before) => {
        const whole = new BatchOrder(build(value));
        for (let n = 0; n < before; n++) whole.next();
        const place = JSON.parse(JSON.stringify(whole.state())) as BatchPlace;
        const resumed = new BatchOrder(build(value), place);
        for (let n = 0; n < 12; n++) expect(resumed.next()).toEqual(whole.next());
        expect(resumed.state()).toEqual(whole.state());
      }),
    );
  });

  it('of padded rows is the order of the rows', () => {
    const batches = new BatchOrder(
      build({ lengths: [3, 1, 2, 5, 4], batching: 'padded', window: 9, batchSize: 2, seed: 7 }),
    );
    const rows = new DataOrder(5, 7);
    for (let n = 0; n < 8; n++) expect(batches.next().flat()).toEqual(rows.take(2));
  });

  it('puts rows of like length together in buckets', () => {
    const tokens = Array.from({ length: 40 }, (_row, n) => 1 + ((n * 17) % 32));
    const spread = (kind: 'padded' | 'length_buckets'): number => {
      const order = new BatchOrder(build({ lengths: tokens, batching: kind, window: 40, batchSize: 4, seed: 1 }));
      let sum = 0;
      for (let n = 0; n < 10; n++) {
        const batch = order.next().map(([row]) => tokens[row!]!);
        sum += Math.max(...batch) - Math.min(...batch);
      }
      return sum / 10;
    };
    expect(spread('length_buckets')).toBeLessThan(spread('padded') / 4);
  });
});

describe('mixed rows', () => {
  const parts = fc.array(
    fc.record({ rows: fc.integer({ min: 1, max: 20 }), weight: fc.double({ min: 0.05, max: 5, noNaN: true }) }),
    { minLength: 2, maxLength: 4 },
  );

  it('keep the weights at every moment, and each snapshot its own passes', () => {
    fc.assert(
      fc.property(parts, fc.nat(1000), (mix, seed) => {
        const order = rowOrder(mix, seed);
        const total = mix.reduce((sum, { weight }) => sum + weight, 0);
        const starts = mix.map((_part, p) => mix.slice(0, p).reduce((sum, { rows }) => sum + rows, 0));
        const drawn: number[][] = mix.map(() => []);
        for (let n = 1; n <= 80; n++) {
          const row = order.next();
          const part = starts.findLastIndex((start) => start <= row);
          drawn[part]!.push(row - starts[part]!);
          mix.forEach(({ weight }, p) =>
            expect(Math.abs(drawn[p]!.length - (n * weight) / total)).toBeLessThan(mix.length),
          );
        }
        mix.forEach(({ rows }, p) => {
          const passes = drawn[p]!.slice(0, rows);
          expect(new Set(passes).size).toBe(passes.length);
        });
      }),
      { numRuns: 50 },
    );
  });
});
