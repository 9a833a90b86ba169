import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { NewsGatherer } from './news-gatherer';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function gatherer() {
  const told: string[][] = [];
  return { news: new NewsGatherer((topics) => told.push([...topics])), told };
}

const readings = (told: string[][], topic: string): number => told.filter((topics) => topics.includes(topic)).length;

it('reads a topic again soon, and the dashboard at most every ten seconds', () => {
  const { news, told } = gatherer();
  for (let second = 0; second < 60; second += 2) {
    news.add('llm-jobs');
    vi.advanceTimersByTime(2_000);
  }
  expect(readings(told, 'llm-jobs')).toBe(30);
  expect(readings(told, 'dashboard')).toBeLessThanOrEqual(7);
  expect(readings(told, 'dashboard')).toBeGreaterThanOrEqual(5);
});

it('never leaves the dashboard behind the last news', () => {
  const { news, told } = gatherer();
  news.add('records');
  vi.advanceTimersByTime(1_000);
  expect(told).toEqual([['records', 'dashboard']]);
  news.add('runs');
  vi.advanceTimersByTime(1_000);
  expect(told.at(-1)).toEqual(['runs', 'schedules']);
  vi.advanceTimersByTime(10_000);
  expect(told.at(-1)).toEqual(['dashboard']);
  expect(told).toHaveLength(3);
});

it('reads everything after a gap, and nothing once stopped', () => {
  const { news, told } = gatherer();
  news.add('*');
  vi.advanceTimersByTime(1_000);
  expect(told).toEqual([['*', 'dashboard']]);
  news.add('records');
  news.stop();
  vi.advanceTimersByTime(20_000);
  expect(told).toHaveLength(1);
});
