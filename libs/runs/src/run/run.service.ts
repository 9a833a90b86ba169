import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { writeAudit } from '@qingnang/audit';
import {
  type Actor,
  type CreateRun,
  type ListReply,
  type RunDetail,
  type RunQuery,
  type RunState,
  type RunView,
} from '@qingnang/contracts';
import { DomainError, notFound } from '@qingnang/kernel';
import { notify } from '@qingnang/queue';
import { requestLaunch } from '../runs.jobs.js';
import { endOutsideRun } from '../outside/end-outside-run.js';
import { insertRun } from './insert-run.js';
import { RunEntity } from './run.entity.js';
import { checkRunTransition } from './run-states.js';
import { listRuns, readRun } from './run.views.js';
import { tellWebhook } from '../webhook/tell-webhook.js';

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

  /** @throws DomainError `run.config` (422) naming each field at fault, those of {@link insertRun} */
  create(actor: Actor, input: CreateRun): Promise<RunDetail> {
    return this.dataSource.transaction(async (tx) => {
      const { id } = await insertRun(tx, actor, input, 'local');
      return readRun(tx, actor.projectId, id);
    });
  }

  /** A run at work saves a checkpoint and rests; one still queued rests at once. */
  pause(actor: Actor, id: string): Promise<RunDetail> {
    return this.act(actor, id, 'pause', async (tx, run) => {
      refuseOutside(run);
      checkRunTransition(run.state, 'paused');
      if (isAtWork(run)) return wish(tx, id, 'pause');
      await move(tx, id, 'paused');
      await tellWebhook(tx, run.projectId, { event: 'run.paused', subject: { type: 'run', id } });
    });
  }

  /** Paused and failed runs go on from their newest checkpoint. */
  resume(actor: Actor, id: string): Promise<RunDetail> {
    return this.act(actor, id, 'resume', async (tx, run) => {
      refuseOutside(run);
      checkRunTransition(run.state, 'queued');
      if (isAtWork(run)) throw atWork();
      await move(tx, id, 'queued');
      await requestLaunch(tx, run.projectId, id);
    });
  }

  /** What is written stays; the run never goes on. A trainer elsewhere learns it when its token is refused. */
  cancel(actor: Actor, id: string): Promise<RunDetail> {
    return this.act(actor, id, 'cancel', async (tx, run) => {
      checkRunTransition(run.state, 'cancelled');
      if (run.launcher === 'outside') await endOutsideRun(tx, run, 'stopped', 'cancelled');
      else await (isAtWork(run) ? wish(tx, id, 'cancel') : move(tx, id, 'cancelled'));
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

function refuseOutside(run: RunEntity): void {
  if (run.launcher === 'local') return;
  throw new DomainError({
    code: 'run.outside',
    status: 409,
    detail: 'This run is trained on another machine: stop its trainer there, or start it there again.',
  });
}
