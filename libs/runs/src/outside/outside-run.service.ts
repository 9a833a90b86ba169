import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { writeAudit } from '@qingnang/audit';
import { SETTINGS, type Settings } from '@qingnang/config';
import type { Actor, RunInputFile, RunJob, StartedOutsideRun, StartOutsideRun } from '@qingnang/contracts';
import { issueApiKey } from '@qingnang/identity';
import { DomainError, notFound, uuidv7 } from '@qingnang/kernel';
import { notify } from '@qingnang/queue';
import { findRepeat } from '../run/find-repeat.js';
import { chooseInputs } from '../run/choose-inputs.js';
import { insertRun, runConfigOf } from '../run/insert-run.js';
import { resolveReferences } from '../run/resolve-references.js';
import { findOutsideRun } from './find-outside-run.js';
import { findInputFile, listInputs } from './input-files.js';

const HOUR_MS = 3_600_000;

/** Runs whose trainer works on another machine: begun by an API key or a person, carried on by the run's own token. */
@Injectable()
export class OutsideRunService {
  constructor(
    private readonly dataSource: DataSource,
    @Inject(SETTINGS) private readonly settings: Pick<Settings, 'dataDir'>,
  ) {}

  /**
   * Makes a run and its token, unless nothing is new since the last run of this name that succeeded.
   * @throws DomainError those of `insertRun` and `resolveReferences`
   */
  start(actor: Actor, wish: StartOutsideRun): Promise<StartedOutsideRun> {
    return this.dataSource.transaction(async (tx) => {
      const { expiresInHours, evenIfNothingNew, ...template } = wish;
      const asked = { ...template, inputs: await resolveReferences(tx, actor.projectId, template.inputs) };
      // Two calls of one cron line at the same moment: the second waits and sees what the first made.
      await tx.query(`select pg_advisory_xact_lock(hashtextextended($1, 0))`, [`run ${actor.projectId} ${asked.name}`]);
      if (!evenIfNothingNew) {
        const inputs = await chooseInputs(tx, actor.projectId, asked);
        const repeat = await findRepeat(tx, actor.projectId, asked.name, runConfigOf(asked), inputs);
        if (repeat) {
          await writeAudit(tx, actor, { action: 'run.skip', subjectType: 'run', subjectId: repeat.id });
          return { outcome: 'skipped', lastRunId: repeat.id, lastRunEndedAt: repeat.endedAt };
        }
      }
      const { id } = await insertRun(tx, actor, asked, 'outside');
      await this.insertAttempt(tx, actor.projectId, id, 1);
      const expiresAt = new Date(Date.now() + expiresInHours * HOUR_MS);
      const { key } = await issueApiKey(tx, {
        projectId: actor.projectId,
        name: `run ${id}`,
        scopes: ['runs:read', 'runs:update'],
        runId: id,
        createdBy: actor.personId,
        expiresAt,
      });
      return {
        outcome: 'started',
        run: await this.read(tx, actor, id),
        token: key,
        expiresAt: expiresAt.toISOString(),
      };
    });
  }

  /** What the run is to do and reads, as its trainer needs it. */
  job(actor: Actor, id: string): Promise<RunJob> {
    return this.dataSource.transaction((tx) => this.read(tx, actor, id));
  }

  /**
   * For the run's own token: what snapshots and models hold is not for everybody who may read runs.
   * @throws DomainError 403, 404, `run.ended` and `run.input_changed` (409), `run.input_withdrawn` (410)
   */
  async inputFile(actor: Actor, id: string, role: string, file: string): Promise<RunInputFile & { place: string }> {
    if (actor.runId === null) throw ownTokenNeeded();
    return this.dataSource.transaction(async (tx) => {
      await findOutsideRun(tx, actor, id);
      return findInputFile(tx, id, role, file, this.settings.dataDir);
    });
  }

  /** The trainer begins again, from its newest checkpoint or from the start; what the one before still sends is refused. */
  beginAttempt(actor: Actor, id: string): Promise<RunJob> {
    return this.dataSource.transaction(async (tx) => {
      const run = await findOutsideRun(tx, actor, id);
      await tx.query(
        `update run_attempt set state = 'lost', ended_at = now() where run_id = $1 and state in ('starting', 'running')`,
        [id],
      );
      await this.insertAttempt(tx, run.projectId, id, run.attempt + 1);
      await writeAudit(tx, actor, {
        action: 'run.attempt',
        subjectType: 'run',
        subjectId: id,
        after: { attempt: run.attempt + 1 },
      });
      await notify(tx, run.projectId, 'runs', id);
      return this.read(tx, actor, id);
    });
  }

  private async insertAttempt(tx: EntityManager, projectId: string, runId: string, n: number): Promise<void> {
    await tx.query(
      `insert into run_attempt (id, project_id, run_id, n, launcher, state, heartbeat_at)
       values ($1, $2, $3, $4, 'outside', 'running', now())`,
      [uuidv7(), projectId, runId, n],
    );
  }

  private async read(tx: EntityManager, actor: Actor, id: string): Promise<RunJob> {
    const [run] = await tx.query<Omit<RunJob, 'inputs'>[]>(
      `select r.id, r.name, r.state, r.config, greatest(1, (select max(n) from run_attempt a where a.run_id = r.id)) as attempt
       from run r where r.project_id = $1 and r.id = $2`,
      [actor.projectId, id],
    );
    if (!run) throw notFound('run', id);
    return { ...run, inputs: await listInputs(tx, id, this.settings.dataDir) };
  }
}

function ownTokenNeeded(): DomainError {
  return new DomainError({
    code: 'access.denied',
    status: 403,
    detail: 'Inputs are fetched with the run’s own token; with any other right, download the snapshot from its page.',
  });
}
