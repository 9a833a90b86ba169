import type { DataSource, EntityManager } from 'typeorm';
import { type Actor, systemActor } from '@qingnang/contracts';
import { uuidv7 } from '@qingnang/kernel';
import { cronTimes } from './cron-times.js';
import { ScheduleEntity } from './schedule.entity.js';
import { startTick } from './start-tick.js';
import { tellOwner } from './tell-owner.js';

/** How long the history of a schedule goes back; one of every minute has 130,000 times in it. */
const KEPT_DAYS = 90;

/**
 * Starts what has come due, any number of workers at once. A schedule is claimed, its time written down, its run made and
 * its next time set in one transaction: a worker that dies in between leaves all of it to another. Times missed while
 * nobody looked are made up for once, not one by one.
 * @returns how many times came due
 */
export async function fireSchedules(dataSource: DataSource, now: Date): Promise<number> {
  let fired = 0;
  while (await dataSource.transaction((tx) => fireNext(tx, now))) fired++;
  return fired;
}

async function fireNext(tx: EntityManager, now: Date): Promise<boolean> {
  const schedule = await tx.findOne(ScheduleEntity, {
    where: { id: await claim(tx, now) },
  });
  if (!schedule?.nextAt) return false;
  const tickId = await writeTick(tx, schedule, schedule.nextAt, 'time');
  const nextAt = nextTime(schedule, now);
  await tx.update(ScheduleEntity, { id: schedule.id }, { nextAt });
  if (tickId !== null) await startTick(tx, actorOf(schedule), schedule, tickId, { evenIfNothingNew: false });
  if (nextAt === null) await tellOwner(tx, schedule.id);
  await dropOldTicks(tx, schedule.id, now);
  return true;
}

/** The nil id where nothing is due. */
async function claim(tx: EntityManager, now: Date): Promise<string> {
  const [due] = await tx.query<{ id: string }[]>(
    `select id from schedule where state = 'active' and next_at <= $1 order by next_at limit 1 for update skip locked`,
    [now],
  );
  return due?.id ?? '00000000-0000-0000-0000-000000000000';
}

/** The row of a time, before it is known what comes of it. @returns its id; null where that time has been used */
export async function writeTick(
  tx: EntityManager,
  schedule: ScheduleEntity,
  dueAt: Date,
  trigger: 'time' | 'person',
): Promise<string | null> {
  const [tick] = await tx.query<{ id: string }[]>(
    `insert into schedule_tick (id, project_id, schedule_id, due_at, trigger, outcome)
     values ($1, $2, $3, $4, $5, 'skipped') on conflict (schedule_id, due_at) do nothing returning id`,
    [uuidv7(), schedule.projectId, schedule.id, dueAt, trigger],
  );
  return tick?.id ?? null;
}

/** Times long past go; the last that counted stays, since it says whether the schedule is failing. */
async function dropOldTicks(tx: EntityManager, scheduleId: string, now: Date): Promise<void> {
  await tx.query(
    `delete from schedule_tick where schedule_id = $1 and due_at < $2::timestamptz - make_interval(days => $3)
       and id is distinct from (select id from schedule_tick
         where schedule_id = $1 and outcome <> 'skipped' order by due_at desc limit 1)`,
    [scheduleId, now, KEPT_DAYS],
  );
}

/** Null where the pattern has no time left; the schedule then rests by itself. */
export function nextTime({ cron, timeZone }: Pick<ScheduleEntity, 'cron' | 'timeZone'>, now: Date): Date | null {
  try {
    return cronTimes(cron, timeZone, 1, now)[0]!;
  } catch {
    return null; // a zone that this machine does not know any more, a year that is over
  }
}

/** The platform acts; the run belongs to whoever made the schedule. */
function actorOf(schedule: ScheduleEntity): Actor {
  return { ...systemActor(schedule.projectId, 'schedule'), personId: schedule.createdBy };
}
