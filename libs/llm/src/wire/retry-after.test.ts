import fc from 'fast-check';
import { expect, it } from 'vitest';
import { backOffMs, retryAfterMs } from './retry-after.js';

const NOW = Date.parse('2026-11-23T10:00:00Z');

it.each([
  [{ 'retry-after-ms': '250', 'retry-after': '9' }, 250],
  [{ 'retry-after': '2' }, 2_000],
  [{ 'retry-after': '0.5' }, 500],
  [{ 'retry-after': 'Mon, 23 Nov 2026 10:00:07 GMT' }, 7_000],
  [{ 'retry-after': 'Mon, 23 Nov 2026 09:00:00 GMT' }, 0],
  [{ 'retry-after': 'soon' }, null],
  [{ 'retry-after-ms': '-5' }, null],
  [{}, null],
])('reads %j as %s', (headers, expected) => {
  expect(retryAfterMs(new Headers(headers as Record<string, string>), NOW)).toBe(expected);
});

it('backs off anywhere below a limit that doubles and ends at a minute', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 10_000 }), fc.double({ min: 0, max: 1, noNaN: true }), (attempt, lot) => {
      const wait = backOffMs(attempt, () => lot);
      expect(wait).toBeGreaterThanOrEqual(0);
      expect(wait).toBeLessThanOrEqual(Math.min(60_000, 500 * 2 ** (attempt - 1)));
    }),
  );
});
