import { z } from 'zod';
import { listOf, listQuery } from '../platform/lists.js';
import { runTemplate } from './outside-runs.js';
import { runState } from './runs.js';

const when = z.iso.datetime({ offset: true });
const cron = z.string().trim().min(1).max(100);
const timeZone = z.string().trim().min(1).max(60);

export const createSchedule = z
  .object({
    /** Also the name of its runs. */
    name: z.string().trim().min(1).max(100),
    /** Five fields: minute, hour, day of month, month, day of week. */
    cron,
    /** IANA name of the zone the times are meant in. */
    timeZone: timeZone.default('Asia/Shanghai'),
    template: runTemplate,
  })
  .meta({ id: 'CreateSchedule' });
export type CreateSchedule = z.infer<typeof createSchedule>;

/** Without defaults: what is left out stays. */
export const updateSchedule = createSchedule.extend({ timeZone }).partial().meta({ id: 'UpdateSchedule' });
export type UpdateSchedule = z.infer<typeof updateSchedule>;

/** One time a schedule came due, and what came of it. */
export const scheduleTick = z.object({
  id: z.uuid(),
  dueAt: when,
  trigger: z.enum(['time', 'person']),
  /** skipped: nothing new, or the run before still at work. refused: no run could be made. */
  outcome: z.enum(['started', 'skipped', 'refused']),
  code: z.string().nullable(),
  detail: z.string().nullable(),
  runId: z.uuid().nullable(),
  runState: runState.nullable(),
  runFailure: z.string().nullable(),
});
export type ScheduleTick = z.infer<typeof scheduleTick>;

/**
 * `time_zone`, `cron`, `never`: its times cannot be told any more. `no_next`: they can again, but the next was not set.
 * `run_paused`: its last run rests, and there is one at a time.
 */
export const scheduleProblem = z.object({
  kind: z.enum(['time_zone', 'cron', 'never', 'no_next', 'run_paused']),
  /** The run that rests. */
  runId: z.uuid().nullable(),
});
export type ScheduleProblem = z.infer<typeof scheduleProblem>;

export const scheduleView = z
  .object({
    id: z.uuid(),
    name: z.string(),
    cron: z.string(),
    timeZone: z.string(),
    template: runTemplate,
    state: z.enum(['active', 'paused']),
    nextAt: when.nullable(),
    last: scheduleTick.nullable(),
    /** The last time that counted ended without a run, or its run failed. */
    failing: z.boolean(),
    /** What keeps an active schedule from its next time, until a person sees to it. */
    problem: scheduleProblem.nullable(),
    ownerName: z.string().nullable(),
    createdAt: when,
    revision: z.int(),
  })
  .meta({ id: 'Schedule' });
export type ScheduleView = z.infer<typeof scheduleView>;

export const scheduleDetail = scheduleView
  .extend({
    /** The next five times; none while paused, and where they cannot be told. */
    upcoming: z.array(when),
    /** Newest first, fifty at most. */
    history: z.array(scheduleTick),
  })
  .meta({ id: 'ScheduleDetail' });
export type ScheduleDetail = z.infer<typeof scheduleDetail>;

export const scheduleList = listOf(scheduleView).meta({ id: 'ScheduleList' });
export const scheduleQuery = listQuery({ sort: ['createdAt', 'name'] }).extend({
  state: z.enum(['active', 'paused']).optional(),
});
export type ScheduleQuery = z.infer<typeof scheduleQuery>;

export const schedulePreviewQuery = z.object({ cron, timeZone: timeZone.default('Asia/Shanghai') });
export type SchedulePreviewQuery = z.infer<typeof schedulePreviewQuery>;
/** The next five times. */
export const schedulePreview = z.object({ times: z.array(when) }).meta({ id: 'SchedulePreview' });
export type SchedulePreview = z.infer<typeof schedulePreview>;
