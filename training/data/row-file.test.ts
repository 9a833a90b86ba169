import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createRandom, sha256 } from '@qingnang/kernel';
import type { EncodedExample } from '../interfaces.js';
import { DataOrder } from './data-order.js';
import { IdNumbers } from './id-numbers.js';
import { RowFile } from './row-file.js';
import { joinRows, lengthsOf, mapRows, someRows } from './rows.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'qingnang-rows-'));
});
afterEach(() => rm(folder, { recursive: true }));

/** Rows of up to `longest` tokens, more bytes together than are held in memory. */
function examples(count: number, longest: number): EncodedExample[] {
  const random = createRandom(3);
  return Array.from({ length: count }, (_row, n) => ({
    ids: Int32Array.from({ length: 1 + random.below(longest) }, () => random.below(200_000)),
    lossMask: Uint8Array.from({ length: n % 7 }, () => random.below(2)),
    rowId: `行-${n}`,
    ...(n % 3 === 0 ? { weight: random.next() } : {}),
  }));
}

/** A row as a short text, for comparing many. */
const spelt = ({ ids, lossMask, ...rest }: EncodedExample): string =>
  JSON.stringify([sha256(Buffer.from(Int32Array.from(ids).buffer)), [...lossMask], rest]);

function fileOf<T>(rows: readonly T[]): RowFile<T> {
  const file = new RowFile<T>(folder);
  for (const row of rows) file.add(row);
  return file;
}

describe('rows on the disk', () => {
  it.each([
    ['few', 50, 20],
    ['many', 1_000, 3_000],
    ['long', 4, 700_000],
  ])('are given back to the bit in any order: %s', (_name, count, longest) => {
    const rows = examples(count, longest);
    const file = fileOf(rows);
    expect([...file].map(spelt)).toEqual(rows.map(spelt));
    for (const row of createRandom(5)
      .shuffle([...rows.keys()])
      .slice(0, 100))
      expect(spelt(file.at(row)!)).toBe(spelt(rows[row]!));
    expect([file.at(-1), file.at(count), file.length]).toEqual([undefined, undefined, count]);
    expect(lengthsOf(file)).toEqual(Int32Array.from(rows, ({ ids }) => ids.length));
  });

  it('leave no file behind that has a name', async () => {
    const file = fileOf(examples(1_000, 3_000));
    expect(await readdir(folder)).toEqual([]);
    expect(file.at(999)).toBeDefined();
  });

  it('are the reader’s own: what is changed in one is not changed in the next', () => {
    const rows = examples(1_000, 3_000);
    const file = fileOf(rows);
    for (const at of [0, 1, 999]) {
      file.at(at)!.ids.fill(-1);
      expect(spelt(file.at(at)!)).toEqual(spelt(rows[at]!));
    }
  });

  it('of several lists are one after another', () => {
    fc.assert(
      fc.property(fc.array(fc.array(fc.integer()), { minLength: 1 }), fc.nat(20), fc.nat(20), (lists, from, count) => {
        const joined = joinRows(lists);
        const flat = lists.flat();
        expect([...joined]).toEqual(flat);
        expect(Array.from({ length: joined.length }, (_row, i) => joined.at(i))).toEqual(flat);
        expect(someRows(joined, from, count)).toEqual(flat.slice(from, from + count));
        expect([...mapRows(joined, (n) => n + 1)]).toEqual(flat.map((n) => n + 1));
      }),
    );
  });
});

it('an order of rows is the kernel’s shuffle of each pass', () => {
  const order = new DataOrder(500, 9);
  for (const epoch of [0, 1]) {
    const wanted = createRandom(9 + 7919 * epoch).shuffle(Array.from({ length: 500 }, (_row, i) => i));
    expect(order.take(500)).toEqual(wanted);
  }
});

it('ids are numbered in the order of their first appearance', () => {
  const ids = Array.from({ length: 20_000 }, (_id, n) => `prompt-${(n * 7919) % 9_973}`);
  const numbers = new IdNumbers();
  const known = new Map<string, number>();
  for (const id of ids) {
    if (!known.has(id)) known.set(id, known.size);
    expect(numbers.of(id)).toBe(known.get(id));
  }
  expect(numbers.count).toBe(known.size);
});
