import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { currentAct, writeAudit } from '@qingnang/audit';
import { SETTINGS, type Settings } from '@qingnang/config';
import {
  type Actor,
  personBehind,
  type RunInputFile,
  type RunJob,
  type StartedOutsideRun,
  type StartOutsideRun,
} from '@qingnang/contracts';
import type { Queryable } from '@qingnang/database';
import { issueApiKey } from '@qingnang/identity';
import { DomainError, notFound, uuidv7 } from '@qingnang/kernel';
import { notify } from '@qingnang/queue';
import { findRepeat } from '../run/find-repeat.js';
import { chooseInputs } from '../run/choose-inputs.js';
import { insertRun, runConfigOf } from '../run/insert-run.js';
import { resolveReferences } from '../run/resolve-references.js';
import { findOutsideRun, runEnded } from './find-outside-run.js';
import { describeInputs, findInputFile, listInputs } from './input-files.js';

const HOUR_MS = 3_600_000;

/** A run that was made, and a token for it. */
interface Issued {
  id: string;
  token: string;
  expiresAt: Date;
}
type Skipped = StartedOutsideRun & { outcome: 'skipped' };

/** Runs whose trainer works on another machine: begun by an API key or a person, carried on by the run's own token. */
@Injectable()
export class OutsideRunService {
  constructor(
    private readonly dataSource: DataSource,
    @Inject(SETTINGS) private readonly settings: Pick<Settings, 'dataDir'>,
  ) {}

  /**
   * Makes a run and its token, unless nothing is new since the last run of this name that succeeded. Asked again with the
   * same idempotency key, answers the run that was made, with another token for it.
   * @throws DomainError those of `insertRun`, `resolveReferences` and `describeInputs`; `run.ended` (409) for a run made
   *   by this key that is over
   */
  async start(
    actor: Actor,
    { expiresInHours, evenIfNothingNew, trainedElsewhere, ...template }: StartOutsideRun,
  ): Promise<StartedOutsideRun> {
    const before = await this.dataSource.transaction((tx) => this.startedBefore(tx, actor));
    if (before) return this.answer(actor, before);
    const asked = { ...template, inputs: await resolveReferences(this.dataSource, actor.projectId, template.inputs) };
    // Whether anything is new, and the files as they are: looked at before anything is held, since hashing takes its time.
    const baseKnown = trainedElsewhere === undefined;
    const inputs = await chooseInputs(this.dataSource, actor.projectId, asked, { baseKnown });
    await describeInputs(this.dataSource, inputs, this.settings.dataDir);
    const made = await this.dataSource.transaction(async (tx): Promise<Issued | Skipped> => {
      const meanwhile = await this.startedBefore(tx, actor);
      if (meanwhile) return meanwhile;
      // Two calls of one cron line at the same moment: the second waits and sees what the first made.
      await tx.query(`select pg_advisory_xact_lock(hashtextextended($1, 0))`, [`run ${actor.projectId} ${asked.name}`]);
      const repeat =
        evenIfNothingNew || !baseKnown
          ? null
          : await findRepeat(tx, actor.projectId, asked.name, runConfigOf(asked), inputs);
      if (repeat) {
        await writeAudit(tx, actor, { action: 'run.skip', subjectType: 'run', subjectId: repeat.id });
        return { outcome: 'skipped', lastRunId: repeat.id, lastRunEndedAt: repeat.endedAt };
      }
      const { id } = await insertRun(tx, actor, asked, 'outside', trainedElsewhere);
      await this.insertAttempt(tx, actor.projectId, id, 1);
      const expiresAt = new Date(Date.now() + expiresInHours * HOUR_MS);
      await currentAct()?.key?.keep(tx, id, expiresAt);
      return issueToken(tx, actor, id, expiresAt);
    });
    return 'outcome' in made ? made : this.answer(actor, made);
  }

  /**
   * The run that an earlier request with this idempotency key made, with another token, since the first may never have
   * arrived. None is revoked for it: a first request that was given up may be answered after its repetition, and would
   * take the token from whoever works with it by then. All of them end with the run.
   */
  private async startedBefore(tx: EntityManager, actor: Actor): Promise<Issued | null> {
    const id = await currentAct()?.key?.made(tx);
    if (id == null) return null;
    const run = await findOutsideRun(tx, actor, id);
    const [token] = await tx.query<{ until: Date | null }[]>(
      'select max(expires_at) as until from api_key where run_id = $1 and revoked_at is null and expires_at > now()',
      [id],
    );
    if (!token?.until) throw runEnded(run);
    await writeAudit(tx, actor, { action: 'run.reissue_token', subjectType: 'run', subjectId: id });
    return issueToken(tx, actor, id, token.until);
  }

  private async answer(actor: Actor, { id, token, expiresAt }: Issued): Promise<StartedOutsideRun> {
    return { outcome: 'started', run: await this.job(actor, id), token, expiresAt: expiresAt.toISOString() };
  }

  /**
   * What the run is to do and reads, as its trainer needs it.
   * @throws DomainError 404; `run.ended` (409) for the run's own token; those of `describeInputs`
   */
  async job(actor: Actor, id: string): Promise<RunJob> {
    if (actor.runId !== null) await findOutsideRun(this.dataSource, actor, id);
    const run = await this.read(this.dataSource, actor, id);
    return { ...run, inputs: await listInputs(this.dataSource, id, this.settings.dataDir) };
  }

  /**
   * For the run's own token: what snapshots and models hold is not for everybody who may read runs.
   * @throws DomainError 403, 404, `run.ended` and `run.input_changed` (409), `run.input_withdrawn` (410)
   */
  async inputFile(actor: Actor, id: string, role: string, file: string): Promise<RunInputFile & { place: string }> {
    if (actor.runId === null) throw ownTokenNeeded();
    await findOutsideRun(this.dataSource, actor, id);
    return findInputFile(this.dataSource, id, role, file, this.settings.dataDir);
  }

  /** The trainer begins again, from its newest checkpoint or from the start; what the one before still sends is refused. */
  async beginAttempt(actor: Actor, id: string): Promise<RunJob> {
    await findOutsideRun(this.dataSource, actor, id);
    // Before the attempt is made: one whose inputs are gone is not begun.
    const inputs = await listInputs(this.dataSource, id, this.settings.dataDir);
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
      return { ...(await this.read(tx, actor, id)), inputs };
    });
  }

  private async insertAttempt(tx: EntityManager, projectId: string, runId: string, n: number): Promise<void> {
    await tx.query(
      `insert into run_attempt (id, project_id, run_id, n, launcher, state, heartbeat_at)
       values ($1, $2, $3, $4, 'outside', 'running', now())`,
      [uuidv7(), projectId, runId, n],
    );
  }

  private async read(db: Queryable, actor: Actor, id: string): Promise<Omit<RunJob, 'inputs'>> {
    const [run] = await db.query<Omit<RunJob, 'inputs'>[]>(
      `select r.id, r.name, r.state, r.config, greatest(1, (select max(n) from run_attempt a where a.run_id = r.id)) as attempt
       from run r where r.project_id = $1 and r.id = $2`,
      [actor.projectId, id],
    );
    if (!run) throw notFound('run', id);
    return run;
  }
}

async function issueToken(tx: EntityManager, actor: Actor, id: string, expiresAt: Date): Promise<Issued> {
  const { key: token } = await issueApiKey(tx, {
    projectId: actor.projectId,
    name: `run ${id}`,
    scopes: ['runs:read', 'runs:update'],
    runId: id,
    createdBy: personBehind(actor),
    expiresAt,
  });
  return { id, token, expiresAt };
}

function ownTokenNeeded(): DomainError {
  return new DomainError({
    code: 'access.denied',
    status: 403,
    detail: 'Inputs are fetched with the run’s own token; with any other right, download the snapshot from its page.',
  });
}
