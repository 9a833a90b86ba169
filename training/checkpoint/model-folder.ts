import { access } from 'node:fs/promises';
import { join } from 'node:path';
import type { WeightType } from '@qingnang/contracts';
import { InputError } from '../data/input.errors.js';
import type { WeightSource } from '../interfaces.js';
import type { Tokenizer } from '../tokenizer/tokenizer.js';
import {
  FRACTIONS,
  fromConfigFile,
  toConfigFile,
  toGenerationFile,
  type ModelFile,
} from '../model-config/config-file.js';
import { readJson, writeJson } from './json-file.js';
import { storedAs } from './number-formats.js';
import { holdsWeights, openWeights, writeWeights } from './weight-files.js';
import { inOurLayout } from './weight-layout.js';

const CONFIG = 'config.json';
const GENERATION = 'generation_config.json';
/** Where the checkpoints of a LoRA run keep their adapter. */
export const ADAPTER = 'adapter';

/** A model folder in Hugging Face's layout: what it is, and its weights. */
export interface ModelFolder extends ModelFile {
  path: string;
  weights: WeightSource;
}

/** @throws InputError for a missing file, a kind of model we do not know, damaged weights */
export async function openModel(path: string): Promise<ModelFolder> {
  const file = await openModelFile(path);
  await refuseBareAdapter(path);
  return { path, ...file, weights: inOurLayout(await openWeights(path), file.config) };
}

/** What a folder holds, without its weights. @throws InputError as `openModel` */
export async function openModelFile(path: string): Promise<ModelFile> {
  const generation = (await exists(join(path, GENERATION))) ? await readJson(join(path, GENERATION)) : null;
  return fromConfigFile(await readJson(join(path, CONFIG)), join(path, CONFIG), generation);
}

/** What `writeModel` asks of a tokenizer. */
export type SavedTokenizer = Pick<Tokenizer, 'save' | 'padIdWithin'>;

/**
 * Writes config.json, generation_config.json, weights and tokenizer.
 * @param dtype that the weights are stored in, float32 by default
 * @param shardBytes size above which the weights are cut into several files
 * @returns the weights' SHA-256
 * @throws NumberTooLargeError when a weight does not fit `dtype`
 */
export async function writeModel(
  folder: string,
  model: ModelFile & { weights: WeightSource },
  tokenizer: SavedTokenizer,
  { dtype = 'float32', shardBytes }: { dtype?: WeightType; shardBytes?: number } = {},
): Promise<string> {
  await writeModelFile(folder, model, tokenizer, dtype);
  const sized = shardBytes === undefined ? {} : { shardBytes };
  return writeWeights(folder, model.weights, { stored: storedAs[dtype], ...sized });
}

/**
 * Everything of a model folder but the weights. The padding token is the tokenizer's, whatever the model came with: the
 * three files name the same one. A reward model's chats end where it reads its score.
 */
export async function writeModelFile(
  folder: string,
  model: ModelFile,
  tokenizer: SavedTokenizer,
  dtype: WeightType = 'float32',
): Promise<void> {
  const padTokenId = tokenizer.padIdWithin(model.config.vocabSize);
  const config = { ...model.config, padTokenId };
  await writeJson(join(folder, CONFIG), toConfigFile({ ...model, config }, dtype), FRACTIONS);
  await writeJson(join(folder, GENERATION), toGenerationFile(config), FRACTIONS);
  await tokenizer.save(folder, { padId: padTokenId, scored: model.kind === 'reward' });
}

/** A LoRA run keeps its adapter only, until it ends. */
async function refuseBareAdapter(path: string): Promise<void> {
  const adapter = join(path, ADAPTER);
  if (!(await exists(adapter)) || (await holdsWeights(path))) return;
  throw new InputError(
    'adapter_only',
    `${path} holds an adapter without its base; qingnang-train merge --base BASE --adapter ${adapter} --out DIR makes a model of the two.`,
  );
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
