import type { EntityManager } from 'typeorm';
import type { PairEvidence, PromptFilter } from '@qingnang/contracts';
import { sampleSql } from '@qingnang/corpus';
import { judgementsOf } from '../judgements/read-judgements.js';
import { BEST_REFERENCE, PROMPT_FROM, promptFilterSql } from '../prompts/prompt-sql.js';
import { derivePairs, originOf, type PairOptions } from './derive-pairs.js';

export interface SelectPairsOptions extends Partial<PairOptions> {
  /** Whose word may make a pair; all unless told. */
  evidence?: readonly PairEvidence[];
  /** Only candidates of these models; all unless told. */
  models?: readonly string[];
  /** Only of about this share of the prompts, for a look. */
  share?: number;
}

export interface SelectedPair {
  promptId: string;
  recordId: string;
  chosenId: string;
  rejectedId: string;
  margin: number | null;
  evidence: PairEvidence;
  /** Pairs of one prompt share it. */
  rankGroup: string;
  weight: number;
  /** True if the dialogue, either candidate, or a judgement that was used is rehearsal. */
  rehearsal: boolean;
  /** What the judge was shown today: the doctor's answer that goes with the pair. */
  referenceId: string | null;
}

/** Half a point of ten: what a judge of whole points moves by when it changes three of six figures by one. */
export const MIN_MARGIN = 0.5;
const BATCH = 500;

/** Prompt `p` could give a pair. */
const JUDGED = `exists (select from judgement j where j.prompt_id = p.id and not j.undone)
  and exists (select from candidate c where c.prompt_id = p.id and c.text is not null)`;

/** Of the prompts of a filter: all, the records they belong to, and those that somebody judged candidates of. */
export async function countPrompts(
  tx: EntityManager,
  projectId: string,
  filter: PromptFilter,
): Promise<{ prompts: number; records: number; judged: number }> {
  const params: unknown[] = [projectId];
  const [row]: { prompts: number; records: number; judged: number }[] = await tx.query(
    `select count(*)::int as prompts, count(distinct p.record_id)::int as records,
       count(*) filter (where ${JUDGED})::int as judged
     from ${PROMPT_FROM} where p.project_id = $1 and v.turns is not null and ${promptFilterSql(filter, params)}`,
    params,
  );
  return row!;
}

interface PromptRow {
  id: string;
  recordId: string;
  referenceId: string | null;
  rehearsal: boolean;
  candidates: { id: string; text: string; model: string; rehearsal: boolean }[];
}

/**
 * The pairs that the judgements of the chosen prompts give, prompt by prompt in the order of ids, batch by batch. Two
 * candidates with the same words make no pair; erased ones none either.
 */
export async function* selectPairs(
  tx: EntityManager,
  projectId: string,
  filter: PromptFilter,
  options: SelectPairsOptions = {},
): AsyncGenerator<SelectedPair> {
  for (let after: string | null = null; ;) {
    const prompts: PromptRow[] = await promptBatch(tx, projectId, filter, { after, share: options.share ?? 1 });
    yield* pairsOf(tx, projectId, prompts, options);
    if (prompts.length < BATCH) return;
    after = prompts.at(-1)!.id;
  }
}

function promptBatch(
  tx: EntityManager,
  projectId: string,
  filter: PromptFilter,
  { after, share }: { after: string | null; share: number },
): Promise<PromptRow[]> {
  const params: unknown[] = [projectId, after];
  return tx.query(
    `select p.id, p.record_id as "recordId", ${BEST_REFERENCE} as "referenceId",
       exists (select from jsonb_array_elements(v.turns) t
         where (t ->> 'n')::int <= p.turn_n and (t ->> 'rehearsal')::boolean) as rehearsal,
       (select jsonb_agg(jsonb_build_object('id', c.id, 'text', c.text, 'model', c.model, 'rehearsal', c.rehearsal))
         from candidate c where c.prompt_id = p.id and c.text is not null) as candidates
     from ${PROMPT_FROM}
     where p.project_id = $1 and ($2::uuid is null or p.id > $2) and ${promptFilterSql(filter, params)}
       and v.turns is not null and ${JUDGED} and ${sampleSql('p.id', share)}
     order by p.id limit ${BATCH}`,
    params,
  );
}

async function* pairsOf(
  tx: EntityManager,
  projectId: string,
  prompts: readonly PromptRow[],
  options: SelectPairsOptions,
): AsyncGenerator<SelectedPair> {
  const judgements = await judgementsOf(
    tx,
    projectId,
    prompts.map((prompt) => prompt.id),
  );
  for (const prompt of prompts) {
    const candidates = new Map(prompt.candidates.map((candidate) => [candidate.id, candidate]));
    const heard = judgements.get(prompt.id) ?? [];
    for (const pair of derivePairs(heard, { minMargin: options.minMargin ?? MIN_MARGIN })) {
      const [chosen, rejected] = [candidates.get(pair.chosenId), candidates.get(pair.rejectedId)];
      if (!chosen || !rejected || chosen.text === rejected.text) continue;
      if (options.evidence && !options.evidence.includes(pair.evidence)) continue;
      if (options.models && ![chosen.model, rejected.model].every((model) => options.models!.includes(model))) continue;
      const used = heard.filter((judgement) => judgement.origin === originOf(pair.evidence));
      yield {
        ...pair,
        promptId: prompt.id,
        recordId: prompt.recordId,
        rankGroup: prompt.id,
        weight: 1,
        rehearsal:
          prompt.rehearsal || chosen.rehearsal || rejected.rehearsal || used.some((judgement) => judgement.rehearsal),
        referenceId: prompt.referenceId,
      };
    }
  }
}
