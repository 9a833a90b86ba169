import type { WeightType } from '@qingnang/contracts';
import { z } from 'zod';
import { InputError } from '../data/input.errors.js';
import type { Architecture, CheckpointState, ModelConfig } from '../interfaces.js';
import { bloomFields, readBloom, writeBloom } from './bloom-fields.js';
import { llamaFields, readLlama, writeLlama, type TokenIds } from './llama-fields.js';

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

const CLASSES: Record<Architecture, string> = { llama: 'Llama', qwen2: 'Qwen2', bloom: 'Bloom' };

const tokenId = z.int().min(0);
const endTokens = z.union([tokenId, z.array(tokenId).min(1)]);

/** What every architecture has beside its shape. */
const commonFields = z.object({
  architectures: z.array(z.string()).nullish(),
  bos_token_id: tokenId.nullish(),
  eos_token_id: endTokens.nullish(),
  pad_token_id: z.int().nullish(),
  quantization_config: z.unknown().optional(),
  qingnang: modelNote.optional(),
});
type CommonFields = z.infer<typeof commonFields>;

/** `generation_config.json`, of which only the end tokens are acted on. */
const generationFields = z.looseObject({ eos_token_id: endTokens.nullish() });

/** Written anew, or true only of the file it stood in. */
const NOT_KEPT = new Set([
  ...['_name_or_path', 'auto_map', 'dtype', 'torch_dtype', 'transformers_version', 'id2label', 'label2id'],
  ...['num_labels', 'problem_type', 'layer_types', 'use_cache', '_from_model_config'],
]);

/** Fields that Python wants as fractions, whole or not. */
export const FRACTIONS: ReadonlySet<string> = new Set([
  ...['attention_dropout', 'hidden_dropout', 'initializer_range', 'layer_norm_epsilon', 'rms_norm_eps', 'rope_theta'],
  ...['factor', 'low_freq_factor', 'high_freq_factor', 'beta_fast', 'beta_slow', 'attention_factor'],
  ...['temperature', 'top_p', 'repetition_penalty', 'length_penalty', 'typical_p', 'min_p'],
]);

/** `config.json` in the older spelling, which transformers 4 and 5 both read. */
export function toConfigFile(
  { kind, config, note }: ModelFile,
  dtype: WeightType = 'float32',
): Record<string, unknown> {
  const reward = kind === 'reward';
  const fields: Record<string, unknown> = {
    architectures: [`${CLASSES[config.architecture]}For${reward ? 'SequenceClassification' : 'CausalLM'}`],
    bos_token_id: config.bosTokenId,
    eos_token_id: config.stopTokenIds ?? config.eosTokenId,
    ...(reward ? { id2label: { 0: 'score' }, label2id: { score: 0 } } : {}),
    model_type: config.architecture,
    pad_token_id: config.padTokenId,
    qingnang: note,
    tie_word_embeddings: config.tiedEmbeddings,
    torch_dtype: dtype,
    use_cache: true,
    vocab_size: config.vocabSize,
    ...writeShape(config),
    ...config.otherFields,
  };
  return Object.fromEntries(Object.entries(fields).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** `generation_config.json`: what ends a reply, and the sampling settings it came with. */
export function toGenerationFile(config: ModelConfig): Record<string, unknown> {
  return {
    ...config.generationFields,
    ...(config.bosTokenId === null ? {} : { bos_token_id: config.bosTokenId }),
    eos_token_id: config.stopTokenIds ?? config.eosTokenId,
    pad_token_id: config.padTokenId,
  };
}

/**
 * @param generation `generation_config.json`, `null` where there is none
 * @throws InputError naming the field this trainer cannot work with
 */
export function fromConfigFile(json: unknown, path: string, generation: unknown = null): ModelFile {
  const common = parsed(commonFields, json, path);
  if (common.quantization_config != null)
    throw new InputError('model_config', `${path}: the weights are quantised; use the model's full-precision weights.`);
  const shape = readShape(json, path);
  const replies = generation === null ? {} : parsed(generationFields, generation, `generation_config.json of ${path}`);
  const config: ModelConfig = { ...shape, ...tokenIds(common, replies.eos_token_id, shape.vocabSize, path) };
  const otherFields = without(json, (name, value) => isOurs(name) || sameValue(writeShape(config)[name], value));
  if (Object.keys(otherFields).length > 0) config.otherFields = otherFields;
  const generationRest = without(replies, (name) => name.endsWith('_token_id') || NOT_KEPT.has(name));
  if (Object.keys(generationRest).length > 0) config.generationFields = generationRest;
  return {
    kind: common.architectures?.some((name) => name.endsWith('ForSequenceClassification')) ? 'reward' : 'causal-lm',
    config,
    note: common.qingnang ?? { rehearsal: false, sequence_length: null, score_normalisation: null },
  };
}

function readShape(json: unknown, path: string): Omit<ModelConfig, keyof TokenIds> {
  const type = parsed(z.object({ model_type: z.string() }), json, path).model_type;
  if (llamaFields.shape.model_type.safeParse(type).success) return readLlama(parsed(llamaFields, json, path), path);
  if (type === 'bloom') return readBloom(parsed(bloomFields, json, path), path);
  throw new InputError(
    'model_config',
    `${path}: models of type "${type}" are not supported; llama, qwen2, bloom and baichuan (7B) are.`,
  );
}

function writeShape(config: ModelConfig): Record<string, unknown> {
  return config.architecture === 'bloom' ? writeBloom(config) : writeLlama(config);
}

/**
 * A file's own pad token, unless it is the end token too: then the first id that ends nothing, to fill places that are masked.
 * What is written is the tokenizer's (`model-folder.ts`).
 */
function tokenIds(
  file: CommonFields,
  replyEnds: number | number[] | null | undefined,
  vocabSize: number,
  path: string,
): TokenIds {
  const ends = [file.eos_token_id ?? [], replyEnds ?? []].flat();
  const eosTokenId = ends[0];
  if (eosTokenId === undefined)
    throw new InputError('model_config', `${path} names no eos_token_id, and no generation_config.json does.`);
  const stopTokenIds = [...new Set(ends)];
  const pad = file.pad_token_id ?? -1;
  const own = pad >= 0 && pad < vocabSize && pad !== eosTokenId;
  return {
    bosTokenId: file.bos_token_id ?? null,
    eosTokenId,
    ...(stopTokenIds.length > 1 ? { stopTokenIds } : {}),
    padTokenId: own ? pad : [...stopTokenIds.keys(), stopTokenIds.length].find((id) => !stopTokenIds.includes(id))!,
  };
}

function isOurs(name: string): boolean {
  return NOT_KEPT.has(name) || [llamaFields, bloomFields, commonFields].some((fields) => name in fields.shape);
}

function without(json: unknown, leftOut: (name: string, value: unknown) => boolean): Record<string, unknown> {
  return Object.fromEntries(Object.entries(json as object).filter(([name, value]) => !leftOut(name, value)));
}

function sameValue(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

function parsed<T>(schema: z.ZodType<T>, json: unknown, path: string): T {
  const result = schema.safeParse(json);
  if (result.success) return result.data;
  const faults = result.error.issues.slice(0, 5).map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  throw new InputError('model_config', `${path} is no model this trainer reads: ${faults.join('; ')}.`);
}
