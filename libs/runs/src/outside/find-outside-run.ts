import type { EntityManager } from 'typeorm';
import type { Actor, RunConfig, RunResult, RunState } from '@qingnang/contracts';
import { DomainError, notFound } from '@qingnang/kernel';

export interface OutsideRun {
  id: string;
  projectId: string;
  name: string;
  state: RunState;
  config: RunConfig;
  folder: string;
  attempt: number;
  /** What its trainer handed in; null before. */
  result: RunResult | null;
}

/**
 * A run trained elsewhere that is still at work, held until the transaction ends.
 * @throws DomainError 404; `run.not_outside`, `run.ended` (409)
 */
export async function findOutsideRun(tx: Pick<EntityManager, 'query'>, actor: Actor, id: string): Promise<OutsideRun> {
  const run = await findAnyOutsideRun(tx, actor, id);
  if (run.state !== 'running') throw runEnded(run);
  return run;
}

/** The same, whether at work or over. @throws DomainError 404; `run.not_outside` (409) */
export async function findAnyOutsideRun(
  tx: Pick<EntityManager, 'query'>,
  actor: Actor,
  id: string,
): Promise<OutsideRun> {
  const [run] = await tx.query<(OutsideRun & { launcher: string })[]>(
    `select r.id, r.project_id as "projectId", r.name, r.state, r.config, r.folder, r.launcher, r.result,
       (select coalesce(max(a.n), 0)::int from run_attempt a where a.run_id = r.id) as attempt
     from run r where r.project_id = $1 and r.id = $2 for update of r`,
    [actor.projectId, id],
  );
  if (!run) throw notFound('run', id);
  if (run.launcher !== 'outside') {
    throw new DomainError({
      code: 'run.not_outside',
      status: 409,
      detail: 'This run is trained by the platform itself, which needs nothing sent to it.',
    });
  }
  return run;
}

export function runEnded({ state }: { state: RunState }): DomainError {
  return new DomainError({
    code: 'run.ended',
    status: 409,
    detail: `This run is ${state}: it takes nothing more. Start a new one.`,
    details: { state },
  });
}

/** Another attempt has taken over: what an earlier one sends would mix with its files. */
export function refuseOldAttempt(run: OutsideRun, attempt: number): void {
  if (attempt === run.attempt) return;
  throw new DomainError({
    code: attempt < run.attempt ? 'run.attempt_superseded' : 'run.unknown_attempt',
    status: attempt < run.attempt ? 409 : 422,
    field: 'attempt',
    detail: `This run is at attempt ${run.attempt}; what comes in the name of attempt ${attempt} is not taken.`,
    details: { attempt: run.attempt },
  });
}
