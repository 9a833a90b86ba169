import type { EntityManager } from 'typeorm';
import type { RunAttemptView, RunResult, RunState } from '@qingnang/contracts';
import { limitRunKeys, revokeRunKeys } from '@qingnang/identity';
import { notify } from '@qingnang/queue';
import { codeOf, tellWebhook } from '../webhook/tell-webhook.js';

const FAILURE_CHARACTERS = 500;
const DAY_MS = 86_400_000;

/**
 * A run trained elsewhere is over, its attempt too. Its token ends with it; after a result only a day later, since the
 * answer may be lost on the way: until then it is good for sending that result again, and every other route refuses it.
 */
export async function endOutsideRun(
  tx: EntityManager,
  run: { id: string; projectId: string },
  attempt: RunAttemptView['state'],
  state: RunState,
  facts: { result?: RunResult; failure?: string } = {},
): Promise<void> {
  await tx.query(
    `update run_attempt set state = $2, ended_at = now() where run_id = $1 and state in ('starting', 'running')`,
    [run.id, attempt],
  );
  await tx.query(
    `update run set state = $2, wish = null, failure = $3, result = coalesce($4::jsonb, result), ended_at = now(),
       revision = revision + 1
     where id = $1`,
    [
      run.id,
      state,
      facts.failure?.slice(0, FAILURE_CHARACTERS) ?? null,
      facts.result ? JSON.stringify(facts.result) : null,
    ],
  );
  if (facts.result) await limitRunKeys(tx, run.projectId, run.id, new Date(Date.now() + DAY_MS));
  else await revokeRunKeys(tx, run.projectId, run.id);
  if (state === 'failed') {
    const subject = { type: 'run' as const, id: run.id };
    await tellWebhook(tx, run.projectId, { event: 'run.failed', subject, code: codeOf(facts.failure) });
  }
  await notify(tx, run.projectId, 'runs', run.id);
}

const EXPIRED =
  'run.token_expired: The token of this run has run out or was revoked before a result came; start a new run on the machine that trains it.';

/** Runs elsewhere whose token is no longer good can never report: they have failed. @returns how many */
export async function failExpiredRuns(tx: EntityManager): Promise<number> {
  const over = await tx.query<{ id: string; projectId: string }[]>(
    `select r.id, r.project_id as "projectId" from run r
     where r.launcher = 'outside' and r.state in ('starting', 'running') and not exists (
       select from api_key k where k.run_id = r.id and k.revoked_at is null
         and (k.expires_at is null or k.expires_at > now()))
     for update of r skip locked`,
  );
  for (const run of over) await endOutsideRun(tx, run, 'lost', 'failed', { failure: EXPIRED });
  return over.length;
}
