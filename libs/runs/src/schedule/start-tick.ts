import { Logger } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Actor, CreateRun, RunState } from '@qingnang/contracts';
import { DomainError, stackPlaces } from '@qingnang/kernel';
import { notify } from '@qingnang/queue';
import { chooseInputs } from '../run/choose-inputs.js';
import { findRepeat } from '../run/find-repeat.js';
import { insertRun, runConfigOf } from '../run/insert-run.js';
import { resolveReferences } from '../run/resolve-references.js';
import type { ScheduleEntity } from './schedule.entity.js';
import { tellWebhook } from '../webhook/tell-webhook.js';
import { tellOwner } from './tell-owner.js';

const log = new Logger('schedules');

/** A run that rests keeps its schedule waiting for as long as nobody sees to it: its owner is told. */
const RUN_PAUSED = 'schedule.run_paused';

interface Outcome {
  outcome: 'started' | 'skipped' | 'refused';
  runId?: string;
  code?: string;
  detail?: string;
}

/**
 * What one due time comes to: a run, or the reason why none. The row of the time is there already; it is filled in here,
 * in the same transaction, so that both exist or neither.
 */
export async function startTick(
  tx: EntityManager,
  actor: Actor,
  schedule: ScheduleEntity,
  tickId: string,
  options: { evenIfNothingNew: boolean },
): Promise<Outcome> {
  const outcome = await tryStart(tx, actor, schedule, options.evenIfNothingNew);
  await tx.query('update schedule_tick set outcome = $2, run_id = $3, code = $4, detail = $5 where id = $1', [
    tickId,
    outcome.outcome,
    outcome.runId ?? null,
    outcome.code ?? null,
    outcome.detail ?? null,
  ]);
  if (outcome.outcome === 'refused' || outcome.code === RUN_PAUSED) {
    await tellOwner(tx, schedule.id);
    const subject = { type: 'schedule' as const, id: schedule.id };
    await tellWebhook(tx, schedule.projectId, { event: 'schedule.failed', subject, code: outcome.code ?? null });
  }
  await notify(tx, schedule.projectId, 'schedules', schedule.id);
  return outcome;
}

async function tryStart(
  tx: EntityManager,
  actor: Actor,
  schedule: ScheduleEntity,
  evenIfNothingNew: boolean,
): Promise<Outcome> {
  const open = await openRunState(tx, schedule.id);
  if (open) return { outcome: 'skipped', code: open === 'paused' ? RUN_PAUSED : 'schedule.still_running' };
  try {
    // A savepoint: what was begun before a refusal goes, the row of the time stays.
    return await tx.transaction(async (inner) => {
      const asked = await resolveTemplate(inner, schedule);
      if (!evenIfNothingNew) {
        const inputs = await chooseInputs(inner, schedule.projectId, asked);
        const repeat = await findRepeat(inner, schedule.projectId, schedule.name, runConfigOf(asked), inputs);
        if (repeat) return { outcome: 'skipped', code: 'schedule.nothing_new' };
      }
      const { id } = await insertRun(inner, actor, asked, 'local');
      return { outcome: 'started', runId: id };
    });
  } catch (error) {
    // Whatever it is, one schedule must not keep the others from their times. With the database gone the rest fails too.
    const known = error instanceof DomainError ? error : null;
    // Its kind and places only: a message of the database may quote text.
    if (!known) log.error({ schedule: schedule.id, stack: stackPlaces(error).slice(0, 5) });
    const detail = known?.message ?? 'The run could not be made by a fault of the platform; its log may say more.';
    return { outcome: 'refused', code: known?.code ?? 'internal', detail };
  }
}

/** The template with what its names mean now. @throws DomainError those of resolveReferences */
export async function resolveTemplate(
  tx: EntityManager,
  { projectId, name, template }: Pick<ScheduleEntity, 'projectId' | 'name' | 'template'>,
): Promise<CreateRun> {
  return { ...template, name, inputs: await resolveReferences(tx, projectId, template.inputs) };
}

/** One run of a schedule at a time: the next waits for its own time. @returns null where none is open */
async function openRunState(tx: EntityManager, scheduleId: string): Promise<RunState | null> {
  const [open] = await tx.query<{ state: RunState }[]>(
    `select r.state from schedule_tick t join run r on r.id = t.run_id
     where t.schedule_id = $1 and r.state in ('queued', 'starting', 'running', 'paused', 'lost') limit 1`,
    [scheduleId],
  );
  return open?.state ?? null;
}
