import * as tf from '@tensorflow/tfjs';
import { onTensorFlow } from '../ops/fused.js';

/** Milliseconds of one step by op, the longest first, and what lay outside all ops: JavaScript and the way there. */
export interface OpProfile {
  milliseconds: number;
  outside: number;
  ops: { op: string; milliseconds: number; calls: number }[];
}

type Execute = (name: string, ...rest: unknown[]) => unknown;

/** Times every op of a step, on TensorFlow at its binding, on the others at tfjs's kernels. */
export async function profiled(step: () => unknown): Promise<OpProfile> {
  const spent = new Map<string, { milliseconds: number; calls: number }>();
  const note = (op: string, milliseconds: number): void => {
    const seen = spent.get(op) ?? { milliseconds: 0, calls: 0 };
    spent.set(op, { milliseconds: seen.milliseconds + milliseconds, calls: seen.calls + 1 });
  };
  const restore = onTensorFlow() ? watchBinding(note) : watchKernels(note);
  const started = performance.now();
  await step();
  const milliseconds = performance.now() - started;
  restore();
  const ops = [...spent].map(([op, seen]) => ({ op, ...seen })).sort((a, b) => b.milliseconds - a.milliseconds);
  return { milliseconds, outside: milliseconds - ops.reduce((sum, o) => sum + o.milliseconds, 0), ops };
}

function watchBinding(note: (op: string, milliseconds: number) => void): () => void {
  const backend = tf.backend() as unknown as { binding: Record<string, unknown> };
  const { binding } = backend;
  const names = Object.getOwnPropertyNames(binding);
  const watched = Object.fromEntries(
    names.map((name) => [name, typeof binding[name] === 'function' ? binding[name].bind(binding) : binding[name]]),
  ) as Record<string, unknown>;
  const execute = watched['executeOp'] as Execute;
  watched['executeOp'] = (name: string, ...rest: unknown[]) => timed(() => execute(name, ...rest), name, note);
  backend.binding = watched;
  return () => {
    backend.binding = binding;
  };
}

function watchKernels(note: (op: string, milliseconds: number) => void): () => void {
  const before = tf.getKernelsForBackend(tf.getBackend()).map((kernel) => ({ ...kernel }));
  for (const kernel of before) {
    tf.unregisterKernel(kernel.kernelName, kernel.backendName);
    const kernelFunc: typeof kernel.kernelFunc = (call) =>
      timed(() => kernel.kernelFunc(call), kernel.kernelName, note);
    tf.registerKernel({ ...kernel, kernelFunc, setupFunc: undefined, disposeFunc: undefined });
  }
  return () => {
    for (const kernel of before) {
      tf.unregisterKernel(kernel.kernelName, kernel.backendName);
      tf.registerKernel({ ...kernel, setupFunc: undefined, disposeFunc: undefined });
    }
  };
}

function timed<T>(call: () => T, op: string, note: (op: string, milliseconds: number) => void): T {
  const started = performance.now();
  const result = call();
  note(op, performance.now() - started);
  return result;
}
