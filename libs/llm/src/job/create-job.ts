import type { EntityManager, QueryDeepPartialEntity } from 'typeorm';
import type { Actor, JsonObject, LlmPurposeName } from '@qingnang/contracts';
import { DomainError, notFound, uuidv7 } from '@qingnang/kernel';
import { enqueue, notify } from '@qingnang/queue';
import { modelOf } from '../provider/provider-access.js';
import { ProviderEntity } from '../provider/provider.entity.js';
import { laneKey, llmRunJob } from '../run/llm-run.job.js';
import { checkJobTransition } from './job-states.js';
import { LlmJobEntity } from './llm-job.entity.js';

export interface NewLlmJob {
  purpose: LlmPurposeName;
  name: string;
  providerId: string;
  model: string;
  filter?: JsonObject;
  promptVersionIds?: string[];
  settings?: JsonObject;
  /** Hard stop in the provider's currency; null: only the project's budgets bind. */
  budgetLimit?: number | null;
  parentType?: string;
  parentId?: string;
}

type Who = Pick<Actor, 'projectId' | 'personId'>;

/** A job as a draft. Nothing is asked before {@link startLlmJob}. */
export async function createLlmJob(tx: EntityManager, actor: Who, input: NewLlmJob): Promise<LlmJobEntity> {
  const provider = await tx.findOneBy(ProviderEntity, { id: input.providerId, projectId: actor.projectId });
  if (!provider) throw notFound('provider', input.providerId);
  modelOf(provider, input.model);
  const versions = [...new Set(input.promptVersionIds ?? [])];
  const [known] = await tx.query<{ n: number }[]>(
    'select count(*)::int as n from prompt_version where project_id = $1 and id = any($2::uuid[])',
    [actor.projectId, versions],
  );
  if (known?.n !== versions.length) {
    throw new DomainError({
      code: 'llm_job.unknown_prompt_version',
      status: 422,
      field: 'promptVersionIds',
      detail: 'One of the prompt versions is not in this project: choose among its templates.',
    });
  }
  const id = uuidv7();
  await tx.insert(LlmJobEntity, {
    id,
    projectId: actor.projectId,
    purpose: input.purpose,
    name: input.name,
    filter: input.filter ?? {},
    promptVersionIds: versions,
    providerId: input.providerId,
    model: input.model,
    settings: input.settings ?? {},
    budgetLimit: input.budgetLimit ?? null,
    parentType: input.parentType ?? null,
    parentId: input.parentId ?? null,
    createdBy: actor.personId,
  } as QueryDeepPartialEntity<LlmJobEntity>);
  await notify(tx, actor.projectId, 'llm-jobs', id);
  return tx.findOneByOrFail(LlmJobEntity, { id });
}

/** Lets a job run: its items are written out by the worker, then asked. For upper libraries a draft may start at once. */
export async function startLlmJob(tx: EntityManager, actor: Who, id: string): Promise<LlmJobEntity> {
  const job = await lockJob(tx, actor, id);
  if (job.state !== 'draft') checkJobTransition(job.state, 'running');
  await tx.update(LlmJobEntity, { id }, { state: 'running', failure: null, revision: job.revision + 1 });
  await setJobBudget(tx, job, job.budgetLimit);
  return letRun(tx, job);
}

/** Queues as many lanes as the provider's concurrency may need over several workers. */
export async function letRun(tx: EntityManager, job: LlmJobEntity): Promise<LlmJobEntity> {
  const provider = await tx.findOneByOrFail(ProviderEntity, { id: job.providerId });
  const lanes = Math.min(4, Math.max(1, Math.ceil(provider.maxConcurrency / CALLS_PER_LANE)));
  for (let lane = 0; lane < lanes; lane++) {
    const payload = { jobId: job.id, projectId: job.projectId, lane };
    await enqueue(tx, llmRunJob, payload, { key: laneKey(job.id, lane) });
  }
  await notify(tx, job.projectId, 'llm-jobs', job.id);
  return tx.findOneByOrFail(LlmJobEntity, { id: job.id });
}

const CALLS_PER_LANE = 8;

export async function lockJob(tx: EntityManager, actor: Who, id: string): Promise<LlmJobEntity> {
  const job = await tx.findOne(LlmJobEntity, {
    where: { id, projectId: actor.projectId },
    lock: { mode: 'pessimistic_write' },
  });
  if (!job) throw notFound('llm_job', id);
  return job;
}

/** The job's own budget row; without a limit there is none. */
export async function setJobBudget(
  tx: EntityManager,
  job: Pick<LlmJobEntity, 'id' | 'projectId' | 'providerId'>,
  limit: number | null,
): Promise<void> {
  // "No limit" must not delete what has been reserved and spent; this many is never reached.
  await tx.query(
    `insert into budget (id, project_id, scope, job_id, limit_amount, currency)
     select $1, $2, 'job', $3, coalesce($4::numeric, 99999999), currency from provider where id = $5 and
       ($4 is not null or exists (select from budget where job_id = $3))
     on conflict on constraint uq_budget_scope do update set limit_amount = excluded.limit_amount`,
    [uuidv7(), job.projectId, job.id, limit, job.providerId],
  );
}
