import * as tf from '@tensorflow/tfjs';
import { onTensorFlow } from '../ops/fused.js';
import { guardMemory } from './memory-guard.js';

let wasmReady = false;

/** Readies wasm beside TensorFlow, which stays the current back end; without wasm, decoding stays on TensorFlow too. */
export async function readyForDecoding(): Promise<void> {
  if (wasmReady) return;
  const current = tf.getBackend();
  try {
    wasmReady = await tf.setBackend('wasm');
    if (wasmReady) guardMemory();
  } catch {
    wasmReady = false;
  } finally {
    await tf.setBackend(current);
  }
}

/** Whether the current back end is TensorFlow with wasm ready beside it. */
export function canDecodeOnWasm(): boolean {
  return wasmReady && onTensorFlow();
}

/** Runs `work` on wasm and comes back. `work` must not wait: TensorFlow.js has one current back end for the whole process. */
export function onWasm<T>(work: () => T): T {
  const current = tf.getBackend();
  // Resolved at once for a back end that is ready; what follows runs on it.
  void tf.setBackend('wasm');
  try {
    return work();
  } finally {
    void tf.setBackend(current);
  }
}
