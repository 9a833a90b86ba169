import type { EntityManager } from 'typeorm';
import type { RunConfig } from '@qingnang/contracts';
import { issueApiKey, revokeRunKeys } from '@qingnang/identity';
import { uuidv7 } from '@qingnang/kernel';
import { notify } from '@qingnang/queue';

/** A run with the attempt that has just begun. */
export interface ClaimedRun {
  id: string;
  projectId: string;
  config: RunConfig;
  folder: string;
  attemptId: string;
  attempt: number;
  /** Token with which this attempt may report to its run, and nothing else. */
  token: string;
}

const TOKEN_DAYS = 30;

/** Takes the oldest queued run of the installation: state, attempt and token in one transaction. Null when none waits. */
export async function claimRun(tx: EntityManager, launcher: string): Promise<ClaimedRun | null> {
  const [run] = await tx.query<{ id: string; projectId: string; config: RunConfig; folder: string; attempt: number }[]>(
    `with taken as (
       update run set state = 'starting', started_at = coalesce(started_at, now()), ended_at = null,
         revision = revision + 1
       where id = (select id from run where state = 'queued' order by created_at, id limit 1 for update skip locked)
       returning id, project_id as "projectId", config, folder)
     select taken.*, (select coalesce(max(n), 0) + 1 from run_attempt a where a.run_id = taken.id)::int as attempt
     from taken`,
  );
  if (!run) return null;
  const attemptId = uuidv7();
  await tx.query(
    `insert into run_attempt (id, project_id, run_id, n, launcher, heartbeat_at) values ($1, $2, $3, $4, $5, now())`,
    [attemptId, run.projectId, run.id, run.attempt, launcher],
  );
  await revokeRunKeys(tx, run.projectId, run.id);
  const { key } = await issueApiKey(tx, {
    projectId: run.projectId,
    name: `run ${run.id} attempt ${run.attempt}`,
    scopes: ['runs:update'],
    runId: run.id,
    // The platform's own, in a child process's hands only: it does not end with whoever wanted the run.
    createdBy: null,
    expiresAt: new Date(Date.now() + TOKEN_DAYS * 86_400_000),
  });
  await notify(tx, run.projectId, 'runs', run.id);
  const { id, projectId, config, folder, attempt } = run;
  return { id, projectId, config, folder, attemptId, attempt, token: key };
}
