import type { PromptDetail } from '@qingnang/contracts';
import type { Queryable } from '@qingnang/database';
import { notFound } from '@qingnang/kernel';
import { PROMPT_FROM, PROMPT_TURNS } from './prompt-sql.js';

/** Columns that lists and pages of prompts share, over {@link PROMPT_FROM}. */
export const PROMPT_COLUMNS = `p.id, p.record_id as "recordId", p.version_id as "versionId", p.turn_n as "turnN",
  r.data_set as "dataSet", r.department, r.language, r.synthetic, p.created_at as "createdAt",
  exists (select from jsonb_array_elements(v.turns) t
    where (t ->> 'n')::int <= p.turn_n and (t ->> 'rehearsal')::boolean) as rehearsal`;

export type PromptHead = Omit<PromptDetail, 'references' | 'candidates' | 'judgements' | 'pairs' | 'rubrics'>;

/** The dialogue of a prompt and where it comes from. */
export async function readPromptHead(db: Queryable, projectId: string, id: string): Promise<PromptHead> {
  const [head] = await db.query<PromptHead[]>(
    `select ${PROMPT_COLUMNS}, coalesce(${PROMPT_TURNS}, '[]'::jsonb) as turns from ${PROMPT_FROM}
     where p.project_id = $1 and p.id = $2`,
    [projectId, id],
  );
  if (!head) throw notFound('prompt', id);
  return head;
}
