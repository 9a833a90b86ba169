import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { ZodError } from 'zod';
import { writeAudit } from '@qingnang/audit';
import {
  type Actor,
  type CreateRun,
  type ListReply,
  resolveRunConfig,
  type RunConfig,
  type RunDetail,
  type RunQuery,
  type RunState,
  type RunView,
} from '@qingnang/contracts';
import { DomainError, notFound, uuidv7 } from '@qingnang/kernel';
import { notify } from '@qingnang/queue';
import { requestLaunch } from '../runs.jobs.js';
import { chooseInputs } from './choose-inputs.js';
import { RunEntity } from './run.entity.js';
import { RunInputEntity } from './run-input.entity.js';
import { checkRunTransition } from './run-states.js';
import { listRuns, readRun } from './run.views.js';

/** What people do with runs; the processes themselves are the launcher's. */
@Injectable()
export class RunService {
  constructor(private readonly dataSource: DataSource) {}

  list(actor: Actor, query: RunQuery): Promise<ListReply<RunView>> {
    return listRuns(this.dataSource, actor.projectId, query);
  }

  get(actor: Actor, id: string): Promise<RunDetail> {
    return readRun(this.dataSource, actor.projectId, id);
  }

  /** @throws DomainError `run.config` (422) naming each field at fault, those of {@link chooseInputs} */
  create(actor: Actor, input: CreateRun): Promise<RunDetail> {
    const config = configOf(input);
    const id = uuidv7();
    return this.dataSource.transaction(async (tx) => {
      const inputs = await chooseInputs(tx, actor.projectId, input);
      await tx.insert(RunEntity, {
        id,
        projectId: actor.projectId,
        name: input.name,
        method: input.method,
        config: config as object,
        seed: config.seed,
        folder: `runs/${id}`,
        createdBy: actor.personId,
      });
      await tx.insert(
        RunInputEntity,
        inputs.map((each) => ({ ...each, runId: id, projectId: actor.projectId })),
      );
      await requestLaunch(tx, actor.projectId, id);
      await writeAudit(tx, actor, {
        action: 'run.create',
        subjectType: 'run',
        subjectId: id,
        after: {
          method: input.method,
          seed: config.seed,
          inputs: inputs.map(({ role, digest, snapshotId, modelId }) => ({ role, digest, snapshotId, modelId })),
        },
      });
      await notify(tx, actor.projectId, 'runs', id);
      return readRun(tx, actor.projectId, id);
    });
  }

  /** A run at work saves a checkpoint and rests; one still queued rests at once. */
  pause(actor: Actor, id: string): Promise<RunDetail> {
    return this.act(actor, id, 'pause', async (tx, run) => {
      checkRunTransition(run.state, 'paused');
      await (isAtWork(run) ? wish(tx, id, 'pause') : move(tx, id, 'paused'));
    });
  }

  /** Paused and failed runs go on from their newest checkpoint. */
  resume(actor: Actor, id: string): Promise<RunDetail> {
    return this.act(actor, id, 'resume', async (tx, run) => {
      checkRunTransition(run.state, 'queued');
      if (isAtWork(run)) throw atWork();
      await move(tx, id, 'queued');
      await requestLaunch(tx, run.projectId, id);
    });
  }

  /** What is written stays; the run never goes on. */
  cancel(actor: Actor, id: string): Promise<RunDetail> {
    return this.act(actor, id, 'cancel', async (tx, run) => {
      checkRunTransition(run.state, 'cancelled');
      await (isAtWork(run) ? wish(tx, id, 'cancel') : move(tx, id, 'cancelled'));
    });
  }

  private act(
    actor: Actor,
    id: string,
    what: 'pause' | 'resume' | 'cancel',
    work: (tx: EntityManager, run: RunEntity) => Promise<void>,
  ): Promise<RunDetail> {
    return this.dataSource.transaction(async (tx) => {
      const run = await tx.findOne(RunEntity, {
        where: { projectId: actor.projectId, id },
        lock: { mode: 'pessimistic_write' },
      });
      if (!run) throw notFound('run', id);
      await work(tx, run);
      await writeAudit(tx, actor, {
        action: `run.${what}`,
        subjectType: 'run',
        subjectId: id,
        before: { state: run.state },
      });
      await notify(tx, actor.projectId, 'runs', id);
      return readRun(tx, actor.projectId, id);
    });
  }
}

function isAtWork(run: RunEntity): boolean {
  return run.state === 'starting' || run.state === 'running';
}

function atWork(): DomainError {
  return new DomainError({
    code: 'run.wrong_state',
    status: 409,
    detail: 'This run is at work already: there is nothing to resume.',
  });
}

async function wish(tx: EntityManager, id: string, what: 'pause' | 'cancel'): Promise<void> {
  await tx.query('update run set wish = $2, revision = revision + 1 where id = $1', [id, what]);
}

async function move(tx: EntityManager, id: string, state: RunState): Promise<void> {
  await tx.query(
    `update run set state = $2, wish = null, failure = null, revision = revision + 1,
       ended_at = case when $2 = 'cancelled' then now() end
     where id = $1`,
    [id, state],
  );
}

function configOf({ method, preset, seed, config }: CreateRun): RunConfig {
  try {
    return resolveRunConfig({ ...config, method, preset, ...(seed === undefined ? {} : { seed }) });
  } catch (error) {
    if (!(error instanceof ZodError)) throw error;
    const errors = error.issues.map(({ path, message }) => ({ field: `config.${path.join('.')}`, detail: message }));
    throw new DomainError({
      code: 'run.config',
      status: 422,
      field: errors[0]!.field,
      detail: 'The configuration is wrong: see the fields named.',
      details: { errors },
    });
  }
}
