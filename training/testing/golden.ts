import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { fromConfigFile } from '../model-config/config-file.js';
import { openModel, type ModelFolder } from '../checkpoint/model-folder.js';
import type { ModelConfig, NamedWeight, WeightSource } from '../interfaces.js';

/** A JSON fixture of `testing/golden`; shape is the caller's claim. */
export function goldenJson<T>(path: string): T {
  return JSON.parse(readFileSync(new URL(`./golden/${path}`, import.meta.url), 'utf8')) as T;
}

/** A float32 safetensors fixture, read the short way (the product's reader is tested on its own). */
export function goldenTensors(path: string): WeightSource {
  const file = readFileSync(new URL(`./golden/${path}`, import.meta.url));
  const headerLength = Number(file.readBigUInt64LE(0));
  const header = JSON.parse(file.subarray(8, 8 + headerLength).toString('utf8')) as Record<
    string,
    { dtype: string; shape: number[]; data_offsets: [number, number] }
  >;
  const names = Object.keys(header).filter((name) => name !== '__metadata__');
  return {
    names: () => names,
    get(name): NamedWeight {
      const { shape, data_offsets } = header[name]!;
      const [from, to] = data_offsets.map((offset) => 8 + headerLength + offset) as [number, number];
      return { shape, data: new Float32Array(new Uint8Array(file.subarray(from, to)).buffer) };
    },
  };
}

export function goldenConfig(path: string): ModelConfig {
  return fromConfigFile(goldenJson(path), path).config;
}

/** A whole model folder of `testing/golden`, read as the product reads it. */
export function goldenModel(name: string): Promise<ModelFolder> {
  return openModel(fileURLToPath(new URL(`./golden/${name}`, import.meta.url)));
}

/** Largest absolute difference of two lists of numbers, nested or not. */
export function largestDifference(a: unknown, b: unknown): number {
  const flatA = flatten(a);
  const flatB = flatten(b);
  if (flatA.length !== flatB.length) return Infinity;
  return flatA.reduce((worst, x, i) => Math.max(worst, x === flatB[i] ? 0 : Math.abs(x - flatB[i]!)), 0);
}

function flatten(value: unknown): number[] {
  if (typeof value === 'number') return [value];
  if (typeof value === 'boolean') return [value ? 1 : 0];
  return Array.from(value as ArrayLike<unknown>).flatMap(flatten);
}
