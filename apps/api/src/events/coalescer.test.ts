import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Coalescer } from './coalescer.js';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it('lets one of a kind through a window, and always the last', () => {
  const seen: string[] = [];
  const coalescer = new Coalescer<string>(2_000, (value) => seen.push(value));
  for (let n = 0; n < 100; n++) {
    coalescer.offer('records', `records ${n}`);
    vi.advanceTimersByTime(100);
  }
  // Ten seconds of news: one at once, then one every two seconds.
  expect(seen.slice(0, 3)).toEqual(['records 0', 'records 19', 'records 39']);
  expect(seen.length).toBeLessThanOrEqual(6);
  vi.advanceTimersByTime(10_000);
  expect(seen.at(-1)).toBe('records 99');
});

it('keeps kinds apart', () => {
  const seen: string[] = [];
  const coalescer = new Coalescer<string>(2_000, (value) => seen.push(value));
  coalescer.offer('records', 'a');
  coalescer.offer('imports', 'b');
  coalescer.offer('records', 'c');
  expect(seen).toEqual(['a', 'b']);
  vi.advanceTimersByTime(2_000);
  expect(seen).toEqual(['a', 'b', 'c']);
});

it('forgets what waits when told to, and starts anew', () => {
  const seen: string[] = [];
  const coalescer = new Coalescer<string>(2_000, (value) => seen.push(value));
  coalescer.offer('records', 'a');
  coalescer.offer('records', 'b');
  coalescer.clear();
  vi.advanceTimersByTime(5_000);
  coalescer.offer('records', 'c');
  expect(seen).toEqual(['a', 'c']);
});
