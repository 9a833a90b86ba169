import type { EntityManager } from 'typeorm';
import { mayLeaveSql } from '@qingnang/corpus';
import { itemIdSql, type LlmJobEntity, type PurposeContext } from '@qingnang/llm';

/**
 * A question may leave only if it is one of the corpus whose records may all leave: what was typed in has no source that
 * anybody declared de-identified.
 */
export const QUESTION_MAY_LEAVE = `coalesce((select bool_and(${mayLeaveSql('r', 'r.import_version_id')}) from record r
  where r.project_id = q.project_id and r.question_hash = q.question_hash), false)`;

/** Answers that were brought along have no source: they may leave only where whoever brought them declared so. */
export const ANSWERS_MAY_LEAVE = `not exists (select from entrant x where x.id in (p.a_entrant_id, p.b_entrant_id)
  and x.kind = 'uploaded' and not x.deidentified)`;

/** An item a question, for one entrant. */
export async function writeAnswerItems(
  tx: EntityManager,
  job: LlmJobEntity,
  stage: { evaluationId: string; entrantId: string },
  { outside }: PurposeContext,
): Promise<void> {
  await tx.query(
    `insert into llm_item (id, project_id, job_id, subject_type, subject_id, params, state, error_code, idempotency_key)
     select i.id, $1, $2, 'suite_item', i.question, jsonb_build_object('entrantId', $4::text),
       case when i.open then 'waiting' else 'skipped' end, case when i.open then null else 'egress_refused' end,
       i.id::text || '.1'
     from (
       select ${itemIdSql('row_number() over (order by q.n)')} as id, q.id as question,
         not $5::boolean or ${QUESTION_MAY_LEAVE} as open
       from suite_item q join evaluation e on e.suite_id = q.suite_id
       where e.id = $3 and q.messages is not null) i`,
    [job.projectId, job.id, stage.evaluationId, stage.entrantId, outside],
  );
}

/** Two items a pair: sample 0 shows A first, sample 1 shows B first. */
export async function writeVerdictItems(
  tx: EntityManager,
  job: LlmJobEntity,
  stage: { evaluationId: string },
  { outside }: PurposeContext,
): Promise<void> {
  await tx.query(
    `insert into llm_item (id, project_id, job_id, subject_type, subject_id, sample_index, prompt_version_id, params, state,
       error_code, idempotency_key)
     select i.id, $1, $2, 'answer_pair', i.pair, i.sample, $4,
       jsonb_build_object('pairId', i.pair, 'first', case i.sample when 0 then 'a' else 'b' end),
       case when i.open then 'waiting' else 'skipped' end, case when i.open then null else 'egress_refused' end,
       i.id::text || '.1'
     from (
       select ${itemIdSql('row_number() over (order by q.n, p.id, sample)')} as id, p.id as pair, sample,
         not $5::boolean or ${ANSWERS_MAY_LEAVE} and ${QUESTION_MAY_LEAVE} as open
       from answer_pair p join suite_item q on q.id = p.suite_item_id, generate_series(0, 1) sample
       where p.evaluation_id = $3) i`,
    [job.projectId, job.id, stage.evaluationId, job.promptVersionIds[0], outside],
  );
}
