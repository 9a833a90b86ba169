import type { EntityManager } from 'typeorm';
import type { PreviewReason, SnapshotPreviewRequest } from '@qingnang/contracts';
import { recordFilterSql } from '@qingnang/corpus';
import { countPrompts } from '@qingnang/preference';

/** What a selection comes to before anything is read: records, what could be taken, and what cannot, by reason. */
export interface SelectionCounts {
  chosen: number;
  /** Approved texts, prompts, or prompts with judged candidates. */
  candidates: number;
  outside: { reason: PreviewReason; count: number }[];
}

/** Counted in the database, so that its cost is that of one look at the records of the filter. */
export async function countSelection(
  tx: EntityManager,
  projectId: string,
  { kind, selection }: SnapshotPreviewRequest,
): Promise<SelectionCounts> {
  const { chosen, questions, approved, wanted } = await countRecords(tx, projectId, selection);
  if (kind === 'sft') {
    const outside = [
      { reason: 'question_only' as const, count: questions },
      { reason: 'not_approved' as const, count: chosen - questions - approved },
      { reason: 'approved_otherwise' as const, count: approved - wanted },
    ];
    return { chosen, candidates: wanted, outside };
  }
  const { prompts, records, judged } = await countPrompts(tx, projectId, selection.filter);
  const outside = [{ reason: 'no_prompt' as PreviewReason, count: chosen - records }];
  if (kind === 'prompts') return { chosen, candidates: prompts, outside };
  outside.push({ reason: 'no_judgement', count: prompts - judged });
  return { chosen, candidates: judged, outside };
}

async function countRecords(
  tx: EntityManager,
  projectId: string,
  { filter, how }: SnapshotPreviewRequest['selection'],
): Promise<{ chosen: number; questions: number; approved: number; wanted: number }> {
  const params: unknown[] = [projectId, how ?? null];
  const [row]: { chosen: number; questions: number; approved: number; wanted: number }[] = await tx.query(
    `select count(*)::int as chosen, count(*) filter (where r.question_only)::int as questions,
       count(a.id) filter (where not r.question_only)::int as approved,
       count(a.id) filter (where not r.question_only and ($2::text is null or a.how = $2))::int as wanted
     from record r left join approval a on a.record_id = r.id and a.until_at is null
     where r.project_id = $1 and ${recordFilterSql(filter, params)}`,
    params,
  );
  return row!;
}
