import { expect, it } from 'vitest';
import { isDatabaseAway } from './database-away.js';

const withCode = (code: string) => Object.assign(new Error('some words'), { code });

it.each([
  withCode('ECONNREFUSED'),
  withCode('57P01'),
  withCode('57P03'),
  withCode('08006'),
  withCode('53300'),
  new Error('Connection terminated unexpectedly'),
  new Error('Connection terminated due to connection timeout'),
  new Error('timeout exceeded when trying to connect'),
  new Error('Client has encountered a connection error and is not queryable'),
  Object.assign(new Error('query failed'), { driverError: withCode('57P01') }),
  Object.assign(new AggregateError([], ''), { code: 'ECONNREFUSED' }),
])('knows %s for a database that is away', (error) => {
  expect(isDatabaseAway(error)).toBe(true);
});

it.each([withCode('23505'), withCode('ENOENT'), new TypeError('x is not a function'), 'ECONNREFUSED', null])(
  'takes %s for something else',
  (error) => {
    expect(isDatabaseAway(error)).toBe(false);
  },
);
