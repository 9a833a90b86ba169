import type { EntityManager } from 'typeorm';
import type { JudgementOrigin } from '@qingnang/contracts';
import { placesOf, type ReadJudgement } from '@qingnang/judge';
import { uuidv7 } from '@qingnang/kernel';
import { notify } from '@qingnang/queue';

export interface NewJudgement {
  projectId: string;
  promptId: string;
  referenceId: string | null;
  rubricVersionId: string;
  origin: JudgementOrigin;
  personId?: string | null;
  llmItemId?: string | null;
  slotId?: string | null;
  aiOrderShown?: boolean;
  rehearsal: boolean;
  synthetic?: boolean;
  reason?: string | null;
  /** What the judge thought of the reference. */
  reference?: ReadJudgement['reference'];
  /** In the order shown. */
  items: readonly NewJudgementItem[];
}

export interface NewJudgementItem {
  candidateId: string;
  scores?: Record<string, number>;
  total?: number | null;
  /** Larger is better: a total, or the rank turned round. Equal values tie. */
  worth: number;
  bad?: boolean;
}

/** Keeps what a judge said; ranks and ties follow from the worth of each candidate. Returns the judgement's id. */
export async function storeJudgement(tx: EntityManager, input: NewJudgement): Promise<string> {
  const id = uuidv7();
  await tx.query(
    `insert into judgement (id, project_id, prompt_id, reference_id, rubric_version_id, origin, person_id, llm_item_id,
       slot_id, ai_order_shown, rehearsal, synthetic, reason, reference_grade, reference_weight, reference_reason)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)`,
    [
      id,
      input.projectId,
      input.promptId,
      input.referenceId,
      input.rubricVersionId,
      input.origin,
      input.personId ?? null,
      input.llmItemId ?? null,
      input.slotId ?? null,
      input.aiOrderShown ?? false,
      input.rehearsal,
      input.synthetic ?? false,
      input.reason ?? null,
      input.reference?.grade ?? null,
      input.reference?.weight ?? null,
      input.reference?.reason ?? null,
    ],
  );
  await storeItems(tx, id, input);
  await notify(tx, input.projectId, 'judgements', id);
  return id;
}

async function storeItems(tx: EntityManager, judgementId: string, input: NewJudgement): Promise<void> {
  const places = placesOf(input.items.map((item) => item.worth));
  const rows = input.items.map((item, i) => ({
    candidate_id: item.candidateId,
    position_shown: i + 1,
    scores: item.scores ?? {},
    total: item.total ?? null,
    rank: places[i]!.rank,
    tie_group: places[i]!.tieGroup,
    bad: item.bad ?? false,
  }));
  await tx.query(
    `insert into judgement_item (judgement_id, project_id, prompt_id, candidate_id, position_shown, scores, total, rank,
       tie_group, bad)
     select $1, $2, $3, candidate_id, position_shown, scores, total, rank, tie_group, bad
     from jsonb_to_recordset($4::jsonb) as x (candidate_id uuid, position_shown int, scores jsonb, total float8, rank int,
       tie_group int, bad boolean)`,
    [judgementId, input.projectId, input.promptId, JSON.stringify(rows)],
  );
}
