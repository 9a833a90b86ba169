import type { AnswerSaid } from '@qingnang/contracts';
import type { Queryable } from '@qingnang/database';

/** SQL of whether an AI judge was shown a reference. */
const judgedBy = (referenceId: string): string =>
  `exists (select from judgement used where used.reference_id = ${referenceId} and not used.undone)`;

export async function isJudgedBy(db: Queryable, referenceId: string): Promise<boolean> {
  const [row] = await db.query<{ used: boolean }[]>(`select ${judgedBy('$1::uuid')} as used`, [referenceId]);
  return row!.used;
}

type Row = AnswerSaid & { id: string };

/** What doctors wrote and how they ordered, by the ids of references and judgements. */
export async function saidByDoctors(
  db: Queryable,
  projectId: string,
  resultIds: readonly string[],
): Promise<Map<string, AnswerSaid>> {
  const rows = await db.query<Row[]>(
    `select f.id, case when ${judgedBy('newest.id')} then 'judged' end as use,
       jsonb_build_array(jsonb_build_object('rank', null, 'text', coalesce(left(newest.text, 400), ''), 'bad', false))
         as lines
     from reference f join lateral (select o.id, o.text from reference o where o.prompt_id = f.prompt_id
         and o.doctor_id = f.doctor_id and o.undone = f.undone order by o.revision desc limit 1) newest on true
     where f.project_id = $1 and f.id = any($2::uuid[])
     union all
     select j.id, null as use,
       (select coalesce(jsonb_agg(jsonb_build_object('rank', x.rank, 'text', coalesce(left(c.text, 80), ''), 'bad', x.bad)
           order by x.rank, x.position_shown), '[]'::jsonb)
         from judgement_item x join candidate c on c.id = x.candidate_id where x.judgement_id = j.id) as lines
     from judgement j where j.project_id = $1 and j.id = any($2::uuid[])`,
    [projectId, resultIds],
  );
  return new Map(rows.map(({ id, ...said }) => [id, said]));
}
