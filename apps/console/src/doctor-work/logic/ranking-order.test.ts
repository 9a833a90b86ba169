import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isPlaced, move, type Order, orderFrom, rankOf, sameOrder, tap, tie } from './ranking-order';

const keys = ['A', 'B', 'C', 'D'];
const steps = fc.array(fc.tuple(fc.constantFrom('tap', 'tie', 'up', 'down'), fc.constantFrom(...keys)), {
  maxLength: 30,
});

function play(moves: [string, string][]): Order {
  let order: Order = [];
  for (const [what, key] of moves) {
    if (what === 'tap') order = tap(order, key);
    else if (what === 'tie') order = tie(order, key);
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
