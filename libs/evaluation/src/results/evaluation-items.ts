import type { EvaluationItemQuery, EvaluationItemView, ListReply } from '@qingnang/contracts';
import { listPage, type Queryable } from '@qingnang/database';
import { type OrderedVerdict, outcomeOf, sideOf } from './outcomes.js';

type Verdict = OrderedVerdict & { judgeId: string; person: string | null; reason: string | null };
type ItemRow = Omit<EvaluationItemView, 'verdicts' | 'outcome' | 'flipped'> & {
  verdicts: Verdict[];
  judgeId: string;
  judgeKind: 'model' | 'doctors';
};

/** What a verdict says of A (1), of B (-1), or of neither (0). */
const SAID = `case when v.outcome in ('tie', 'both_bad') then 0
  when (v.outcome = 'first') = (v.shown_first = 'a') then 1 else -1 end`;
const COUNTED = `(select count(*)::int as n, min(${SAID}) as low, max(${SAID}) as high, coalesce(sum(${SAID}), 0) as lead,
    count(*) filter (where v.outcome = 'both_bad') as bad
  from verdict v where v.pair_id = p.id and v.judge_id = j.id and not v.undone) said`;
/** Both orders of a model, or one doctor. */
const JUDGED = `(j.kind = 'model' and said.n = 2 or j.kind = 'doctors' and said.n > 0)`;
const WON = `${JUDGED} and (j.kind = 'model' and said.low = 1 or j.kind = 'doctors' and said.lead > 0)`;
const LOST = `${JUDGED} and (j.kind = 'model' and said.high = -1 or j.kind = 'doctors' and said.lead < 0)`;
const OUTCOME_FILTER: Record<NonNullable<EvaluationItemQuery['outcome']>, string> = {
  win: WON,
  loss: LOST,
  tie: `${JUDGED} and not (${WON}) and not (${LOST})`,
  flip: `j.kind = 'model' and said.n = 2 and said.low <> said.high`,
  both_bad: `${JUDGED} and 2 * said.bad > said.n`,
  missing: `not ${JUDGED}`,
};

const SELECT = `q.id, q.n, q.messages, q.reference, q.department, q.category, a.turns as "answerA", b.turns as "answerB",
      a.answer_type as "typeA", b.answer_type as "typeB", j.id as "judgeId", j.kind as "judgeKind",
      coalesce(a.rehearsal or b.rehearsal, false) as rehearsal,
      coalesce((select json_agg(json_build_object('judgeId', v.judge_id, 'outcome', v.outcome, 'reason', v.reason,
          'first', v.shown_first, 'person', who.display_name) order by by.n, v.shown_first, v.created_at)
        from verdict v join evaluation_judge by on by.id = v.judge_id left join person who on who.id = v.person_id
        where v.pair_id = p.id and not v.undone), '[]') as verdicts`;
const FROM = `evaluation e join suite_item q on q.suite_id = e.suite_id
      join evaluation_judge j on j.evaluation_id = e.id and j.n = $4
      join entrant x on x.evaluation_id = e.id and x.n = $2 join entrant y on y.evaluation_id = e.id and y.n = $3
      left join model_answer a on a.entrant_id = x.id and a.suite_item_id = q.id
      left join model_answer b on b.entrant_id = y.id and b.suite_item_id = q.id
      left join answer_pair p on p.evaluation_id = e.id and p.suite_item_id = q.id and p.a_entrant_id = x.id
        and p.b_entrant_id = y.id
      cross join lateral ${COUNTED}`;

/** Each question with two entrants' answers and what every judge said of them. */
export function listEvaluationItems(
  db: Queryable,
  id: string,
  query: EvaluationItemQuery,
): Promise<ListReply<EvaluationItemView>> {
  const params: unknown[] = [id, query.a, query.b, query.judge];
  const where = ['e.id = $1'];
  if (query.outcome) where.push(`(${OUTCOME_FILTER[query.outcome]})`);
  if (query.category !== undefined) {
    where.push(`coalesce(q.category, q.department, '') = $${params.push(query.category)}`);
  }
  return listPage<ItemRow, EvaluationItemView>(db, {
    select: SELECT,
    from: FROM,
    where,
    params,
    sortable: { n: { sql: 'q.n', type: 'integer' } },
    id: { sql: 'q.id', type: 'uuid' },
    query,
    map: viewOf,
  });
}

function viewOf({ verdicts, judgeId, judgeKind, ...row }: ItemRow): EvaluationItemView {
  const said = outcomeOf(
    judgeKind,
    verdicts.filter((verdict) => verdict.judgeId === judgeId),
  );
  return {
    ...row,
    verdicts: verdicts.map((verdict) => ({ ...verdict, outcome: sideOf(verdict) })),
    outcome: said?.outcome ?? null,
    flipped: said?.flipped ?? false,
  };
}
