import type { EntityManager } from 'typeorm';
import type { EvaluationSummary } from '@qingnang/contracts';
import { countOutcomes, type JudgedQuestion } from './count-outcomes.js';

/** Questions without a category or department are counted under this. */
const NO_CATEGORY = '';

export async function summarise(tx: Pick<EntityManager, 'query'>, evaluationId: string): Promise<EvaluationSummary> {
  const questions = await tx.query<JudgedQuestion[]>(
    `select coalesce(q.category, q.department, $2) as category, char_length(a.text) as "lengthA",
       char_length(b.text) as "lengthB",
       coalesce((select json_agg(json_build_object('outcome', v.outcome,
           'first', case when v.first_answer_id = a.id then 'a' else 'b' end))
         from verdict v where v.evaluation_id = e.id and v.suite_item_id = q.id and v.origin = 'ai'), '[]') as verdicts
     from evaluation e join suite_item q on q.suite_id = e.suite_id
     left join model_answer a on a.evaluation_id = e.id and a.suite_item_id = q.id and a.model_id = e.model_a_id
     left join model_answer b on b.evaluation_id = e.id and b.suite_item_id = q.id and b.model_id = e.model_b_id
     where e.id = $1`,
    [evaluationId, NO_CATEGORY],
  );
  return countOutcomes(questions);
}
