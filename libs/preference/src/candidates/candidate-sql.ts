/** Columns of a candidate, over {@link CANDIDATE_FROM}. */
export const CANDIDATE_COLUMNS = `c.id, c.prompt_id as "promptId", c.model, c.model_id as "modelId",
  pr.name as "providerName", c.sample_index as "sampleIndex", c.settings, c.checkpoint_hash as "checkpointHash", c.text,
  c.rehearsal, c.created_at as "createdAt"`;
export const CANDIDATE_FROM = 'candidate c left join provider pr on pr.id = c.provider_id';

/** What was last said of candidate `c`, by a judge before by people. */
export const CANDIDATE_JUDGED = `(select jsonb_build_object('total', x.total, 'rank', x.rank,
    'of', (select count(*) from judgement_item other where other.judgement_id = x.judgement_id))
  from judgement_item x join judgement k on k.id = x.judgement_id
  where x.candidate_id = c.id and not k.undone order by (k.origin = 'ai') desc, k.created_at desc, k.id desc limit 1)`;
