import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { writeAudit } from '@qingnang/audit';
import type {
  Actor,
  CreateSchedule,
  ListReply,
  RunTemplate,
  ScheduleDetail,
  SchedulePreview,
  SchedulePreviewQuery,
  ScheduleQuery,
  ScheduleView,
  UpdateSchedule,
} from '@qingnang/contracts';
import { isUniqueViolation } from '@qingnang/database';
import { DomainError, notFound, staleRevision, uuidv7 } from '@qingnang/kernel';
import { notify } from '@qingnang/queue';
import { chooseInputs } from '../run/choose-inputs.js';
import { runConfigOf } from '../run/insert-run.js';
import { cronTimes } from './cron-times.js';
import { nextTime, writeTick } from './fire-schedules.js';
import { ScheduleEntity } from './schedule.entity.js';
import { listSchedules, readSchedule } from './schedule.views.js';
import { resolveTemplate, startTick } from './start-tick.js';
import { SCHEDULE_FAILED } from './tell-owner.js';

const PREVIEWED = 5;

/** What people do with schedules; that they come due is the workers' business. */
@Injectable()
export class ScheduleService {
  constructor(private readonly dataSource: DataSource) {}

  list(actor: Actor, query: ScheduleQuery): Promise<ListReply<ScheduleView>> {
    return listSchedules(this.dataSource, actor.projectId, query);
  }

  get(actor: Actor, id: string): Promise<ScheduleDetail> {
    return readSchedule(this.dataSource, actor.projectId, id, new Date());
  }

  /** @throws DomainError those of {@link cronTimes} */
  preview({ cron, timeZone }: SchedulePreviewQuery): SchedulePreview {
    return { times: cronTimes(cron, timeZone, PREVIEWED, new Date()).map((time) => time.toISOString()) };
  }

  /** @throws DomainError `schedule.name_taken` (409), those of {@link cronTimes} and of a run that would be started now */
  create(actor: Actor, input: CreateSchedule): Promise<ScheduleDetail> {
    const id = uuidv7();
    const { projectId } = actor;
    const { name, cron, timeZone, template } = input;
    const [nextAt] = cronTimes(cron, timeZone, 1, new Date());
    return this.dataSource.transaction(async (tx) => {
      await checkTemplate(tx, { projectId, name, template });
      await tx
        .insert(ScheduleEntity, {
          id,
          projectId,
          name,
          cron,
          timeZone,
          template: template as object,
          nextAt: nextAt!,
          createdBy: actor.personId,
        })
        .catch(nameTaken);
      await writeAudit(tx, actor, {
        action: 'schedule.create',
        subjectType: 'schedule',
        subjectId: id,
        after: { cron, timeZone, method: template.method },
      });
      return this.after(tx, actor, id);
    });
  }

  /** @throws DomainError those of {@link create}, 404, `revision.stale` (412) */
  update(actor: Actor, id: string, revision: number, input: UpdateSchedule): Promise<ScheduleDetail> {
    return this.change(actor, id, 'update', async (tx, before) => {
      if (before.revision !== revision) throw staleRevision('schedule', before.revision);
      const now = { ...before, ...input };
      const [first] = cronTimes(now.cron, now.timeZone, 1, new Date());
      await checkTemplate(tx, now);
      const { template, ...others } = input;
      await tx
        .update(
          ScheduleEntity,
          { id },
          {
            ...others,
            ...(template ? { template: template as object } : {}),
            nextAt: before.state === 'active' ? first! : null,
            revision: revision + 1,
          },
        )
        .catch(nameTaken);
      return { fields: Object.keys(input) };
    });
  }

  /** No time comes due until it is resumed. A run at work goes on. Once more is harmless. */
  pause(actor: Actor, id: string): Promise<ScheduleDetail> {
    return this.change(actor, id, 'pause', async (tx, before) => {
      if (before.state === 'active') {
        await tx.update(ScheduleEntity, { id }, { state: 'paused', nextAt: null, revision: before.revision + 1 });
      }
      return { state: 'paused' };
    });
  }

  /** Goes on with the next time from now; those in between are not made up for. */
  resume(actor: Actor, id: string): Promise<ScheduleDetail> {
    return this.change(actor, id, 'resume', async (tx, before) => {
      if (before.state === 'paused') {
        const nextAt = nextTime(before, new Date());
        await tx.update(ScheduleEntity, { id }, { state: 'active', nextAt, revision: before.revision + 1 });
      }
      return { state: 'active' };
    });
  }

  /**
   * Starts a run at once, also if nothing is new; the next time stays as it is.
   * @throws DomainError `schedule.still_running`, `schedule.run_paused` (409), and whatever keeps a run from being made
   */
  runNow(actor: Actor, id: string): Promise<ScheduleDetail> {
    return this.change(actor, id, 'run_now', async (tx, schedule) => {
      const tickId = await writeTick(tx, schedule, new Date(), 'person');
      if (tickId === null) throw refusal('schedule.still_running');
      const { outcome, code, detail, runId } = await startTick(tx, actor, schedule, tickId, { evenIfNothingNew: true });
      if (outcome === 'skipped') throw refusal(code!);
      if (outcome === 'refused') throw new DomainError({ code: code!, status: 409, detail: detail! });
      return { runId };
    });
  }

  /** The schedule and its history go; the runs it started stay. */
  delete(actor: Actor, id: string): Promise<void> {
    return this.dataSource.transaction(async (tx) => {
      const before = await find(tx, actor, id);
      await tx.query(`delete from notification where project_id = $1 and subject_id = $2`, [actor.projectId, id]);
      await tx.delete(ScheduleEntity, { id });
      const { cron, timeZone } = before;
      await writeAudit(tx, actor, {
        action: 'schedule.delete',
        subjectType: 'schedule',
        subjectId: id,
        before: { cron, timeZone, method: before.template.method },
      });
      await notify(tx, actor.projectId, 'schedules', id);
    });
  }

  /** The reader has seen that it failed: the dashboard says it no more. @throws DomainError 404 */
  async markSeen(actor: Actor, id: string): Promise<void> {
    const known = await this.dataSource.getRepository(ScheduleEntity).existsBy({ projectId: actor.projectId, id });
    if (!known) throw notFound('schedule', id);
    await this.dataSource.query(
      `update notification set seen_at = now()
       where project_id = $1 and subject_id = $2 and person_id = $3 and kind = $4 and seen_at is null`,
      [actor.projectId, id, actor.personId, SCHEDULE_FAILED],
    );
  }

  private change(
    actor: Actor,
    id: string,
    what: string,
    work: (tx: EntityManager, before: ScheduleEntity) => Promise<Record<string, unknown>>,
  ): Promise<ScheduleDetail> {
    return this.dataSource.transaction(async (tx) => {
      const before = await find(tx, actor, id);
      const after = await work(tx, before);
      await writeAudit(tx, actor, {
        action: `schedule.${what}`,
        subjectType: 'schedule',
        subjectId: id,
        before: { state: before.state, cron: before.cron },
        after,
      });
      return this.after(tx, actor, id);
    });
  }

  private async after(tx: EntityManager, actor: Actor, id: string): Promise<ScheduleDetail> {
    await notify(tx, actor.projectId, 'schedules', id);
    return readSchedule(tx, actor.projectId, id, new Date());
  }
}

async function find(tx: EntityManager, actor: Actor, id: string): Promise<ScheduleEntity> {
  const found = await tx.findOne(ScheduleEntity, {
    where: { projectId: actor.projectId, id },
    lock: { mode: 'pessimistic_write' },
  });
  if (!found) throw notFound('schedule', id);
  return found;
}

/** A schedule is taken only if a run could be started from it now. */
async function checkTemplate(
  tx: EntityManager,
  schedule: { projectId: string; name: string; template: RunTemplate },
): Promise<void> {
  const asked = await resolveTemplate(tx, schedule);
  runConfigOf(asked);
  await chooseInputs(tx, schedule.projectId, asked);
}

const refusals: Record<string, string> = {
  'schedule.still_running': 'The last run of this schedule has not ended: wait for it, or cancel it.',
  'schedule.run_paused': 'The last run of this schedule is paused: resume or cancel it first.',
};

function refusal(code: string): DomainError {
  return new DomainError({ code, status: 409, detail: refusals[code]! });
}

function nameTaken(error: unknown): never {
  if (!isUniqueViolation(error, 'uq_schedule_name')) throw error;
  throw new DomainError({
    code: 'schedule.name_taken',
    status: 409,
    field: 'name',
    detail: 'A schedule of this name exists: choose another name.',
  });
}
