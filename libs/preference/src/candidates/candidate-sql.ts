/** Columns of a candidate, over {@link CANDIDATE_FROM}. */
export const CANDIDATE_COLUMNS = `c.id, c.prompt_id as "promptId", c.model, c.model_id as "modelId",
  pr.name as "providerName", c.sample_index as "sampleIndex", c.settings, c.checkpoint_hash as "checkpointHash", c.text,
  c.rehearsal, c.created_at as "createdAt"`;
export const CANDIDATE_FROM = 'candidate c left join provider pr on pr.id = c.provider_id';
