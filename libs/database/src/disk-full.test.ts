import { expect, it } from 'vitest';
import { isDiskFull } from './disk-full.js';

const withCode = (code: string) => Object.assign(new Error('some words'), { code });

it.each([
  withCode('53100'),
  withCode('ENOSPC'),
  withCode('EDQUOT'),
  Object.assign(new Error('query failed'), { driverError: withCode('53100') }),
  new Error('kept nothing', { cause: withCode('ENOSPC') }),
])('knows %s for a full disk', (error) => {
  expect(isDiskFull(error)).toBe(true);
});

it.each([withCode('23505'), withCode('57P01'), new Error('disk full'), '53100', null])(
  'takes %s for something else',
  (error) => {
    expect(isDiskFull(error)).toBe(false);
  },
);
