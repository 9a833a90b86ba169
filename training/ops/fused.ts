import * as tf from '@tensorflow/tfjs';

/** An attribute of an op of ours: a whole number or a float32. */
export type FusedAttributes = Record<string, { int: number } | { float: number }>;

/** Runs the op `Qingnang<name>` of `training/native`; as many outputs as asked for. */
export type RunFused = (
  name: string,
  inputs: tf.Tensor[],
  outputs: number,
  attributes?: FusedAttributes,
) => tf.Tensor[];

/** The part of tfjs-node's back end that runs ops by name. */
interface TensorFlowBackend {
  binding: { TF_ATTR_INT: number; TF_ATTR_FLOAT: number };
  executeMultipleOutputs(name: string, attributes: object[], inputs: tf.Tensor[], outputs: number): tf.Tensor[];
}

const known = new WeakMap<object, RunFused | null>();

/** Whether the current back end is TensorFlow itself, where a product's transpose flags cost nothing. */
export function onTensorFlow(): boolean {
  return tf.getBackend() === 'tensorflow';
}

/**
 * The fused ops of the current back end, or `null`: they exist in the native back end that `setup-native` made, for CPUs;
 * wasm, cpu and the packages tfjs-node and tfjs-node-gpu do without.
 */
export function fusedOps(): RunFused | null {
  if (!onTensorFlow()) return null;
  const backend = tf.backend() as object;
  if (!known.has(backend)) known.set(backend, tried(backend as TensorFlowBackend));
  return known.get(backend)!;
}

function tried(backend: TensorFlowBackend): RunFused | null {
  const run: RunFused = (name, inputs, outputs, attributes = {}) =>
    backend.executeMultipleOutputs(`Qingnang${name}`, encoded(attributes, backend), inputs, outputs);
  try {
    tf.tidy(() => void run('SwiGlu', [tf.scalar(1), tf.scalar(1)], 1));
    return run;
  } catch {
    return null;
  }
}

function encoded(attributes: FusedAttributes, { binding }: TensorFlowBackend): object[] {
  return Object.entries(attributes).map(([name, value]) =>
    'int' in value
      ? { name, type: binding.TF_ATTR_INT, value: value.int }
      : { name, type: binding.TF_ATTR_FLOAT, value: value.float },
  );
}
