import { join } from 'node:path';
import type { DataSource, EntityManager } from 'typeorm';
import type { RunAttemptView, RunResult, RunState } from '@qingnang/contracts';
import { revokeRunKeys } from '@qingnang/identity';
import { DomainError } from '@qingnang/kernel';
import { notify } from '@qingnang/queue';
import { registerModel } from '../models/register-model.js';
import { requestLaunch } from '../runs.jobs.js';
import { tellOwnerOfRun } from '../schedule/tell-owner.js';
import { codeOf, tellWebhook } from '../webhook/tell-webhook.js';
import type { ClaimedRun } from './claim-run.js';
import { hashWeights } from './file-hashes.js';
import { readResult } from './run-files.js';

export type AttemptEnd =
  /** Another worker took this attempt for lost; what it decided stands. */
  { kind: 'superseded' } | EndedProcess;

export interface EndedProcess {
  kind: 'ended';
  exitCode: number | null;
  output: string;
  /** Why it was told to end, if it was. */
  asked: 'pause' | 'cancel' | 'stop' | null;
}

/** The trainer saved a checkpoint because it was told to. */
const EXIT_STOPPED = 75;
/** Attempts lost in a row from one and the same step, after which something is wrong with the machine or the run. */
const LOST_LIMIT = 4;
const FAILURE_CHARACTERS = 500;

/** Enters how an attempt ended, and what the run does next. */
export async function concludeAttempt(
  dataSource: DataSource,
  run: ClaimedRun,
  dataDir: string,
  end: EndedProcess,
): Promise<void> {
  const result = await readResult(join(dataDir, run.folder));
  if (result?.state === 'succeeded' && end.asked !== 'cancel') return succeed(dataSource, run, dataDir, result, end);
  await dataSource.transaction(async (tx) => {
    if (end.asked === 'cancel') await endAttempt(tx, run, 'stopped', 'cancelled', { exitCode: end.exitCode, result });
    else if (end.exitCode === EXIT_STOPPED || (end.asked !== null && end.exitCode === null)) {
      const attempt = end.exitCode === EXIT_STOPPED ? 'stopped' : 'lost';
      const next = end.asked === 'pause' ? 'paused' : 'queued';
      await endAttempt(tx, run, attempt, next, { exitCode: end.exitCode, result: null });
    } else if (end.exitCode === null) await loseAttempt(tx, run);
    else await failRun(tx, run, failureOf(end, result), end.exitCode);
  });
}

async function succeed(
  dataSource: DataSource,
  run: ClaimedRun,
  dataDir: string,
  result: RunResult,
  end: EndedProcess,
): Promise<void> {
  // Remembered, so that nothing is held while gigabytes are read; what is missing or wrong is said at registering.
  if (result.checkpoint !== null) await hashWeights(join(dataDir, run.folder, result.checkpoint)).catch(() => null);
  try {
    await dataSource.transaction(async (tx) => {
      await endAttempt(tx, run, 'succeeded', 'succeeded', { exitCode: end.exitCode, result });
      await registerModel(tx, run, dataDir, result);
    });
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    await dataSource.transaction((tx) => failRun(tx, run, `${error.code}: ${error.message}`, end.exitCode));
  }
}

async function loseAttempt(tx: EntityManager, run: ClaimedRun): Promise<void> {
  const [row] = await tx.query<{ lost: number }[]>(
    `select count(*)::int as lost from run_attempt a where a.run_id = $1 and a.state = 'lost'
       and a.resumed_from_step is not distinct from (select resumed_from_step from run_attempt where id = $2)`,
    [run.id, run.attemptId],
  );
  if (row!.lost + 1 >= LOST_LIMIT) {
    const failure = `run.lost_too_often: The trainer was killed ${LOST_LIMIT} times at the same place; look at the memory of the machine, then resume.`;
    await endAttempt(tx, run, 'lost', 'failed', { exitCode: null, result: null, failure });
  } else await endAttempt(tx, run, 'lost', 'queued', { exitCode: null, result: null });
}

export async function failRun(
  tx: EntityManager,
  run: ClaimedRun,
  failure: string,
  exitCode: number | null,
): Promise<void> {
  await endAttempt(tx, run, 'failed', 'failed', { exitCode, result: null, failure });
}

/** The attempt's end and the run's next state; a queued run is looked for again. */
async function endAttempt(
  tx: EntityManager,
  run: ClaimedRun,
  attempt: RunAttemptView['state'],
  next: RunState,
  facts: { exitCode: number | null; result: RunResult | null; failure?: string },
): Promise<void> {
  await tx.query(`update run_attempt set state = $2, exit_code = $3, ended_at = now() where id = $1`, [
    run.attemptId,
    attempt,
    facts.exitCode,
  ]);
  await tx.query(
    `update run set state = $2, wish = null, failure = $3, result = coalesce($4::jsonb, result), revision = revision + 1,
       ended_at = case when $2 in ('succeeded', 'failed', 'cancelled') then now() end
     where id = $1`,
    [
      run.id,
      next,
      facts.failure?.slice(0, FAILURE_CHARACTERS) ?? null,
      facts.result === null ? null : JSON.stringify(facts.result),
    ],
  );
  await revokeRunKeys(tx, run.projectId, run.id);
  if (next === 'queued') await requestLaunch(tx, run.projectId, run.id);
  if (next === 'failed') await tellOwnerOfRun(tx, run.id);
  await tellOfEnd(tx, run, attempt, next, facts.failure);
  await notify(tx, run.projectId, 'runs', run.id);
}

/** Tells whoever listens in the night: a run that failed or paused, and one whose trainer is lost and which starts anew. */
async function tellOfEnd(
  tx: EntityManager,
  { id, projectId }: ClaimedRun,
  attempt: RunAttemptView['state'],
  next: RunState,
  failure: string | undefined,
): Promise<void> {
  const event = next === 'failed' ? 'run.failed' : next === 'paused' ? 'run.paused' : attempt === 'lost' && 'run.lost';
  if (event) await tellWebhook(tx, projectId, { event, subject: { type: 'run', id }, code: codeOf(failure) });
}

/** What the trainer said went wrong: in `result.json`, else on standard output, else only by its exit code. */
function failureOf(end: EndedProcess, result: RunResult | null): string {
  if (result?.state === 'failed' && result.error !== null) return result.error;
  for (const line of end.output.split('\n').toReversed()) {
    try {
      const { error } = JSON.parse(line) as { error?: { code?: string; detail?: string } };
      if (error?.code) return `${error.code}: ${error.detail ?? ''}`;
    } catch {
      // Not a line of ours.
    }
  }
  return `run.trainer_failed: The trainer ended with code ${end.exitCode}; its log says more.`;
}
