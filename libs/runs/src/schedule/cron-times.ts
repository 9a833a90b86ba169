import { Cron } from 'croner';
import { DomainError } from '@qingnang/kernel';

/**
 * The next times of a cron pattern after a moment. Where clocks are put forward, a time that does not exist comes right
 * after the gap; where they are put back, a time that comes twice counts once.
 * @param pattern five fields: minute, hour, day of month, month, day of week
 * @param timeZone IANA name of the zone they are meant in
 * @throws DomainError `schedule.cron`, `schedule.time_zone`, `schedule.never` (422)
 */
export function cronTimes(pattern: string, timeZone: string, count: number, after: Date): Date[] {
  if (!isTimeZone(timeZone)) {
    throw fault(
      'schedule.time_zone',
      'timeZone',
      'There is no such time zone: give an IANA name such as Asia/Shanghai.',
    );
  }
  const times = parse(pattern, timeZone).nextRuns(count, after);
  if (times.length === 0) throw fault('schedule.never', 'cron', 'This pattern never comes due: change day or month.');
  return times;
}

function parse(pattern: string, timezone: string): Cron {
  try {
    // The library also takes dates and nicknames: after its one time such a schedule could not even be shown.
    if (pattern.trim().split(/\s+/).length !== 5) throw new TypeError('not five fields');
    return new Cron(pattern, { timezone, mode: '5-part', paused: true });
  } catch {
    throw fault(
      'schedule.cron',
      'cron',
      'This is no cron pattern of five fields: minute, hour, day of month, month, day of week, for instance 30 2 * * 1.',
    );
  }
}

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

function fault(code: string, field: string, detail: string): DomainError {
  return new DomainError({ code, status: 422, field, detail });
}
