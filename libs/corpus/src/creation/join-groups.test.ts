import fc from 'fast-check';
import { expect, test } from 'vitest';
import { moveEach } from './join-groups.js';

test('groups that a chain connects move to the first of them by name', () => {
  const moves = moveEach([
    { a: 'd', b: 'c' },
    { a: 'b', b: 'c' },
    { a: 'y', b: 'x' },
  ]);
  expect([...moves].sort()).toEqual([
    ['c', 'b'],
    ['d', 'b'],
    ['y', 'x'],
  ]);
});

test('whatever the order of the pairs, both sides of each end in one group', () => {
  const group = fc.constantFrom(...'abcdefghij');
  fc.assert(
    fc.property(fc.array(fc.record({ a: group, b: group })), (pairs) => {
      const moves = moveEach(pairs);
      for (const { a, b } of pairs) expect(moves.get(a) ?? a).toBe(moves.get(b) ?? b);
      for (const [from, to] of moves) {
        expect(to < from).toBe(true);
        expect(moves.has(to)).toBe(false);
      }
    }),
  );
});
