import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { drop, isPlaced, laidOut, move, type Order, orderFrom, rankOf, sameOrder, tap, tie } from './ranking-order';

const keys = ['A', 'B', 'C', 'D'];
const steps = fc.array(
  fc.tuple(fc.constantFrom('tap', 'tie', 'up', 'down', '0', '1', '2', '3'), fc.constantFrom(...keys)),
  {
    maxLength: 30,
  },
);

function play(moves: [string, string][]): Order {
  let order: Order = [];
  for (const [what, key] of moves) {
    if (what === 'tap') order = tap(order, key);
    else if (what === 'tie') order = tie(order, key);
    else if (/\d/.test(what)) order = drop(order, keys, key, Number(what));
    else order = move(order, key, what === 'up' ? -1 : 1);
  }
  return order;
}

describe('putting candidates in order', () => {
  it('is done by tapping them from best to worst', () => {
    const order = play([
      ['tap', 'C'],
      ['tap', 'A'],
      ['tap', 'B'],
    ]);
    expect(keys.map((key) => rankOf(order, key))).toEqual([2, 3, 1, null]);
  });

  it('takes a place back by tapping again, and closes the gap', () => {
    const order = play([
      ['tap', 'C'],
      ['tap', 'A'],
      ['tap', 'B'],
      ['tap', 'C'],
    ]);
    expect(order).toEqual([['A'], ['B']]);
  });

  it('ties one with those before, and parts them again', () => {
    const tied = play([
      ['tap', 'A'],
      ['tap', 'B'],
      ['tap', 'C'],
      ['tie', 'B'],
    ]);
    expect(keys.map((key) => rankOf(tied, key))).toEqual([1, 1, 3, null]);
    expect(tie(tied, 'B')).toEqual([['A'], ['B'], ['C']]);
    expect(tie([['A'], ['B']], 'A')).toEqual([['A'], ['B']]);
  });

  it('is done by dragging, where all above the dropped one have a place', () => {
    expect(drop([], keys, 'C', 0)).toEqual([['C']]);
    expect(drop([], keys, 'A', 1)).toEqual([['B'], ['A']]);
    expect(drop([['C'], ['A']], keys, 'A', 0)).toEqual([['A'], ['C']]);
    expect(drop([['C'], ['A']], keys, 'C', 3)).toEqual([['A'], ['B'], ['D'], ['C']]);
    expect(drop([['A', 'B'], ['C']], keys, 'C', 1)).toEqual([['A'], ['C'], ['B']]);
    expect(drop([['A', 'B'], ['C']], keys, 'D', 3)).toEqual([['A', 'B'], ['C'], ['D']]);
    expect(laidOut([['C'], ['A']], keys)).toEqual(['C', 'A', 'B', 'D']);
  });

  it('never loses or doubles a candidate, whatever is pressed', () => {
    fc.assert(
      fc.property(steps, (moves) => {
        const order = play(moves as [string, string][]);
        const placed = order.flat();
        expect(new Set(placed).size).toBe(placed.length);
        expect(order.every((group) => group.length > 0)).toBe(true);
        const ranks = placed.map((key) => rankOf(order, key)!);
        expect(sameOrder(orderFrom(placed, ranks), order)).toBe(true);
        for (const key of keys) expect(isPlaced(order, key)).toBe(rankOf(order, key) !== null);
      }),
    );
  });

  it('begins from the AI’s ranks where they are shown', () => {
    expect(orderFrom(['B', 'A', 'C'], [1, 2, 2])).toEqual([['B'], ['A', 'C']]);
  });
});
