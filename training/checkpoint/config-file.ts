import { z } from 'zod';
import { InputError } from '../data/input.errors.js';
import type { CheckpointState, ModelConfig } from '../interfaces.js';

/** What Hugging Face's fields cannot say; kept under `qingnang` in config.json. */
export const modelNote = z.object({
  /** Trained, at any stage, on text of the built-in rehearsal model. */
  rehearsal: z.boolean(),
  /** Tokens of the rows it was trained on; `null` for models from elsewhere. */
  sequence_length: z.int().positive().nullable(),
  /** Reward models: raw score → (raw − mean) / sd. */
  score_normalisation: z.object({ mean: z.number(), sd: z.number().positive() }).nullable(),
});
export type ModelNote = z.infer<typeof modelNote>;

export interface ModelFile {
  kind: CheckpointState['kind'];
  config: ModelConfig;
  note: ModelNote;
}

const rope = z.object({
  rope_theta: z.number().positive().optional(),
  rope_type: z.string().optional(),
  type: z.string().optional(),
});
const tokenId = z.int().min(0);

/** The fields of a Llama config.json we act on, in both spellings (transformers 4 and 5). */
const llamaFile = z.object({
  architectures: z.array(z.string()).optional(),
  model_type: z.literal('llama'),
  vocab_size: z.int().positive(),
  hidden_size: z.int().positive(),
  intermediate_size: z.int().positive(),
  num_hidden_layers: z.int().positive(),
  num_attention_heads: z.int().positive(),
  num_key_value_heads: z.int().positive().nullish(),
  head_dim: z.int().positive().nullish(),
  max_position_embeddings: z.int().positive().default(2048),
  rms_norm_eps: z.number().positive().default(1e-6),
  rope_theta: z.number().positive().nullish(),
  rope_scaling: rope.nullish(),
  rope_parameters: rope.nullish(),
  hidden_act: z.literal('silu').default('silu'),
  attention_bias: z.literal(false).default(false),
  mlp_bias: z.literal(false).default(false),
  tie_word_embeddings: z.boolean().default(false),
  bos_token_id: tokenId.nullish(),
  eos_token_id: z.union([tokenId, z.array(tokenId).min(1)]),
  pad_token_id: tokenId.nullish(),
  qingnang: modelNote.optional(),
});

/** `config.json` in the older spelling, which transformers 4 and 5 both read. */
export function toConfigFile({ kind, config, note }: ModelFile): Record<string, unknown> {
  const reward = kind === 'reward';
  return {
    architectures: [reward ? 'LlamaForSequenceClassification' : 'LlamaForCausalLM'],
    attention_bias: false,
    attention_dropout: 0,
    bos_token_id: config.bosTokenId,
    eos_token_id: config.eosTokenId,
    head_dim: config.headDim,
    hidden_act: 'silu',
    hidden_size: config.hiddenSize,
    ...(reward ? { id2label: { 0: 'score' }, label2id: { score: 0 } } : {}),
    initializer_range: 0.02,
    intermediate_size: config.intermediateSize,
    max_position_embeddings: config.contextLength,
    mlp_bias: false,
    model_type: 'llama',
    num_attention_heads: config.heads,
    num_hidden_layers: config.layers,
    num_key_value_heads: config.kvHeads,
    pad_token_id: config.padTokenId,
    pretraining_tp: 1,
    qingnang: note,
    rms_norm_eps: config.rmsNormEps,
    rope_scaling: null,
    rope_theta: config.ropeTheta,
    tie_word_embeddings: config.tiedEmbeddings,
    torch_dtype: 'float32',
    use_cache: true,
    vocab_size: config.vocabSize,
  };
}

/** @throws InputError naming the field this trainer cannot work with */
export function fromConfigFile(json: unknown, path: string): ModelFile {
  const parsed = llamaFile.safeParse(json);
  if (!parsed.success) {
    const faults = parsed.error.issues.slice(0, 5).map((issue) => `${issue.path.join('.')}: ${issue.message}`);
    throw new InputError('model_config', `${path} is no model this trainer reads: ${faults.join('; ')}.`);
  }
  const file = parsed.data;
  for (const scaling of [file.rope_scaling, file.rope_parameters]) {
    const type = scaling?.rope_type ?? scaling?.type ?? 'default';
    if (type !== 'default')
      throw new InputError('model_config', `${path}: rotary scaling of type ${type} is not supported.`);
  }
  const eos = Array.isArray(file.eos_token_id) ? file.eos_token_id[0]! : file.eos_token_id;
  const headDim = file.head_dim ?? file.hidden_size / file.num_attention_heads;
  const padTokenId = file.pad_token_id ?? (eos === 0 ? 1 : 0);
  if (padTokenId === eos)
    throw new InputError('model_config', `${path}: padding and end are the same token; give them two.`);
  return {
    kind: file.architectures?.includes('LlamaForSequenceClassification') ? 'reward' : 'causal-lm',
    config: {
      vocabSize: file.vocab_size,
      hiddenSize: file.hidden_size,
      layers: file.num_hidden_layers,
      heads: file.num_attention_heads,
      kvHeads: file.num_key_value_heads ?? file.num_attention_heads,
      headDim,
      intermediateSize: file.intermediate_size,
      contextLength: file.max_position_embeddings,
      ropeTheta: file.rope_theta ?? file.rope_parameters?.rope_theta ?? 10_000,
      rmsNormEps: file.rms_norm_eps,
      tiedEmbeddings: file.tie_word_embeddings,
      bosTokenId: file.bos_token_id ?? null,
      eosTokenId: eos,
      padTokenId,
    },
    note: file.qingnang ?? { rehearsal: false, sequence_length: null, score_normalisation: null },
  };
}
