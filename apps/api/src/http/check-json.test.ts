import fc from 'fast-check';
import { expect, it } from 'vitest';
import { checkJson, jsonDepth } from './check-json.js';

const bytes = (text: string) => Buffer.from(text);
const depthOf = (value: unknown): number =>
  value === null || typeof value !== 'object' ? 0 : 1 + Math.max(0, ...Object.values(value).map(depthOf));

it('counts brackets, but not those in strings', () => {
  expect(jsonDepth(bytes('{"a":[1,{"b":"[[[[{{\\"[["}]}'))).toBe(3);
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 6 }), (value) => {
      expect(jsonDepth(bytes(JSON.stringify(value)))).toBe(depthOf(value));
    }),
  );
});

it('refuses what is nested too deep, and any charset but UTF-8, before anything is parsed', () => {
  expect(() => checkJson(null, null, bytes(`${'['.repeat(64)}${']'.repeat(64)}`), 'utf-8')).not.toThrow();
  expect(() => checkJson(null, null, bytes('['.repeat(1_000_000)), 'utf-8')).toThrow(/nests 1000000 levels/);
  expect(() => checkJson(null, null, bytes('{}'), 'utf-16')).toThrow(/UTF-8/);
});
