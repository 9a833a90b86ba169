import type { EvaluationResults } from '@qingnang/contracts';
import type { Queryable } from '@qingnang/database';
import { countOutcomes, type JudgedQuestion } from './count-outcomes.js';
import { type OrderedVerdict, outcomeOf } from './outcomes.js';

/** Which entrants `x`, `y` of evaluation `e` are compared: each with each, or all with the baseline. */
export const PAIRED = '(e.baseline_n is null and x.n < y.n or y.n = e.baseline_n and x.n <> y.n)';

/** Questions without a category or department are counted under this. */
const NO_CATEGORY = '';

interface Row extends Omit<JudgedQuestion, 'said'> {
  judgeId: string;
  kind: 'model' | 'doctors';
  a: string;
  b: string;
  verdicts: OrderedVerdict[];
}

/** A row a judge, pair of entrants and question: `$1` is the evaluation, `$2` what no category is called. */
const JUDGED_QUESTIONS = `with answers as materialized (
       select a.entrant_id, a.suite_item_id, (select sum(char_length(t ->> 'text'))::int
         from jsonb_array_elements(a.turns) t where t ->> 'role' = 'doctor') as length
       from model_answer a where a.evaluation_id = $1),
     said as materialized (
       select v.judge_id, p.suite_item_id, p.a_entrant_id, p.b_entrant_id,
         json_agg(json_build_object('first', v.shown_first, 'outcome', v.outcome)) as verdicts
       from verdict v join answer_pair p on p.id = v.pair_id
       where v.evaluation_id = $1 and not v.undone group by 1, 2, 3, 4)
     select j.id as "judgeId", j.kind, x.id as a, y.id as b, coalesce(q.category, q.department, $2) as category,
       one.length as "lengthA", two.length as "lengthB", coalesce(s.verdicts, '[]') as verdicts
     from evaluation e join suite_item q on q.suite_id = e.suite_id
     join evaluation_judge j on j.evaluation_id = e.id
     join entrant x on x.evaluation_id = e.id join entrant y on y.evaluation_id = e.id and ${PAIRED}
     left join answers one on one.entrant_id = x.id and one.suite_item_id = q.id
     left join answers two on two.entrant_id = y.id and two.suite_item_id = q.id
     left join said s on s.judge_id = j.id and s.suite_item_id = q.id and s.a_entrant_id = x.id and s.b_entrant_id = y.id
     where e.id = $1 order by j.n, x.n, y.n, q.n`;

/** What every judge says of every pair of entrants, as the verdicts stand. */
export async function summarise(db: Queryable, evaluationId: string): Promise<EvaluationResults> {
  const rows = await db.query<Row[]>(JUDGED_QUESTIONS, [evaluationId, NO_CATEGORY]);
  const judges = new Map<string, Map<string, Row[]>>();
  for (const row of rows) {
    const pairs = judges.get(row.judgeId) ?? new Map<string, Row[]>();
    judges.set(row.judgeId, pairs);
    const key = `${row.a} ${row.b}`;
    const known = pairs.get(key);
    if (known) known.push(row);
    else pairs.set(key, [row]);
  }
  return {
    judges: [...judges].map(([judgeId, pairs]) => ({
      judgeId,
      pairs: [...pairs.values()].map((questions) => ({
        a: questions[0]!.a,
        b: questions[0]!.b,
        summary: countOutcomes(questions.map((row) => ({ ...row, said: outcomeOf(row.kind, row.verdicts) }))),
      })),
    })),
  };
}
