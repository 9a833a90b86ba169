import type { EntityManager } from 'typeorm';
import type {
  Actor,
  ListQuery,
  ListReply,
  LlmCallView,
  LlmItemDetail,
  LlmItemView,
  LlmJobDetail,
  LlmJobView,
  LlmJobWait,
} from '@qingnang/contracts';
import { listPage } from '@qingnang/database';
import { notFound } from '@qingnang/kernel';
import { callSums, itemSums, keptItems, type Pace, paceOf, resultSums } from './job-sums.js';

type Who = Pick<Actor, 'projectId'>;

const ROLES = `(select json_agg(json_build_object('role', r.role, 'providerId', r.provider_id, 'providerName', rp.name,
    'model', r.model, 'rehearsal', rp.kind = 'rehearsal', 'promptVersionIds', r.prompt_version_ids) order by r.role)
  from llm_job_role r join provider rp on rp.id = r.provider_id where r.job_id = j.id)`;

const JOB_COLUMNS = `j.id, j.purpose, j.name, j.state, j.failure,
  case when j.failure is not null then j.fault_said end as "failureSaid",
  case when j.failure is not null then j.fault_param end as "failureParam", ${ROLES} as roles, j.provider_id as "providerId", p.name as "providerName",
  p.kind = 'rehearsal' as rehearsal, j.model, j.prompt_version_ids as "promptVersionIds", j.filter, j.settings,
  j.budget_limit::float8 as "budgetLimit", p.currency, j.estimate, j.total, j.parent_type as "parentType",
  j.parent_id as "parentId", j.created_by as "createdBy", j.created_at as "createdAt", j.started_at as "startedAt",
  j.ended_at as "endedAt", j.revision`;
const JOB_FROM = 'llm_job j join provider p on p.id = j.provider_id';

const ITEM_COLUMNS = `i.id, i.role, i.subject_type as "subjectType", i.subject_id as "subjectId", i.turn_n as "turnN",
  i.sample_index as "sampleIndex", i.prompt_version_id as "promptVersionId", i.state, i.attempts,
  i.in_doubt_count as "inDoubtCount", i.result_type as "resultType", i.result_id as "resultId",
  i.error_code as "errorCode", i.error_detail as "errorDetail", i.input_tokens as "inputTokens",
  i.output_tokens as "outputTokens", i.cost::float8 as cost, i.updated_at as "updatedAt"`;

const CALL_COLUMNS = `id, attempt, state, status_code as "statusCode", input_tokens as "inputTokens",
  output_tokens as "outputTokens", cost::float8 as cost, estimated, second_charge as "secondCharge", rehearsal,
  latency_ms as "latencyMs", error_code as "errorCode", answer_type as "answerType", created_at as "createdAt", answered_at as "answeredAt"`;

export interface LlmJobFilters {
  state?: string | undefined;
  purpose?: string | undefined;
}

export function listLlmJobs(
  tx: EntityManager,
  actor: Who,
  query: ListQuery & LlmJobFilters,
): Promise<ListReply<LlmJobView>> {
  const params: unknown[] = [actor.projectId];
  const where = ['j.project_id = $1'];
  if (query.state) where.push(`j.state = $${params.push(query.state)}`);
  if (query.purpose) where.push(`j.purpose = $${params.push(query.purpose)}`);
  return listPage<LlmJobView, LlmJobView>(tx, {
    select: JOB_COLUMNS,
    from: JOB_FROM,
    where,
    params,
    sortable: { createdAt: { sql: 'j.created_at', type: 'timestamptz' } },
    id: { sql: 'j.id', type: 'uuid' },
    query,
    map: (row) => row,
  });
}

/** A job with its progress: kept counts, so that a page costs the same whatever the job holds. */
export async function getLlmJob(tx: EntityManager, actor: Who, id: string): Promise<LlmJobDetail> {
  const [job] = await tx.query<LlmJobView[]>(
    `select ${JOB_COLUMNS} from ${JOB_FROM} where j.project_id = $1 and j.id = $2`,
    [actor.projectId, id],
  );
  if (!job) throw notFound('llm_job', id);
  const place = { projectId: actor.projectId, id };
  const { counts, stages } = await itemSums(tx, place);
  const waitsFor = job.state === 'running' && counts.in_flight === 0 ? await waitOf(tx, id) : null;
  return {
    ...job,
    counts,
    stages,
    ...progressOf(job, counts, await paceOf(tx, place)),
    ...(await callSums(tx, place)),
    waitsFor,
    results: await resultSums(tx, place),
  };
}

/** What keeps a job with something to ask from asking. */
async function waitOf(tx: EntityManager, id: string): Promise<LlmJobWait | null> {
  const [wait] = await tx.query<LlmJobWait[]>(
    `select case when b.open_until > now() then b.reason else 'asleep' end as reason, r.model,
       case when b.open_until > now() then b.open_until
         when p.breaker_open_until < now() + interval '1 year' then p.breaker_open_until end as until
     from llm_job_role r join provider p on p.id = r.provider_id
       left join model_breaker b on b.provider_id = r.provider_id and b.model = r.model
     where r.job_id = $1 and (b.open_until > now() or p.breaker_open_until > now())
       and exists (select from llm_item i where i.job_id = r.job_id and i.role = r.role and i.state = 'waiting')
     order by until nulls last limit 1`,
    [id],
  );
  return wait ?? null;
}

function progressOf(
  job: LlmJobView,
  counts: LlmJobDetail['counts'],
  { recent, span, inDoubtTotal }: Pace,
): Pick<LlmJobDetail, 'inDoubtTotal' | 'rate' | 'secondsLeft'> {
  const rate = recent > 1 && span ? recent / Math.max(span, 1) : 0;
  const left = counts.waiting + counts.in_flight + counts.in_doubt + counts.answered;
  const going = job.state === 'running' && left > 0 && rate > 0;
  return { inDoubtTotal, rate, secondsLeft: going ? Math.round(left / rate) : null };
}

export async function listLlmItems(
  tx: EntityManager,
  actor: Who,
  jobId: string,
  query: ListQuery & { state?: string | undefined },
): Promise<ListReply<LlmItemView>> {
  await requireJob(tx, actor, jobId);
  const params: unknown[] = [jobId];
  const where = ['i.job_id = $1'];
  if (query.state) where.push(`i.state = $${params.push(query.state)}`);
  return listPage<LlmItemView, LlmItemView>(tx, {
    select: ITEM_COLUMNS,
    from: 'llm_item i',
    where,
    params,
    sortable: {
      id: { sql: 'i.id', type: 'uuid' },
      updatedAt: { sql: 'i.updated_at', type: 'timestamptz' },
    },
    id: { sql: 'i.id', type: 'uuid' },
    query,
    map: (row) => row,
    total: () => keptItems(tx, { projectId: actor.projectId, id: jobId }, query.state),
  });
}

export async function getLlmItem(tx: EntityManager, actor: Who, jobId: string, id: string): Promise<LlmItemDetail> {
  const [item] = await tx.query<LlmItemView[]>(
    `select ${ITEM_COLUMNS} from llm_item i where i.project_id = $1 and i.job_id = $2 and i.id = $3`,
    [actor.projectId, jobId, id],
  );
  if (!item) throw notFound('llm_item', id);
  const calls = await tx.query<LlmCallView[]>(
    `select ${CALL_COLUMNS} from llm_call where item_id = $1 order by created_at, id`,
    [id],
  );
  return { ...item, calls };
}

async function requireJob(tx: EntityManager, actor: Who, id: string): Promise<void> {
  const found = await tx.query<unknown[]>('select 1 from llm_job where project_id = $1 and id = $2', [
    actor.projectId,
    id,
  ]);
  if (found.length === 0) throw notFound('llm_job', id);
}
