import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { z } from 'zod';
import { InputError } from '../data/input.errors.js';
import type { WeightSource } from '../interfaces.js';
import type { Tokenizer } from '../tokenizer/tokenizer.js';
import { fromConfigFile, toConfigFile, type ModelFile } from './config-file.js';
import { openSafetensors, writeSafetensors } from './safetensors.js';

const WEIGHTS = 'model.safetensors';
const INDEX = 'model.safetensors.index.json';
const weightIndex = z.object({ weight_map: z.record(z.string(), z.string().regex(/^[\w.-]+$/)) });

/** A model folder in Hugging Face's layout: what it is, and its weights. */
export interface ModelFolder extends ModelFile {
  path: string;
  weights: WeightSource;
}

/** @throws InputError for a missing file, a kind of model we do not know, damaged weights */
export async function openModel(path: string): Promise<ModelFolder> {
  const json = await readJson(join(path, 'config.json'));
  return { path, ...fromConfigFile(json, join(path, 'config.json')), weights: await openWeights(path) };
}

/** SHA-256 over `model.safetensors`: the name of these weights everywhere. Of a sharded model, over its shards in order. */
export async function hashWeights(path: string): Promise<string> {
  const hash = createHash('sha256');
  for (const file of await weightFiles(path)) await pipeline(createReadStream(join(path, file)), hash, { end: false });
  return hash.digest('hex');
}

/** Writes config.json, generation_config.json, weights and tokenizer. @returns the weights' SHA-256 */
export async function writeModel(
  folder: string,
  model: ModelFile & { weights: WeightSource },
  tokenizer: Tokenizer,
): Promise<string> {
  const { eosTokenId, padTokenId } = model.config;
  await writeJson(join(folder, 'config.json'), toConfigFile(model));
  await writeJson(join(folder, 'generation_config.json'), { eos_token_id: eosTokenId, pad_token_id: padTokenId });
  await tokenizer.save(folder);
  return writeSafetensors(join(folder, WEIGHTS), model.weights);
}

export async function writeJson(path: string, value: unknown): Promise<void> {
  await writeFile(path, JSON.stringify(value, null, 2) + '\n');
}

/** @throws InputError when the file is missing or no JSON */
export async function readJson(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, 'utf8'));
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    throw new InputError('model_missing', `${path} ${code ? `cannot be read (${code})` : 'is not JSON'}.`);
  }
}

async function openWeights(path: string): Promise<WeightSource> {
  const files = await weightFiles(path);
  const sources = files.map((file) => openSafetensors(join(path, file)));
  const home = new Map(sources.flatMap((source) => source.names().map((name) => [name, source] as const)));
  return {
    names: () => [...home.keys()],
    get(name) {
      const source = home.get(name);
      if (!source) throw new InputError('weights', `There is no tensor ${name} in ${path}.`);
      return source.get(name);
    },
  };
}

async function weightFiles(path: string): Promise<string[]> {
  const text = await readFile(join(path, INDEX), 'utf8').catch(() => null);
  if (text === null) return [WEIGHTS];
  const parsed = weightIndex.safeParse(await readJson(join(path, INDEX)));
  if (!parsed.success) throw new InputError('weights', `${INDEX} in ${path} names no weight_map of plain file names.`);
  return [...new Set(Object.values(parsed.data.weight_map))].sort();
}
