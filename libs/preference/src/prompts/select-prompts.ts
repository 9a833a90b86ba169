import type { EntityManager } from 'typeorm';
import type { PromptFilter } from '@qingnang/contracts';
import { sampleSql } from '@qingnang/corpus';
import { BEST_REFERENCE, PROMPT_FROM, promptFilterSql } from './prompt-sql.js';

export interface SelectedPrompt {
  promptId: string;
  recordId: string;
  versionId: string;
  turnN: number;
  /** The doctor's answer that goes with the prompt, if there is one. */
  referenceId: string | null;
  /** True if words of the dialogue or the reference descend from the rehearsal model. */
  rehearsal: boolean;
}

export interface SelectPromptsOptions {
  /** Leave out prompts that no reference goes with. */
  withReferenceOnly?: boolean;
  /** Only about this share of them, for a look. */
  share?: number;
}

const BATCH = 1000;

/** The chosen prompts in the order of ids, batch by batch; erased ones are left out. */
export async function* selectPrompts(
  tx: EntityManager,
  projectId: string,
  filter: PromptFilter,
  options: SelectPromptsOptions = {},
): AsyncGenerator<SelectedPrompt> {
  for (let after: string | null = null; ;) {
    const params: unknown[] = [projectId, after];
    const rows: SelectedPrompt[] = await tx.query(
      `select x.*, coalesce((select f.rehearsal from reference f where f.id = x."referenceId"), false) or x.spoken as rehearsal
       from (
         select p.id as "promptId", p.record_id as "recordId", p.version_id as "versionId", p.turn_n as "turnN",
           ${BEST_REFERENCE} as "referenceId",
           exists (select from jsonb_array_elements(v.turns) t
             where (t ->> 'n')::int <= p.turn_n and (t ->> 'rehearsal')::boolean) as spoken
         from ${PROMPT_FROM}
         where p.project_id = $1 and ($2::uuid is null or p.id > $2) and v.turns is not null
           and ${promptFilterSql(filter, params)} and ${sampleSql('p.id', options.share ?? 1)}
         order by p.id limit ${BATCH}) x`,
      params,
    );
    for (const { promptId, recordId, versionId, turnN, referenceId, rehearsal } of rows) {
      if (options.withReferenceOnly && referenceId === null) continue;
      yield { promptId, recordId, versionId, turnN, referenceId, rehearsal };
    }
    if (rows.length < BATCH) return;
    after = rows.at(-1)!.promptId;
  }
}
