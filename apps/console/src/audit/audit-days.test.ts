import fc from 'fast-check';
import { expect, it } from 'vitest';
import { beginOf, dayOf } from './audit-days';

it('gives back each day, also across the change of clocks', () => {
  const days = fc.date({ min: new Date('2020-01-01'), max: new Date('2040-01-01'), noInvalidDate: true });
  fc.assert(
    fc.property(days, fc.constantFrom(0, 1), (date, later) => {
      const day = date.toISOString().slice(0, 10);
      expect(dayOf(beginOf(day, later), later)).toBe(day);
    }),
  );
});
