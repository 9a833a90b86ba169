import type { EntityManager } from 'typeorm';
import type {
  Actor,
  ListQuery,
  ListReply,
  LlmCallView,
  LlmItemDetail,
  LlmItemView,
  LlmJobDetail,
  LlmJobStage,
  LlmJobView,
  LlmJobWait,
} from '@qingnang/contracts';
import { listPage } from '@qingnang/database';
import { notFound } from '@qingnang/kernel';

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

/** A job with its progress, counted now. */
export async function getLlmJob(tx: EntityManager, actor: Who, id: string): Promise<LlmJobDetail> {
  const [job] = await tx.query<LlmJobView[]>(
    `select ${JOB_COLUMNS} from ${JOB_FROM} where j.project_id = $1 and j.id = $2`,
    [actor.projectId, id],
  );
  if (!job) throw notFound('llm_job', id);
  const [items] = await tx.query<ItemSums[]>(
    `select ${['waiting', 'in_flight', 'in_doubt', 'answered', 'stored', 'failed', 'skipped']
      .map((state) => `count(*) filter (where state = '${state}')::int as ${state}`)
      .join(', ')},
       coalesce(sum(in_doubt_count), 0)::int as "inDoubtTotal",
       count(*) filter (where state in ('stored', 'failed') and updated_at > now() - interval '1 minute')::int as recent,
       extract(epoch from now() - greatest(min(updated_at) filter (where state in ('stored', 'failed')
         and updated_at > now() - interval '1 minute'), now() - interval '1 minute'))::float8 as span
     from llm_item where job_id = $1`,
    [id],
  );
  const [calls] = await tx.query<CallSums[]>(
    `select coalesce(sum(input_tokens), 0)::int as "inputTokens", coalesce(sum(output_tokens), 0)::int as "outputTokens",
       coalesce(sum(cost) filter (where not estimated or state = 'answered'), 0)::float8 as cost,
       coalesce(sum(cost) filter (where estimated and state = 'answered'), 0)::float8 as "estimatedCost",
       coalesce(sum(cost) filter (where estimated and state <> 'answered'), 0)::float8 as reserved,
       coalesce(sum(cost) filter (where second_charge), 0)::float8 as "secondCharges",
       count(*) filter (where state = 'cached')::int as "cachedCalls",
       json_build_object('calls', count(*) filter (where state = 'sending'),
         'atMost', coalesce(sum(cost) filter (where state = 'sending'), 0)::float8) as "inFlight"
     from llm_call where job_id = $1`,
    [id],
  );
  const waitsFor = job.state === 'running' && items!.in_flight === 0 ? await waitOf(tx, id) : null;
  const stages = await tx.query<LlmJobStage[]>(STAGES, [id]);
  const results = await tx.query<LlmJobDetail['results']>(
    `select result_type as type, count(*)::int as count from llm_item
     where job_id = $1 and state = 'stored' and result_type not in ('llm_item', 'nothing_new') group by 1 order by 1`,
    [id],
  );
  return { ...job, ...progressOf(job, items!), ...calls!, waitsFor, stages, results };
}

const STAGES = `select role, count(*)::int as asked,
    count(*) filter (where state in ('waiting', 'in_flight', 'in_doubt', 'answered'))::int as open,
    count(*) filter (where state = 'stored')::int as stored, count(*) filter (where state = 'failed')::int as failed,
    count(*) filter (where state = 'skipped')::int as skipped
  from llm_item where job_id = $1 group by role order by min(id::text)`;

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

interface ItemSums {
  waiting: number;
  in_flight: number;
  in_doubt: number;
  answered: number;
  stored: number;
  failed: number;
  skipped: number;
  inDoubtTotal: number;
  recent: number;
  /** Seconds since the first of the recent ones. */
  span: number | null;
}

type CallSums = Pick<
  LlmJobDetail,
  'inputTokens' | 'outputTokens' | 'cost' | 'estimatedCost' | 'reserved' | 'secondCharges' | 'cachedCalls' | 'inFlight'
>;

function progressOf(
  job: LlmJobView,
  { recent, span, inDoubtTotal, ...counts }: ItemSums,
): Pick<LlmJobDetail, 'counts' | 'inDoubtTotal' | 'rate' | 'secondsLeft'> {
  const rate = recent > 1 && span ? recent / Math.max(span, 1) : 0;
  const left = counts.waiting + counts.in_flight + counts.in_doubt + counts.answered;
  const going = job.state === 'running' && left > 0 && rate > 0;
  return { counts, inDoubtTotal, rate, secondsLeft: going ? Math.round(left / rate) : null };
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
