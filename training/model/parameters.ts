import * as tf from '@tensorflow/tfjs';
import { DomainError, type Random } from '@qingnang/kernel';
import type { ModelConfig, NamedWeight, WeightSource } from '../interfaces.js';
import { embeddingName, parameterShapes, type Head } from './parameter-shapes.js';

/** Trainable tensors by Hugging Face name, in a fixed order. */
export type Parameters = ReadonlyMap<string, tf.Variable>;

/** A new model: norms 1, the rest normal; what writes to the residual stream starts smaller, as in GPT-2. */
export function drawParameters(config: ModelConfig, random: Random): Parameters {
  return build(parameterShapes(config, 'none'), (name, shape) => drawWeight(name, shape, config, random));
}

/**
 * Copies weights into a model of the given head, one tensor at a time. A head that the source lacks is made: a reward head
 * from N(0, 1/(d + 1)), a value head from zeros; a head that is not wanted is left out.
 * @param held tensors that are there already and are taken as they are
 * @throws DomainError `training.weights_mismatch` naming every tensor that is missing, unexpected or of another shape
 */
export function loadParameters(
  config: ModelConfig,
  source: WeightSource,
  head: Head,
  random?: Random,
  held: Parameters = new Map(),
): Parameters {
  const present = new Set(source.names());
  const canBeMade = (name: string): boolean =>
    name.startsWith('v_head.') || (name === 'score.weight' && random !== undefined);
  const shapes = parameterShapes(config, head);
  refuseMismatch(source, shapes, canBeMade);
  // The largest first: what is held twice for a moment is held while there is little else.
  const wanted = [...shapes].filter(([name]) => !held.has(name));
  const largestFirst = wanted.sort(([, a], [, b]) => size(b) - size(a));
  const loaded = build(largestFirst, (name, shape) => {
    if (present.has(name)) return source.get(name).data;
    if (name === 'score.weight') return normal(size(shape), Math.sqrt(1 / (config.hiddenSize + 1)), random!);
    return new Float32Array(size(shape));
  });
  return new Map([...shapes.keys()].map((name) => [name, held.get(name) ?? loaded.get(name)!]));
}

/** @throws DomainError as `loadParameters`, without reading the numbers; a head that lacks is a fault here */
export function refuseOtherShapes(config: ModelConfig, source: WeightSource, head: Head): void {
  refuseMismatch(source, parameterShapes(config, head), () => false);
}

/** Of a checkpoint for another purpose: a score where words are wanted, words where a score is. */
const HEADS = new Set(['lm_head.weight', 'score.weight', 'v_head.weight', 'v_head.bias']);

function refuseMismatch(
  source: WeightSource,
  wanted: ReadonlyMap<string, number[]>,
  canBeMade: (name: string) => boolean,
): void {
  const present = new Set(source.names());
  const missing = [...wanted.keys()].filter((name) => !present.has(name) && !canBeMade(name));
  const unexpected = [...present].filter((name) => !wanted.has(name) && !HEADS.has(name));
  const misshapen = [...wanted].flatMap(([name, shape]) => {
    const found = present.has(name) ? (source.shape?.(name) ?? source.get(name).shape) : shape;
    return found.join() === shape.join() ? [] : [`"${name}" as ${dims(found)} where ${dims(shape)} is needed`];
  });
  const faults = [
    ...(missing.length > 0 ? [`lacks ${quoted(missing)}`] : []),
    ...(unexpected.length > 0 ? [`has ${quoted(unexpected)}, which this model has no place for`] : []),
    ...(misshapen.length > 0 ? [`holds ${misshapen.join(', ')}`] : []),
  ];
  if (faults.length > 0) throw mismatch(faults.join('; it '), source.path);
}

function quoted(names: readonly string[]): string {
  return names.map((name) => `"${name}"`).join(', ');
}

function dims(shape: readonly number[]): string {
  return `[${shape.join(', ')}]`;
}

/** Plain copies of the tensors as they are now. */
export function exportParameters(parameters: Parameters): WeightSource {
  const copies = new Map<string, NamedWeight>();
  for (const [name, variable] of parameters) {
    copies.set(name, { shape: [...variable.shape], data: (variable.dataSync() as Float32Array).slice() });
  }
  return weightSource(copies);
}

export function weightSource(weights: ReadonlyMap<string, NamedWeight>): WeightSource {
  return {
    names: () => [...weights.keys()],
    get(name) {
      const weight = weights.get(name);
      if (!weight) throw mismatch(`lacks "${name}"`);
      return { shape: weight.shape, data: weight.data.slice() };
    },
    shape: (name) => weights.get(name)!.shape,
  };
}

export function disposeParameters(parameters: Parameters): void {
  for (const variable of parameters.values()) variable.dispose();
}

function build(
  shapes: Iterable<[name: string, shape: number[]]>,
  fill: (name: string, shape: number[]) => Float32Array,
): Parameters {
  const parameters = new Map<string, tf.Variable>();
  for (const [name, shape] of shapes) {
    // The cpu back end keeps the array it is given.
    const tensor = tf.tensor(fill(name, shape), shape, 'float32');
    takeOver(tensor);
    parameters.set(name, tf.variable(tensor));
    tensor.dispose();
  }
  return parameters;
}

/** A native back end copies an array at its first use and keeps both until then: use it now, not all of them later. */
function takeOver(tensor: tf.Tensor): void {
  if (tf.getBackend() === 'tensorflow') tf.tidy(() => tf.slice(tf.reshape(tensor, [tensor.size]), 0, 1));
}

function drawWeight(name: string, shape: number[], config: ModelConfig, random: Random): Float32Array {
  if (shape.length === 1) return new Float32Array(size(shape)).fill(name.endsWith('.bias') ? 0 : 1);
  const writesToResidual = /\.(o_proj|down_proj|dense|dense_4h_to_h)\.weight$/.test(name);
  const embeds = name === `${embeddingName(config.architecture)}.weight`;
  const sd = embeds ? EMBEDDING_SD : Math.sqrt(1 / shape[1]!);
  return normal(size(shape), writesToResidual ? sd / Math.sqrt(2 * config.layers) : sd, random);
}

/** Small, since a tied embedding is the output layer too and large logits are slow to unlearn. */
const EMBEDDING_SD = 0.05;

/** Box–Muller. */
function normal(count: number, sd: number, random: Random): Float32Array {
  const values = new Float32Array(count);
  for (let i = 0; i < count; i++) {
    const radius = Math.sqrt(-2 * Math.log(1 - random.next()));
    values[i] = sd * radius * Math.cos(2 * Math.PI * random.next());
  }
  return values;
}

function size(shape: readonly number[]): number {
  return shape.reduce((product, n) => product * n, 1);
}

function mismatch(what: string, path?: string): DomainError {
  return new DomainError({
    code: 'training.weights_mismatch',
    status: 422,
    detail: `The checkpoint${path === undefined ? '' : ` in ${path}`} ${what}; choose a checkpoint of the same shape and stage.`,
  });
}
