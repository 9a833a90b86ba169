import { expect, it } from 'vitest';
import { llmJobState } from '@qingnang/contracts';
import { generationOf, nextKey } from '../outcome/retry-rules.js';
import { checkJobTransition } from './job-states.js';

const allowed = [
  'draft>estimated',
  'draft>cancelled',
  'estimated>running',
  'estimated>cancelled',
  'running>paused',
  'running>done',
  'running>cancelled',
  'running>failed',
  'paused>running',
  'paused>cancelled',
  'done>running',
];

it('lets a job move along its lifecycle and nowhere else', () => {
  for (const from of llmJobState.options) {
    for (const to of llmJobState.options) {
      const move = (): void => checkJobTransition(from, to);
      if (allowed.includes(`${from}>${to}`)) expect(move).not.toThrow();
      else expect(move).toThrow(`This job is ${from} and cannot become ${to}`);
    }
  }
});

it('counts purchases in the key', () => {
  expect(nextKey('0190-ab.1')).toBe('0190-ab.2');
  expect(generationOf(nextKey(nextKey('0190-ab.1')))).toBe(3);
});
