import type {
  EntrantView,
  EvaluationListItem,
  EvaluationQuery,
  EvaluationResults,
  EvaluationView,
  JudgeView,
  ListReply,
} from '@qingnang/contracts';
import { inState, keptCount, listPage, type Queryable } from '@qingnang/database';
import { notFound } from '@qingnang/kernel';
import { peopleOfTaskSet } from '@qingnang/review';
import { summarise } from './summarise.js';

/** A job that failed or was cancelled leaves its evaluation without an end of its own. */
const STATE = `case when e.state in ('answering', 'judging') and exists (select from llm_job j
    where j.parent_type = 'evaluation' and j.parent_id = e.id and j.state in ('failed', 'cancelled'))
  then 'failed' else e.state end`;

/** Kept counts of the sets in which doctors judge evaluation `e`, and of the jobs in which models work for it. */
const slots = (where?: string): string =>
  `(select coalesce(sum(${keptCount('slot', { project: 'e.project_id', scope: 'j.task_set_id', ...(where ? { where } : {}) })}), 0)::int
    from evaluation_judge j where j.evaluation_id = e.id)`;
const ENDED_ITEMS = `(select coalesce(sum(${keptCount('llm_item', {
  project: 'e.project_id',
  scope: 'j.id',
  where: inState('stored', 'failed', 'skipped'),
})}), 0)::int from llm_job j where j.parent_type = 'evaluation' and j.parent_id = e.id)`;

/** SQL of how far evaluation `e` is: calls of models that ended, and doctors' verdicts. */
export const evaluationProgress = {
  done: `(${ENDED_ITEMS} + ${slots(inState('answered', 'accepted'))})`,
  total: `(e.total + ${slots()})`,
};

const HEAD = `e.id, e.name, json_build_object('id', s.id, 'name', s.name, 'version', s.version) as suite,
  e.baseline_n as baseline, ${STATE} as state,
  coalesce(e.failure, (select j.failure from llm_job j where j.parent_type = 'evaluation' and j.parent_id = e.id
    and j.failure is not null order by j.created_at desc limit 1)) as failure,
  e.rehearsal, e.created_at as "createdAt", e.ended_at as "endedAt", ${evaluationProgress.done} as done,
  ${evaluationProgress.total} as total`;
const FROM = 'evaluation e join suite s on s.id = e.suite_id';

export function listEvaluations(
  db: Queryable,
  projectId: string,
  query: EvaluationQuery,
): Promise<ListReply<EvaluationListItem>> {
  return listPage<EvaluationListItem, EvaluationListItem>(db, {
    select: `${HEAD}, e.summary as results,
      array(select x.name from entrant x where x.evaluation_id = e.id order by x.n) as entrants,
      array(select coalesce(j.model, j.kind) from evaluation_judge j where j.evaluation_id = e.id order by j.n) as judges`,
    from: FROM,
    where: ['e.project_id = $1', ...(query.state ? [`${STATE} = $2`] : [])],
    params: [projectId, ...(query.state ? [query.state] : [])],
    sortable: { createdAt: { sql: 'e.created_at', type: 'timestamptz' } },
    id: { sql: 'e.id', type: 'uuid' },
    query,
    map: (row) => row,
  });
}

type Head = Omit<EvaluationView, 'entrants' | 'judges' | 'results'> & { summary: EvaluationResults | null };

export async function readEvaluation(db: Queryable, projectId: string, id: string): Promise<EvaluationView> {
  const [row] = await db.query<Head[]>(`select ${HEAD}, e.summary from ${FROM} where e.project_id = $1 and e.id = $2`, [
    projectId,
    id,
  ]);
  if (!row) throw notFound('evaluation', id);
  const { summary, ...head } = row;
  return {
    ...head,
    entrants: await readEntrants(db, id),
    judges: await readJudges(db, projectId, id),
    results: summary ?? (await summarise(db, id)),
  };
}

function readEntrants(db: Queryable, evaluationId: string): Promise<EntrantView[]> {
  return db.query(
    `select x.id, x.n, x.kind, x.name, x.model_id as "modelId", x.provider_id as "providerId",
       (select p.display_name from person p where p.id = x.author_id) as author,
       (select count(*)::int from model_answer a where a.entrant_id = x.id) as answered,
       (select coalesce(json_agg(json_build_object('type', t.type, 'count', t.n) order by t.n desc, t.type), '[]')
         from (select coalesce(a.answer_type, 'complete') as type, count(*)::int as n
           from model_answer a where a.entrant_id = x.id group by 1) t) as "answerTypes",
       (select count(*)::int from llm_item i join llm_job j on j.id = i.job_id
         where j.parent_type = 'evaluation' and j.parent_id = x.evaluation_id
           and j.settings ->> 'entrantId' = x.id::text and i.state in ('failed', 'skipped')) as failed
     from entrant x where x.evaluation_id = $1 order by x.n`,
    [evaluationId],
  );
}

async function readJudges(db: Queryable, projectId: string, evaluationId: string): Promise<JudgeView[]> {
  const judges = await db.query<Omit<JudgeView, 'people'>[]>(
    `select j.id, j.n, j.kind, j.provider_id as "providerId", j.model, j.task_set_id as "taskSetId",
       (select count(*)::int from verdict v where v.judge_id = j.id and not v.undone) as done,
       case j.kind when 'doctors' then (select count(*)::int from slot s where s.task_set_id = j.task_set_id)
         else 2 * (select count(*)::int from answer_pair p where p.evaluation_id = j.evaluation_id) end as wanted
     from evaluation_judge j where j.evaluation_id = $1 order by j.n`,
    [evaluationId],
  );
  return Promise.all(
    judges.map(async (judge) => ({
      ...judge,
      people: judge.taskSetId ? await peopleOfTaskSet(db, projectId, judge.taskSetId) : [],
    })),
  );
}
