import { describe, expect, it } from 'vitest';
import { DomainError } from '@qingnang/kernel';
import { cronTimes } from './cron-times.js';

const iso = (pattern: string, zone: string, count: number, after: string): string[] =>
  cronTimes(pattern, zone, count, new Date(after)).map((time) => time.toISOString());

describe('the times of a pattern', () => {
  it('are meant in the zone named, whatever the zone of the machine', () => {
    expect(iso('30 2 * * *', 'Asia/Shanghai', 2, '2026-03-01T00:00:00Z')).toEqual([
      '2026-03-01T18:30:00.000Z',
      '2026-03-02T18:30:00.000Z',
    ]);
    expect(iso('0 9 * * 1', 'America/New_York', 1, '2026-07-01T00:00:00Z')).toEqual(['2026-07-06T13:00:00.000Z']);
  });

  it('come after the moment, not at it', () => {
    expect(iso('0 * * * *', 'UTC', 1, '2026-03-01T05:00:00Z')).toEqual(['2026-03-01T06:00:00.000Z']);
  });

  it('skip no day and double none where clocks change', () => {
    // 02:30 does not exist on 29 March in Berlin and exists twice on 25 October.
    expect(iso('30 2 * * *', 'Europe/Berlin', 3, '2026-03-28T00:00:00Z')).toEqual([
      '2026-03-28T01:30:00.000Z',
      '2026-03-29T01:00:00.000Z',
      '2026-03-30T00:30:00.000Z',
    ]);
    expect(iso('30 2 * * *', 'Europe/Berlin', 3, '2026-10-24T00:00:00Z')).toHaveLength(3);
    const autumn = iso('30 2 * * *', 'Europe/Berlin', 3, '2026-10-24T00:00:00Z').map((time) => time.slice(0, 10));
    expect(autumn).toEqual(['2026-10-24', '2026-10-25', '2026-10-26']);
  });

  it.each([
    ['nonsense here', 'UTC', 'schedule.cron', 'cron'],
    ['* * * * * *', 'UTC', 'schedule.cron', 'cron'],
    ['2030-12-01T00:00:00', 'UTC', 'schedule.cron', 'cron'],
    ['61 2 * * *', 'UTC', 'schedule.cron', 'cron'],
    ['0 0 31 2 *', 'UTC', 'schedule.never', 'cron'],
    ['0 0 * * *', 'Atlantis/Deep', 'schedule.time_zone', 'timeZone'],
  ])('%s in %s is refused as %s', (pattern, zone, code, field) => {
    const refused = (() => {
      try {
        return cronTimes(pattern, zone, 1, new Date(0));
      } catch (error) {
        return error;
      }
    })();
    expect(refused).toBeInstanceOf(DomainError);
    expect(refused).toMatchObject({ code, field, status: 422 });
  });
});
