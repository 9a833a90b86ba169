import { expect, it } from 'vitest';
import { dialectOf, learnDialect } from './dialect.js';

it('is learned by each of several calls that were refused at once, and by none twice', () => {
  const target = { baseUrl: 'http://dialect.test/v1', model: 'm' };
  const asked = dialectOf(target);
  const refusal = { param: null, said: 'This model only support stream mode.' };
  expect(learnDialect(target, asked, refusal)).toBe(true);
  expect(learnDialect(target, asked, refusal)).toBe(true);
  expect(dialectOf(target)).toEqual({ cap: 'max_tokens', stream: true });
  expect(learnDialect(target, dialectOf(target), refusal)).toBe(false);
  const capped = { param: 'max_tokens', said: 'Use max_completion_tokens instead.' };
  expect(learnDialect(target, asked, capped)).toBe(true);
  expect(dialectOf(target)).toEqual({ cap: 'max_completion_tokens', stream: true });
});
