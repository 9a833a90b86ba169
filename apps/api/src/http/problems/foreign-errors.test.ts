import { expect, it } from 'vitest';
import { fromDatabase } from './foreign-errors.js';

const failed = (code: string) => Object.assign(new Error('words of somebody'), { driverError: { code } });

it.each([
  ['53100', 507, 'storage.full'],
  ['57P01', 503, 'health.database'],
  ['23505', 409, 'conflict'],
])('answers %s of PostgreSQL with %i %s, and nothing of what it quotes', (code, status, problem) => {
  const error = fromDatabase(Object.assign(new Error('x'), { driverError: Object.assign(new Error('x'), { code }) }));
  expect(error).toMatchObject({ status, code: problem });
  expect(fromDatabase(failed(code))?.message).not.toContain('somebody');
});
