import { z } from 'zod';
import { InputError } from '../data/input.errors.js';
import type { ModelConfig } from '../interfaces.js';
import { readRopeScaling, ropeFields, writeRopeScaling } from './rope-fields.js';

/** What config-file.ts works out for every architecture. */
export type TokenIds = Pick<ModelConfig, 'bosTokenId' | 'eosTokenId' | 'stopTokenIds' | 'padTokenId'>;

/** The fields of a Llama, Qwen2 or Baichuan-7B config.json we act on, in both spellings (transformers 4 and 5). */
export const llamaFields = z.object({
  model_type: z.enum(['llama', 'qwen2', 'baichuan']),
  vocab_size: z.int().positive(),
  hidden_size: z.int().positive(),
  intermediate_size: z.int().positive(),
  num_hidden_layers: z.int().positive(),
  num_attention_heads: z.int().positive(),
  num_key_value_heads: z.int().positive().nullish(),
  head_dim: z.int().positive().nullish(),
  max_position_embeddings: z.int().positive().nullish(),
  rms_norm_eps: z.number().positive().default(1e-6),
  rope_theta: z.number().positive().nullish(),
  rope_scaling: ropeFields.nullish(),
  rope_parameters: ropeFields.nullish(),
  hidden_act: z.string().default('silu'),
  attention_bias: z.boolean().default(false),
  mlp_bias: z.boolean().default(false),
  tie_word_embeddings: z.boolean().default(false),
  use_sliding_window: z.boolean().default(false),
  partial_rotary_factor: z.number().nullish(),
  /** Baichuan 13B, Baichuan 2: how they are told from Baichuan-7B. */
  model_max_length: z.int().nullish(),
  z_loss_weight: z.number().nullish(),
});
type LlamaFields = z.infer<typeof llamaFields>;

/** Both names that transformers has for it. */
const SILU = new Set(['silu', 'swish']);

/** @throws InputError naming what this trainer cannot compute */
export function readLlama(file: LlamaFields, path: string): Omit<ModelConfig, keyof TokenIds> {
  const refuse = (what: string): InputError => new InputError('model_config', `${path}: ${what}`);
  if (file.model_type === 'baichuan') refuseOtherBaichuan(file, refuse);
  if (!SILU.has(file.hidden_act))
    throw refuse(`hidden_act is "${file.hidden_act}"; only "silu" is supported for ${file.model_type}.`);
  if (file.use_sliding_window)
    throw refuse('use_sliding_window is on; attention over a sliding window is not supported.');
  const partial = file.partial_rotary_factor ?? file.rope_parameters?.partial_rotary_factor ?? 1;
  if (partial !== 1) throw refuse('partial_rotary_factor is not 1; heads that turn in part are not supported.');
  const heads = file.num_attention_heads;
  const kvHeads = file.num_key_value_heads ?? heads;
  if (heads % kvHeads !== 0) throw refuse(`${heads} query heads cannot share ${kvHeads} key heads evenly.`);
  const headDim = file.head_dim ?? file.hidden_size / heads;
  if (headDim % 2 !== 0) throw refuse(`heads of size ${headDim} cannot be turned in pairs.`);
  const contextLength = file.max_position_embeddings ?? (file.model_type === 'qwen2' ? 32_768 : 2048);
  return {
    architecture: file.model_type === 'qwen2' ? 'qwen2' : 'llama',
    vocabSize: file.vocab_size,
    hiddenSize: file.hidden_size,
    layers: file.num_hidden_layers,
    heads,
    kvHeads,
    headDim,
    intermediateSize: file.intermediate_size,
    contextLength,
    ropeTheta: file.rope_parameters?.rope_theta ?? file.rope_theta ?? 10_000,
    ropeScaling: readRopeScaling(file.rope_parameters ?? file.rope_scaling, contextLength, path),
    normEpsilon: file.rms_norm_eps,
    ...(file.model_type === 'llama' && file.attention_bias ? { attentionBias: true } : {}),
    ...(file.model_type === 'llama' && file.mlp_bias ? { mlpBias: true } : {}),
    tiedEmbeddings: file.tie_word_embeddings,
  };
}

/** Their weights have the names of Baichuan-7B's, but they compute something else. */
function refuseOtherBaichuan(file: LlamaFields, refuse: (what: string) => InputError): void {
  if (file.z_loss_weight != null || file.vocab_size === 125_696)
    throw refuse('this is Baichuan 2, whose output layer is normalised; of this family only Baichuan-7B is supported.');
  if (file.max_position_embeddings == null)
    throw refuse('this is Baichuan-13B, which has ALiBi; of this family only Baichuan-7B is supported.');
}

/** Fields of Llama and Qwen2 in the older spelling. */
export function writeLlama(config: ModelConfig): Record<string, unknown> {
  const qwen2 = config.architecture === 'qwen2';
  return {
    ...(qwen2
      ? { use_sliding_window: false }
      : { attention_bias: config.attentionBias ?? false, mlp_bias: config.mlpBias ?? false, pretraining_tp: 1 }),
    attention_dropout: 0,
    head_dim: config.headDim,
    hidden_act: 'silu',
    hidden_size: config.hiddenSize,
    initializer_range: 0.02,
    intermediate_size: config.intermediateSize,
    max_position_embeddings: config.contextLength,
    num_attention_heads: config.heads,
    num_hidden_layers: config.layers,
    num_key_value_heads: config.kvHeads,
    rms_norm_eps: config.normEpsilon,
    rope_scaling: writeRopeScaling(config.ropeScaling),
    rope_theta: config.ropeTheta,
  };
}
