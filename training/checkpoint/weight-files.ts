import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { access, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { z } from 'zod';
import { InputError } from '../data/input.errors.js';
import type { WeightSource } from '../interfaces.js';
import { readJson, writeJson } from './json-file.js';
import { bytesOf, type StoredType } from './number-formats.js';
import { openSafetensors, shapeOf, writeSafetensors, type SafetensorsFile } from './safetensors.js';

const WEIGHTS = 'model.safetensors';
const INDEX = 'model.safetensors.index.json';
const weightIndex = z.object({ weight_map: z.record(z.string(), z.string().regex(/^[\w.-]+$/)) });

/** Larger models are cut into files of at most this size (a single tensor may exceed it), as Hugging Face does. */
export const SHARD_BYTES = 5e9;

/**
 * All tensors of a folder, under the names its files give them.
 * @throws InputError for a missing or damaged file, and for an index that names other tensors than its files hold
 */
export async function openWeights(path: string): Promise<SafetensorsFile> {
  await refuseNoWeights(path);
  const index = await readIndex(path);
  const files = filesOf(index).map((file) => ({ file, source: openSafetensors(join(path, file)) }));
  const home = new Map<string, SafetensorsFile>();
  for (const { file, source } of files) {
    for (const name of source.names()) {
      if ((index?.[name] ?? file) === file) home.set(name, source);
    }
  }
  const lost = Object.keys(index ?? {}).filter((name) => !home.has(name));
  if (lost.length > 0)
    throw new InputError('weights', `${INDEX} in ${path} names tensors that its files lack: ${lost.join(', ')}.`);
  const from = (name: string): SafetensorsFile => {
    const source = home.get(name);
    if (!source) throw new InputError('weights', `There is no tensor ${name} in ${path}.`);
    return source;
  };
  return {
    path,
    names: () => [...home.keys()],
    shape: (name) => from(name).shape(name),
    get: (name) => from(name).get(name),
    rows: (name, first, last) => from(name).rows(name, first, last),
  };
}

/** Whether a folder has weights at all, whole or not. */
export async function holdsWeights(path: string): Promise<boolean> {
  const names = await readdir(path);
  return names.includes(WEIGHTS) || names.includes(INDEX);
}

async function refuseNoWeights(path: string): Promise<void> {
  if (await holdsWeights(path)) return;
  const pickled = (await readdir(path)).some((name) => /^pytorch_model.*\.bin$/.test(name));
  throw new InputError(
    'weights',
    pickled
      ? `${path} holds its weights as pytorch_model.bin, which is not read; save the model once with transformers' save_pretrained, which writes ${WEIGHTS}.`
      : `There is neither ${WEIGHTS} nor ${INDEX} in ${path}.`,
  );
}

/** SHA-256 over `model.safetensors`: the name of these weights everywhere. Of a sharded model, over its shards in order. */
export async function hashWeights(path: string): Promise<string> {
  const hash = createHash('sha256');
  for (const file of filesOf(await readIndex(path)))
    await pipeline(createReadStream(join(path, file)), hash, { end: false });
  return hash.digest('hex');
}

/** One file, or shards and their index where that would exceed `shardBytes`. @returns what `hashWeights` gives */
export async function writeWeights(
  folder: string,
  source: WeightSource,
  { stored = 'F32', shardBytes = SHARD_BYTES }: { stored?: StoredType; shardBytes?: number } = {},
): Promise<string> {
  const shards = cut(source, shardBytes, bytesOf(stored)!);
  if (shards.length === 1) return writeSafetensors(join(folder, WEIGHTS), source, { stored });
  const hash = createHash('sha256');
  const weightMap: Record<string, string> = {};
  const number = (n: number): string => String(n).padStart(5, '0');
  for (const [i, { names }] of shards.entries()) {
    const file = `model-${number(i + 1)}-of-${number(shards.length)}.safetensors`;
    await writeSafetensors(
      join(folder, file),
      { ...source, names: () => names, get: (name) => source.get(name) },
      { stored, alongside: hash },
    );
    for (const name of names) weightMap[name] = file;
  }
  const total = shards.reduce((sum, { bytes }) => sum + bytes, 0);
  await writeJson(join(folder, INDEX), { metadata: { total_size: total }, weight_map: weightMap });
  return hash.digest('hex');
}

interface Shard {
  names: string[];
  bytes: number;
}

/** By name, each shard filled as far as it goes. */
function cut(source: WeightSource, shardBytes: number, numberBytes: number): Shard[] {
  const shards: Shard[] = [{ names: [], bytes: 0 }];
  for (const name of [...source.names()].sort()) {
    const bytes = shapeOf(source, name).reduce((product, n) => product * n, numberBytes);
    let last = shards.at(-1)!;
    if (last.names.length > 0 && last.bytes + bytes > shardBytes) shards.push((last = { names: [], bytes: 0 }));
    last.names.push(name);
    last.bytes += bytes;
  }
  return shards;
}

/** File by tensor name; `null` for a model in one file. */
async function readIndex(path: string): Promise<Record<string, string> | null> {
  const present = await access(join(path, INDEX)).then(
    () => true,
    () => false,
  );
  if (!present) return null;
  const parsed = weightIndex.safeParse(await readJson(join(path, INDEX)));
  if (!parsed.success) throw new InputError('weights', `${INDEX} in ${path} names no weight_map of plain file names.`);
  return parsed.data.weight_map;
}

function filesOf(index: Record<string, string> | null): string[] {
  return index === null ? [WEIGHTS] : [...new Set(Object.values(index))].sort();
}
