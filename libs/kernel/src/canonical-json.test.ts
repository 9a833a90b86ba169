import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson } from './canonical-json.js';

/** As it was first written: with a replacer. Hashes of stored rows were made from these bytes. */
const byReplacer = (value: unknown): string =>
  JSON.stringify(value, (_key, inner: unknown) =>
    inner !== null && typeof inner === 'object' && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)))
      : inner,
  );

describe('canonicalJson', () => {
  it('does not depend on the order of keys', () => {
    expect(canonicalJson({ b: 1, a: [{ d: null, c: '头痛' }] })).toBe('{"a":[{"c":"头痛","d":null}],"b":1}');
  });

  it('writes what it always wrote', () => {
    const value = fc.object({
      key: fc.string({ unit: 'binary' }),
      withDate: true,
      withNullPrototype: true,
      maxDepth: 4,
    });
    fc.assert(
      fc.property(value, (one) => canonicalJson(one) === byReplacer(one)),
      { numRuns: 50 },
    );
    for (const one of [
      { z: undefined, a: { 10: 1, 9: 2 } },
      [undefined, new Date(0)],
      Buffer.from('a'),
      'a',
      null,
      3,
    ]) {
      expect(canonicalJson(one)).toBe(byReplacer(one));
    }
    const proto: unknown = JSON.parse('{"b":1,"__proto__":{"d":1,"c":2}}');
    expect(canonicalJson(proto)).toBe(byReplacer(proto));
  });
});
