import type {
  EvaluationItemQuery,
  EvaluationItemView,
  EvaluationQuery,
  EvaluationView,
  ListReply,
} from '@qingnang/contracts';
import { listPage, type Queryable } from '@qingnang/database';
import { notFound } from '@qingnang/kernel';
import { outcomeOf, type OrderedVerdict } from './outcomes.js';
import { preferenceOf } from '@qingnang/judge';

/** A job that failed or was cancelled leaves its evaluation without an end of its own. */
const STATE = `case when e.state in ('answering', 'judging') and exists (select from llm_job j
    where j.parent_type = 'evaluation' and j.parent_id = e.id and j.state in ('failed', 'cancelled'))
  then 'failed' else e.state end`;

const COLUMNS = `e.id, e.name, json_build_object('id', s.id, 'name', s.name, 'version', s.version) as suite,
  json_build_object('id', a.id, 'name', a.name, 'stage', a.stage) as "modelA",
  json_build_object('id', b.id, 'name', b.name, 'stage', b.stage) as "modelB",
  e.judge_provider_id as "judgeProviderId", e.judge_model as "judgeModel", ${STATE} as state,
  coalesce(e.failure, (select j.failure from llm_job j where j.parent_type = 'evaluation' and j.parent_id = e.id
    and j.failure is not null order by j.created_at desc limit 1)) as failure,
  e.rehearsal, e.summary, e.created_at as "createdAt", e.ended_at as "endedAt",
  (select count(*)::int from llm_item i join llm_job j on j.id = i.job_id where j.parent_type = 'evaluation'
    and j.parent_id = e.id and i.state in ('stored', 'failed', 'skipped')) as done,
  (select 4 * count(*)::int from suite_item q where q.suite_id = e.suite_id) as total`;
const FROM = `evaluation e join suite s on s.id = e.suite_id join model a on a.id = e.model_a_id
  join model b on b.id = e.model_b_id`;

export function listEvaluations(
  db: Queryable,
  projectId: string,
  query: EvaluationQuery,
): Promise<ListReply<EvaluationView>> {
  return listPage<EvaluationView, EvaluationView>(db, {
    select: COLUMNS,
    from: FROM,
    where: ['e.project_id = $1', ...(query.state ? [`${STATE} = $2`] : [])],
    params: [projectId, ...(query.state ? [query.state] : [])],
    sortable: { createdAt: { sql: 'e.created_at', type: 'timestamptz' } },
    id: { sql: 'e.id', type: 'uuid' },
    query,
    map: (row) => row,
  });
}

export async function readEvaluation(db: Queryable, projectId: string, id: string): Promise<EvaluationView> {
  const [row] = await db.query<EvaluationView[]>(
    `select ${COLUMNS} from ${FROM} where e.project_id = $1 and e.id = $2`,
    [projectId, id],
  );
  if (!row) throw notFound('evaluation', id);
  return row;
}

type ItemRow = Omit<EvaluationItemView, 'verdicts' | 'outcome' | 'flipped'> & {
  verdicts: (OrderedVerdict & { reason: string | null })[];
};

/** What a verdict says of A (1), of B (-1), or of neither (0). */
const SAID = `case when v.outcome = 'tie' then 0
  when (v.outcome = 'first') = (v.first_answer_id = a.id) then 1 else -1 end`;
const COUNTED = `(select count(*)::int as n, min(${SAID}) as low, max(${SAID}) as high from verdict v
  where v.evaluation_id = e.id and v.suite_item_id = q.id and v.origin = 'ai') said`;
const OUTCOME_FILTER: Record<NonNullable<EvaluationItemQuery['outcome']>, string> = {
  win: 'said.n = 2 and said.low = 1',
  loss: 'said.n = 2 and said.high = -1',
  tie: 'said.n = 2 and (said.low <> said.high or said.low = 0)',
  flip: 'said.n = 2 and said.low <> said.high',
  missing: 'said.n < 2',
};

/** Each question with both answers and both verdicts. */
export function listEvaluationItems(
  db: Queryable,
  id: string,
  query: EvaluationItemQuery,
): Promise<ListReply<EvaluationItemView>> {
  const params: unknown[] = [id];
  const where = ['e.id = $1'];
  if (query.outcome) where.push(OUTCOME_FILTER[query.outcome]);
  if (query.category !== undefined) {
    where.push(`coalesce(q.category, q.department, '') = $${params.push(query.category)}`);
  }
  return listPage<ItemRow, EvaluationItemView>(db, {
    select: `q.id, q.n, q.messages, q.reference, q.department, q.category, a.text as "answerA", b.text as "answerB",
      a.answer_type as "typeA", b.answer_type as "typeB",
      coalesce(a.rehearsal or b.rehearsal, false) as rehearsal,
      coalesce((select json_agg(json_build_object('outcome', v.outcome, 'reason', v.reason,
          'first', case when v.first_answer_id = a.id then 'a' else 'b' end) order by v.first_answer_id = a.id desc)
        from verdict v where v.evaluation_id = e.id and v.suite_item_id = q.id and v.origin = 'ai'), '[]') as verdicts`,
    from: `evaluation e join suite_item q on q.suite_id = e.suite_id
      left join model_answer a on a.evaluation_id = e.id and a.suite_item_id = q.id and a.model_id = e.model_a_id
      left join model_answer b on b.evaluation_id = e.id and b.suite_item_id = q.id and b.model_id = e.model_b_id
      cross join lateral ${COUNTED}`,
    where,
    params,
    sortable: { n: { sql: 'q.n', type: 'integer' } },
    id: { sql: 'q.id', type: 'uuid' },
    query,
    map: ({ verdicts, ...row }) => ({
      ...row,
      verdicts: verdicts.map(({ first, outcome, reason }) => ({
        first,
        outcome: preferenceOf(outcome, first),
        reason,
      })),
      outcome: outcomeOf(verdicts)?.outcome ?? null,
      flipped: outcomeOf(verdicts)?.flipped ?? false,
    }),
  });
}
