import type { JudgementView } from '@qingnang/contracts';
import type { Queryable } from '@qingnang/database';

/** Columns of a judgement with its items, over `judgement j left join person w left join llm_item i left join llm_job lj`. */
export const JUDGEMENT_COLUMNS = `j.id, j.prompt_id as "promptId", j.reference_id as "referenceId",
  j.rubric_version_id as "rubricVersionId", j.origin, coalesce(w.display_name, lj.model) as by,
  j.ai_order_shown as "aiOrderShown", j.rehearsal, j.synthetic, j.reason,
  j.reference_grade as "referenceGrade", j.reference_weight as "referenceWeight", j.reference_reason as "referenceReason", j.created_at as "createdAt",
  (select coalesce(jsonb_agg(jsonb_build_object('candidateId', x.candidate_id, 'positionShown', x.position_shown,
      'scores', x.scores, 'total', x.total, 'rank', x.rank, 'tieGroup', x.tie_group, 'bad', x.bad)
      order by x.rank, x.candidate_id), '[]'::jsonb)
    from judgement_item x where x.judgement_id = j.id) as items`;
/** How the answers begin that stand first in judgement `j`. */
export const JUDGEMENT_WINNERS = `(select coalesce(jsonb_agg(left(c.text, 120) order by c.id), '[]'::jsonb)
  from judgement_item x join candidate c on c.id = x.candidate_id
  where x.judgement_id = j.id and x.rank = 1 and c.text is not null)`;
export const JUDGEMENT_FROM = `judgement j left join person w on w.id = j.person_id
  left join llm_item i on i.id = j.llm_item_id left join llm_job lj on lj.id = i.job_id`;

/** All judgements of these prompts, newest first within each. */
export async function judgementsOf(
  db: Queryable,
  projectId: string,
  promptIds: readonly string[],
): Promise<Map<string, JudgementView[]>> {
  const rows = await db.query<JudgementView[]>(
    `select ${JUDGEMENT_COLUMNS} from ${JUDGEMENT_FROM}
     where j.project_id = $1 and not j.undone and j.prompt_id = any($2::uuid[]) order by j.created_at desc, j.id desc`,
    [projectId, promptIds],
  );
  const byPrompt = new Map<string, JudgementView[]>();
  for (const row of rows) byPrompt.set(row.promptId, [...(byPrompt.get(row.promptId) ?? []), row]);
  return byPrompt;
}
