import * as tf from '@tensorflow/tfjs';
import { DomainError, type Random } from '@qingnang/kernel';
import type { ModelConfig, NamedWeight, WeightSource } from '../interfaces.js';

/** What stands on the trunk: nothing but the vocabulary, a score, or a value beside the vocabulary. */
export type Head = 'none' | 'reward' | 'value';

/** Trainable tensors by Hugging Face name, in a fixed order. */
export type Parameters = ReadonlyMap<string, tf.Variable>;

/** Names and shapes of all parameters of a model, in the order in which they are drawn, saved and updated. */
export function parameterShapes(c: ModelConfig, head: Head): Map<string, number[]> {
  const shapes = new Map<string, number[]>([['model.embed_tokens.weight', [c.vocabSize, c.hiddenSize]]]);
  for (let l = 0; l < c.layers; l++) {
    const at = `model.layers.${l}`;
    shapes.set(`${at}.input_layernorm.weight`, [c.hiddenSize]);
    shapes.set(`${at}.self_attn.q_proj.weight`, [c.heads * c.headDim, c.hiddenSize]);
    shapes.set(`${at}.self_attn.k_proj.weight`, [c.kvHeads * c.headDim, c.hiddenSize]);
    shapes.set(`${at}.self_attn.v_proj.weight`, [c.kvHeads * c.headDim, c.hiddenSize]);
    shapes.set(`${at}.self_attn.o_proj.weight`, [c.hiddenSize, c.heads * c.headDim]);
    shapes.set(`${at}.post_attention_layernorm.weight`, [c.hiddenSize]);
    shapes.set(`${at}.mlp.gate_proj.weight`, [c.intermediateSize, c.hiddenSize]);
    shapes.set(`${at}.mlp.up_proj.weight`, [c.intermediateSize, c.hiddenSize]);
    shapes.set(`${at}.mlp.down_proj.weight`, [c.hiddenSize, c.intermediateSize]);
  }
  shapes.set('model.norm.weight', [c.hiddenSize]);
  if (head === 'reward') shapes.set('score.weight', [1, c.hiddenSize]);
  else if (!c.tiedEmbeddings) shapes.set('lm_head.weight', [c.vocabSize, c.hiddenSize]);
  if (head === 'value') {
    shapes.set('v_head.weight', [1, c.hiddenSize]);
    shapes.set('v_head.bias', [1]);
  }
  return shapes;
}

/** A new model: norms 1, the rest normal; what writes to the residual stream starts smaller, as in GPT-2. */
export function drawParameters(config: ModelConfig, random: Random): Parameters {
  return build(parameterShapes(config, 'none'), (name, shape) => drawWeight(name, shape, config, random));
}

/**
 * Copies weights into a model of the given head. A head that the source lacks is made: a reward head from
 * N(0, 1/(d + 1)), a value head from zeros.
 * @throws DomainError `training.weights_mismatch`
 */
export function loadParameters(config: ModelConfig, source: WeightSource, head: Head, random?: Random): Parameters {
  const present = new Set(source.names());
  return build(parameterShapes(config, head), (name, shape) => {
    if (!present.has(name)) {
      if (name.startsWith('v_head.')) return new Float32Array(size(shape));
      if (name === 'score.weight' && random) {
        return normal(size(shape), Math.sqrt(1 / (config.hiddenSize + 1)), random);
      }
      throw mismatch(`lacks "${name}"`);
    }
    const weight = source.get(name);
    if (weight.shape.join() !== shape.join()) {
      throw mismatch(`holds "${name}" as [${weight.shape.join(', ')}] where [${shape.join(', ')}] is needed`);
    }
    return weight.data;
  });
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
      return weight;
    },
  };
}

export function disposeParameters(parameters: Parameters): void {
  for (const variable of parameters.values()) variable.dispose();
}

function build(
  shapes: ReadonlyMap<string, number[]>,
  fill: (name: string, shape: number[]) => Float32Array,
): Parameters {
  const parameters = new Map<string, tf.Variable>();
  for (const [name, shape] of shapes) {
    // A copy, since the cpu back end keeps the array it is given.
    const tensor = tf.tensor(fill(name, shape).slice(), shape, 'float32');
    parameters.set(name, tf.variable(tensor));
    tensor.dispose();
  }
  return parameters;
}

function drawWeight(name: string, shape: number[], config: ModelConfig, random: Random): Float32Array {
  if (name.endsWith('norm.weight')) return new Float32Array(size(shape)).fill(1);
  const writesToResidual = name.endsWith('o_proj.weight') || name.endsWith('down_proj.weight');
  const sd = name.endsWith('embed_tokens.weight') ? EMBEDDING_SD : Math.sqrt(1 / shape[1]!);
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

function mismatch(what: string): DomainError {
  return new DomainError({
    code: 'training.weights_mismatch',
    status: 422,
    detail: `The checkpoint ${what}; choose a checkpoint of the same shape and stage.`,
  });
}
