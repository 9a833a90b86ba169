import type { Random } from '@qingnang/kernel';
import { InputError } from '../data/input.errors.js';
import type { CheckpointState } from '../interfaces.js';
import type { Model } from './model.js';
import { embeddingName } from './parameter-shapes.js';
import { exportParameters, type Parameters } from './parameters.js';

/** What an optimiser may change: everything that is not frozen, and the adapter where there is one. */
export function trainable({ parameters, frozen, adapter }: Model): Parameters {
  if (!frozen) return parameters;
  return new Map([...[...parameters].filter(([name]) => !frozen.has(name)), ...(adapter?.parameters ?? [])]);
}

/** What a checkpoint keeps of a model: all its weights, or of a LoRA run what learns. */
export function savedParameters(model: Model): Pick<CheckpointState, 'weights' | 'lora'> {
  if (!model.adapter) return { weights: exportParameters(model.parameters) };
  return { weights: exportParameters(trainable(model)), lora: model.adapter.settings };
}

/** The model as a loss sees it: its adapter drops out inputs, drawn anew at every call. The tensors are the same. */
export function whileLearning(model: Model, random: Random): Model {
  return model.adapter ? { ...model, adapter: model.adapter.whileLearning(random) } : model;
}

/** A reward or value head: new with the method, so it learns whatever is frozen. */
export function isHead(name: string): boolean {
  return name.startsWith('score.') || name.startsWith('v_head.');
}

/**
 * Leaves parts of a model as they are: `embeddings` (with a tied output layer), `head`, `norms`, `layers.3`, `layers.0-3`.
 * @throws InputError for layers the model does not have, or when nothing is left to learn
 */
export function freezeParts(model: Model, parts: readonly string[]): Model {
  if (parts.length === 0) return model;
  const tests = parts.map((part) => partTest(model, part));
  const frozen = new Set([...model.parameters.keys()].filter((name) => !isHead(name) && tests.some((t) => t(name))));
  if (frozen.size === model.parameters.size) throw new InputError('config', 'freeze leaves nothing to learn.');
  return { ...model, frozen };
}

function partTest({ config }: Model, part: string): (name: string) => boolean {
  const embedding = embeddingName(config.architecture);
  if (part === 'embeddings') return (name) => name.startsWith(embedding);
  if (part === 'head') return (name) => name.startsWith('lm_head.');
  if (part === 'norms') return (name) => /(norm|ln_f)\.(weight|bias)$/.test(name);
  const [from, to = from] = part.slice('layers.'.length).split('-').map(Number) as [number, number?];
  if (from! > to! || to! >= config.layers) {
    throw new InputError('config', `freeze: ${part} is not among the layers 0–${config.layers - 1} of the model.`);
  }
  return (name) => {
    const layer = /\.(?:layers|h)\.(\d+)\./.exec(name)?.[1];
    return layer !== undefined && Number(layer) >= from! && Number(layer) <= to!;
  };
}
