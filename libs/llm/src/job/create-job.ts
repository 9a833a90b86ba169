import type { EntityManager, QueryDeepPartialEntity } from 'typeorm';
import type { Actor, JsonObject, LlmPurposeName } from '@qingnang/contracts';
import { DomainError, notFound, uuidv7 } from '@qingnang/kernel';
import { enqueue, notify } from '@qingnang/queue';
import { modelOf } from '../provider/provider-access.js';
import { ProviderEntity } from '../provider/provider.entity.js';
import { llmRunJob } from '../run/llm-run.job.js';
import { checkJobTransition } from './job-states.js';
import { LlmJobRoleEntity } from './llm-job-role.entity.js';
import { LlmJobEntity } from './llm-job.entity.js';

export interface NewLlmJobRole {
  role: string;
  providerId: string;
  model: string;
  promptVersionIds?: string[];
}

export interface NewLlmJob {
  purpose: LlmPurposeName;
  name: string;
  providerId: string;
  model: string;
  filter?: JsonObject;
  promptVersionIds?: string[];
  /** Who else is asked, by role; without it the job has one voice, the role `answer`. */
  roles?: readonly NewLlmJobRole[];
  settings?: JsonObject;
  /** Hard stop in the provider's currency; null: only the project's budgets bind. */
  budgetLimit?: number | null;
  parentType?: string;
  parentId?: string;
}

type Who = Pick<Actor, 'projectId' | 'personId'>;

/** A job as a draft. Nothing is asked before {@link startLlmJob}. */
export async function createLlmJob(tx: EntityManager, actor: Who, input: NewLlmJob): Promise<LlmJobEntity> {
  const roles = input.roles ?? [{ ...input, role: 'answer' }];
  const currencies = new Set<string>();
  for (const { providerId, model } of roles) currencies.add(await checkModel(tx, actor, providerId, model));
  if (currencies.size > 1) throw currenciesDiffer([...currencies]);
  const versions = [...new Set(roles.flatMap((role) => role.promptVersionIds ?? []))];
  await checkVersions(tx, actor, versions);
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
  await tx.insert(
    LlmJobRoleEntity,
    roles.map(({ role, providerId, model, promptVersionIds = [] }) => ({
      projectId: actor.projectId,
      jobId: id,
      role,
      providerId,
      model,
      promptVersionIds: [...new Set(promptVersionIds)],
    })),
  );
  await notify(tx, actor.projectId, 'llm-jobs', id);
  return tx.findOneByOrFail(LlmJobEntity, { id });
}

async function checkVersions(tx: EntityManager, actor: Who, versions: readonly string[]): Promise<void> {
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
}

/** @returns the currency it is paid in */
async function checkModel(tx: EntityManager, actor: Who, providerId: string, model: string): Promise<string> {
  const provider = await tx.findOneBy(ProviderEntity, { id: providerId, projectId: actor.projectId });
  if (!provider) throw notFound('provider', providerId);
  modelOf(provider, model);
  return provider.currency;
}

/** One job has one budget, and money of two kinds cannot be added up. */
function currenciesDiffer(currencies: readonly string[]): DomainError {
  return new DomainError({
    code: 'llm_job.currencies_differ',
    status: 422,
    field: 'roles',
    detail: `These models are paid in ${currencies.join(' and ')}: choose providers of one currency, so that one budget holds for both.`,
  });
}

/** A job that is let run anew has met no fault yet. */
export const UNTRIED = {
  failure: null,
  faultCode: null,
  faultParam: null,
  faultSaid: null,
  faultCount: 0,
  works: false,
};

/** Lets a job run: its items are written out by the worker, then asked. For upper libraries a draft may start at once. */
export async function startLlmJob(tx: EntityManager, actor: Who, id: string): Promise<LlmJobEntity> {
  const job = await lockJob(tx, actor, id);
  if (job.state !== 'draft') checkJobTransition(job.state, 'running');
  await tx.update(LlmJobEntity, { id }, { ...UNTRIED, state: 'running', revision: job.revision + 1 });
  await setJobBudget(tx, job, job.budgetLimit);
  return letRun(tx, job);
}

/** Queues as many lanes as the providers' concurrency may need over several workers. */
export async function letRun(tx: EntityManager, job: LlmJobEntity): Promise<LlmJobEntity> {
  const [widest] = await tx.query<{ calls: number | null }[]>(
    `select max(p.max_concurrency) as calls from llm_job_role r join provider p on p.id = r.provider_id where r.job_id = $1`,
    [job.id],
  );
  const lanes = Math.min(4, Math.max(1, Math.ceil((widest?.calls ?? 1) / CALLS_PER_LANE)));
  for (let lane = 0; lane < lanes; lane++) {
    await enqueue(tx, llmRunJob, { jobId: job.id, projectId: job.projectId, lane });
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
