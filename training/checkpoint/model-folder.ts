import { access } from 'node:fs/promises';
import { join } from 'node:path';
import type { WeightSource } from '../interfaces.js';
import type { Tokenizer } from '../tokenizer/tokenizer.js';
import { fromConfigFile, toConfigFile, toGenerationFile, type ModelFile } from './config-file.js';
import { readJson, writeJson } from './json-file.js';
import { openWeights, writeWeights } from './weight-files.js';
import { inOurLayout } from './weight-layout.js';

const CONFIG = 'config.json';
const GENERATION = 'generation_config.json';

/** A model folder in Hugging Face's layout: what it is, and its weights. */
export interface ModelFolder extends ModelFile {
  path: string;
  weights: WeightSource;
}

/** @throws InputError for a missing file, a kind of model we do not know, damaged weights */
export async function openModel(path: string): Promise<ModelFolder> {
  const generation = (await exists(join(path, GENERATION))) ? await readJson(join(path, GENERATION)) : null;
  const file = fromConfigFile(await readJson(join(path, CONFIG)), join(path, CONFIG), generation);
  return { path, ...file, weights: inOurLayout(await openWeights(path), file.config) };
}

/**
 * Writes config.json, generation_config.json, weights and tokenizer.
 * @param shardBytes size above which the weights are cut into several files
 * @returns the weights' SHA-256
 */
export async function writeModel(
  folder: string,
  model: ModelFile & { weights: WeightSource },
  tokenizer: Pick<Tokenizer, 'save'>,
  shardBytes?: number,
): Promise<string> {
  await writeJson(join(folder, CONFIG), toConfigFile(model));
  await writeJson(join(folder, GENERATION), toGenerationFile(model.config));
  await tokenizer.save(folder);
  return writeWeights(folder, model.weights, shardBytes);
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
