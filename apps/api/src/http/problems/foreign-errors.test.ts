import { expect, it } from 'vitest';
import { fromDatabase } from './foreign-errors.js';

it.each([
  ['53100', 507, 'storage.full'],
  ['57P01', 503, 'health.database'],
  ['23505', 409, 'conflict'],
])('answers %s of PostgreSQL with %i %s, and nothing of what it quotes', (code, status, problem) => {
  const driverError = Object.assign(new Error('words of somebody'), { code });
  const error = fromDatabase(Object.assign(new Error('words of somebody'), { driverError }));
  expect(error).toMatchObject({ status, code: problem });
  expect(error?.message).not.toContain('somebody');
});
