import { z } from 'zod';
import { InputError } from '../data/input.errors.js';
import type { ModelConfig } from '../interfaces.js';
import type { TokenIds } from './llama-fields.js';

const size = z.int().positive();

/** The fields of a BLOOM config.json we act on; the first published files have other names for the sizes. */
export const bloomFields = z.object({
  model_type: z.literal('bloom'),
  vocab_size: size,
  hidden_size: size.nullish(),
  n_embed: size.nullish(),
  n_layer: size.nullish(),
  num_hidden_layers: size.nullish(),
  n_head: size.nullish(),
  num_attention_heads: size.nullish(),
  /** No table of positions ends there: the length it was trained with. */
  seq_length: size.nullish(),
  max_position_embeddings: size.nullish(),
  layer_norm_epsilon: z.number().positive().default(1e-5),
  apply_residual_connection_post_layernorm: z.literal(false).default(false),
  tie_word_embeddings: z.boolean().default(true),
});

/** @throws InputError naming the size that is missing or does not fit */
export function readBloom(file: z.infer<typeof bloomFields>, path: string): Omit<ModelConfig, keyof TokenIds> {
  const hiddenSize = file.n_embed ?? file.hidden_size;
  const layers = file.n_layer ?? file.num_hidden_layers;
  const heads = file.n_head ?? file.num_attention_heads;
  if (hiddenSize == null || layers == null || heads == null)
    throw new InputError('model_config', `${path} lacks one of hidden_size, n_layer and n_head.`);
  if (hiddenSize % heads !== 0)
    throw new InputError('model_config', `${path}: hidden_size ${hiddenSize} cannot be cut into ${heads} heads.`);
  return {
    architecture: 'bloom',
    vocabSize: file.vocab_size,
    hiddenSize,
    layers,
    heads,
    kvHeads: heads,
    headDim: hiddenSize / heads,
    intermediateSize: 4 * hiddenSize,
    contextLength: file.seq_length ?? file.max_position_embeddings ?? 2048,
    ropeTheta: 10_000,
    ropeScaling: null,
    normEpsilon: file.layer_norm_epsilon,
    tiedEmbeddings: file.tie_word_embeddings,
  };
}

export function writeBloom(config: ModelConfig): Record<string, unknown> {
  return {
    apply_residual_connection_post_layernorm: false,
    attention_dropout: 0,
    hidden_dropout: 0,
    hidden_size: config.hiddenSize,
    initializer_range: 0.02,
    layer_norm_epsilon: config.normEpsilon,
    n_head: config.heads,
    n_layer: config.layers,
    pretraining_tp: 1,
    seq_length: config.contextLength,
    slow_but_exact: false,
  };
}
