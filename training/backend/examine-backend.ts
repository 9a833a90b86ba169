import { availableParallelism, cpus } from 'node:os';
import * as tf from '@tensorflow/tfjs';
import { fusedOps, onTensorFlow } from '../ops/fused.js';
import { WASM_LIMIT_BYTES } from './memory-guard.js';
import type { BackendName, ChosenBackend } from './select-backend.js';

export interface BackendFindings {
  backend: BackendName;
  /** One line for each faster one, why not. */
  passedOver: string[];
  /** Of a square product of that size, best of a few, GFLOP/s. */
  matmul: { size: number; gflops: number }[];
  processor: string;
  /** Of this process's back end; wasm has one in Node. */
  threads: number;
  /** Whether norms, softmax, AdamW and others run as ops of our own. */
  fusedOps: boolean;
  /** Bytes at which we refuse to go on; `null` = as much as the machine has. */
  memoryLimit: number | null;
  node: string;
}

/** Examines the current back end; a second or two. */
export function examineBackend(
  { name, passedOver }: ChosenBackend,
  sizes = name === 'cpu' ? [512] : [512, 1024, 2048],
): BackendFindings {
  return {
    backend: name,
    passedOver,
    matmul: sizes.map((size) => ({ size, gflops: matmulRate(size) })),
    processor: cpus()[0]?.model ?? 'unknown',
    threads: onTensorFlow() ? availableParallelism() : 1,
    fusedOps: fusedOps() !== null,
    memoryLimit: name === 'wasm' ? WASM_LIMIT_BYTES : null,
    node: process.version,
  };
}

/** GFLOP/s of a size × size product, the best of a few: what the machine can do when it is let. */
export function matmulRate(size: number, milliseconds = 300): number {
  const [a, b] = [tf.randomNormal([size, size]), tf.randomNormal([size, size])] as [tf.Tensor2D, tf.Tensor2D];
  const once = (): number => {
    const started = performance.now();
    const product = tf.matMul(a, b);
    tf.tidy(() => tf.slice(product, [0, 0], [1, 1])).dataSync(); // one entry: waits for all of it
    product.dispose();
    return performance.now() - started;
  };
  once();
  let best = Infinity;
  for (let spent = 0; spent < milliseconds;) {
    const took = once();
    best = Math.min(best, took);
    spent += took;
  }
  tf.dispose([a, b]);
  return (2 * size ** 3) / best / 1e6;
}

export function readableFindings(f: BackendFindings): string {
  const rates = f.matmul.map(({ size, gflops }) => `${gflops.toFixed(gflops < 10 ? 1 : 0)} at ${size}`).join(', ');
  const ops = f.fusedOps ? ', with our own ops' : '';
  return [
    `back end    ${f.backend}${ops}, ${f.threads === 1 ? '1 thread' : `${f.threads} threads`}`,
    ...f.passedOver.map((line) => `not taken   ${line}`),
    `products    ${rates} GFLOP/s`,
    `memory      ${f.memoryLimit === null ? 'what the machine has' : `refuses above ${(f.memoryLimit / 1e9).toFixed(1)} GB`}`,
    `machine     ${f.processor}, Node ${f.node}`,
    '',
  ].join('\n');
}
