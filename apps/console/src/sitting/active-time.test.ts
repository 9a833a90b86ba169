import { describe, expect, it } from 'vitest';
import { ActiveTime, IDLE_AFTER_MS } from './active-time';

function clock() {
  let at = 0;
  return { now: () => at, pass: (seconds: number) => (at += seconds * 1000) };
}

describe('the time somebody worked', () => {
  it('runs while keys are pressed', () => {
    const { now, pass } = clock();
    const time = new ActiveTime(now);
    pass(20);
    time.touch();
    pass(10);
    expect(time.seconds()).toBe(30);
    expect(time.isIdle()).toBe(false);
  });

  it('leaves out a pause, and goes on after it', () => {
    const { now, pass } = clock();
    const time = new ActiveTime(now);
    pass(20);
    time.touch();
    pass(IDLE_AFTER_MS / 1000);
    expect(time.isIdle()).toBe(true);
    expect(time.seconds()).toBe(20);
    time.touch();
    expect(time.isIdle()).toBe(false);
    pass(5);
    expect(time.seconds()).toBe(25);
  });

  it('begins anew for the next record', () => {
    const { now, pass } = clock();
    const time = new ActiveTime(now);
    pass(20);
    time.restart();
    pass(3);
    expect(time.seconds()).toBe(3);
  });
});
