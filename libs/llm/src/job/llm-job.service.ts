import type { EntityManager } from 'typeorm';
import type { Actor, LlmEstimate, UpdateLlmJob } from '@qingnang/contracts';
import { DomainError, staleRevision } from '@qingnang/kernel';
import { notify } from '@qingnang/queue';
import { priceOf } from '../call/tokens.js';
import { modelOf } from '../provider/provider-access.js';
import { ProviderEntity } from '../provider/provider.entity.js';
import { skipOpenItems } from '../run/sweep-leases.js';
import { purposeContext } from '../run/write-out.js';
import { createLlmJob, letRun, lockJob, type NewLlmJob, setJobBudget, startLlmJob, UNTRIED } from './create-job.js';
import { checkJobTransition, wrongJobState } from './job-states.js';
import { LlmJobEntity } from './llm-job.entity.js';
import { LlmJobRoleEntity } from './llm-job-role.entity.js';
import type { PurposeRegistry, RoleEstimate } from './llm-purpose.js';

type Who = Pick<Actor, 'projectId' | 'personId'>;

/** Each role's tokens at its own model's price. */
async function costOf(tx: EntityManager, job: LlmJobEntity, shares: readonly RoleEstimate[]): Promise<number> {
  let cost = 0;
  for (const { role, inputTokens, outputTokens } of shares) {
    const { providerId, model } = await tx.findOneByOrFail(LlmJobRoleEntity, { jobId: job.id, role });
    const provider = await tx.findOneByOrFail(ProviderEntity, { id: providerId });
    cost += priceOf(modelOf(provider, model), inputTokens, outputTokens);
  }
  return cost;
}

/** What people do with jobs. Every method works in the caller's transaction, in which the act is also audited. */
export class LlmJobService {
  constructor(private readonly purposes: PurposeRegistry) {}

  /** Creates a job and says what it would ask and cost; it waits as `estimated` for its start. */
  async create(tx: EntityManager, actor: Who, input: NewLlmJob): Promise<LlmJobEntity> {
    const job = await createLlmJob(tx, actor, input);
    const estimate = await this.estimate(tx, job);
    await tx.update(LlmJobEntity, { id: job.id }, { estimate, state: 'estimated' });
    return tx.findOneByOrFail(LlmJobEntity, { id: job.id });
  }

  /** The estimate of a job that is not kept. The caller rolls its transaction back. */
  async preview(tx: EntityManager, actor: Who, input: NewLlmJob): Promise<LlmEstimate> {
    return this.estimate(tx, await createLlmJob(tx, actor, input));
  }

  private async estimate(tx: EntityManager, job: LlmJobEntity): Promise<LlmEstimate> {
    const provider = await tx.findOneByOrFail(ProviderEntity, { id: job.providerId });
    const counted = await this.purposes.get(job.purpose).estimate(tx, job, purposeContext(provider, job.model));
    const { roles, ...sums } = counted;
    const cost = await costOf(tx, job, roles ?? [{ ...sums, role: 'answer' }]);
    return { ...sums, cost, currency: provider.currency };
  }

  /** @throws DomainError `llm_job.wrong_state` (409), `llm_job.nothing_to_do` (422) */
  async start(tx: EntityManager, actor: Who, id: string): Promise<LlmJobEntity> {
    const job = await lockJob(tx, actor, id);
    if (job.state !== 'estimated') throw wrongJobState(job.state, 'running');
    if (job.estimate && job.estimate.calls === 0) {
      throw new DomainError({
        code: 'llm_job.nothing_to_do',
        status: 422,
        detail: 'This choice leaves nothing to ask: widen the filter, or include records that have a result already.',
      });
    }
    return startLlmJob(tx, actor, id);
  }

  /** Calls in flight end and are stored; nothing new is sent. */
  pause(tx: EntityManager, actor: Who, id: string): Promise<LlmJobEntity> {
    return this.move(tx, actor, id, 'paused');
  }

  async resume(tx: EntityManager, actor: Who, id: string): Promise<LlmJobEntity> {
    const job = await lockJob(tx, actor, id);
    if (job.state !== 'paused') throw wrongJobState(job.state, 'running');
    await tx.update(LlmJobEntity, { id }, { ...UNTRIED, state: 'running', revision: job.revision + 1 });
    return letRun(tx, job);
  }

  /** What waits is skipped; what is in flight ends and is stored, since it was paid. */
  async cancel(tx: EntityManager, actor: Who, id: string): Promise<LlmJobEntity> {
    const job = await this.move(tx, actor, id, 'cancelled');
    await tx.update(LlmJobEntity, { id }, { endedAt: new Date() });
    await skipOpenItems(tx, id);
    await this.purposes.get(job.purpose).failed?.(tx, job);
    // A lane has to end what a dead worker left in flight.
    return letRun(tx, job);
  }

  /**
   * Failed items wait again, each under its next key: what was bought and could not be read is bought once more. An answer
   * that broke off where the model has no more room would break off again, and is left.
   */
  async retryFailed(tx: EntityManager, actor: Who, id: string): Promise<LlmJobEntity> {
    const job = await lockJob(tx, actor, id);
    if (job.state !== 'running' && job.state !== 'paused') checkJobTransition(job.state, 'running');
    const again = await tx.query<unknown[]>(
      `with again as (
         update llm_item set state = 'waiting', attempts = 0, in_doubt_count = 0, run_at = now(), error_code = null,
           error_detail = null, updated_at = now(),
           idempotency_key = id::text || '.' || (split_part(idempotency_key, '.', 2)::int + 1)
         where job_id = $1 and state = 'failed'
           and (error_code is distinct from 'truncated' or output_cap is not null) returning id)
       select id from again`,
      [id],
    );
    if (again.length === 0) {
      throw new DomainError({
        code: 'llm_job.nothing_failed',
        status: 409,
        detail: 'No item of this job has failed that could be asked anew.',
      });
    }
    await tx.update(LlmJobEntity, { id }, { ...UNTRIED, state: 'running', endedAt: null, revision: job.revision + 1 });
    return letRun(tx, job);
  }

  /** @throws DomainError `revision.stale` (412) */
  async update(
    tx: EntityManager,
    actor: Who,
    id: string,
    revision: number,
    input: UpdateLlmJob,
  ): Promise<LlmJobEntity> {
    const job = await lockJob(tx, actor, id);
    if (job.revision !== revision) throw staleRevision('llm_job', job.revision);
    await tx.update(LlmJobEntity, { id }, { ...input, revision: revision + 1 });
    if (input.budgetLimit !== undefined) await setJobBudget(tx, job, input.budgetLimit);
    await notify(tx, job.projectId, 'llm-jobs', id);
    return tx.findOneByOrFail(LlmJobEntity, { id });
  }

  private async move(tx: EntityManager, actor: Who, id: string, state: 'paused' | 'cancelled'): Promise<LlmJobEntity> {
    const job = await lockJob(tx, actor, id);
    checkJobTransition(job.state, state);
    await tx.update(LlmJobEntity, { id }, { state, failure: null, revision: job.revision + 1 });
    await notify(tx, job.projectId, 'llm-jobs', id);
    return tx.findOneByOrFail(LlmJobEntity, { id });
  }
}
