/** Sizes of Baichuan-7B; a run that starts from a checkpoint takes the checkpoint's. */
export const baichuan7b = {
  vocabulary_size: 64_000,
  hidden_size: 4096,
  layers: 32,
  heads: 32,
  kv_heads: 32,
  intermediate_size: 11_008,
  context_length: 4096,
  rope_theta: 10_000,
  rms_norm_eps: 1e-6,
  tied_embeddings: false,
};
