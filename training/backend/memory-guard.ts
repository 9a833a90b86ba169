import * as tf from '@tensorflow/tfjs';
import { DomainError } from '@qingnang/kernel';

/** Past 4 GB the wasm heap corrupts silently: an old tensor changes its value. We stop well before. */
export const WASM_LIMIT_BYTES = 3.5e9;

/** The part of the wasm back end that is used here; its package does not export the heap. */
interface WasmBackend {
  wasm: { HEAPU8: Uint8Array };
  makeOutput(...args: unknown[]): unknown;
  write(...args: unknown[]): unknown;
}

const guarded = new WeakSet<object>();

/**
 * Refuses every new tensor of the wasm back end once its heap has grown to `limitBytes`.
 * The heap never shrinks, so its length is the highest use so far.
 */
export function guardMemory(limitBytes = WASM_LIMIT_BYTES): void {
  const backend = tf.backend() as unknown as WasmBackend;
  if (guarded.has(backend)) return;
  guarded.add(backend);
  for (const method of ['makeOutput', 'write'] as const) {
    const original = backend[method].bind(backend);
    backend[method] = (...args: unknown[]): unknown => {
      refuseAbove(backend.wasm.HEAPU8.length, limitBytes);
      return original(...args);
    };
  }
}

/** @throws DomainError `training.out_of_memory` */
export function refuseAbove(usedBytes: number, limitBytes: number): void {
  if (usedBytes <= limitBytes) return;
  throw new DomainError({
    code: 'training.out_of_memory',
    status: 507,
    detail:
      `The wasm back end holds ${(usedBytes / 1e9).toFixed(1)} GB and must stay below ${(limitBytes / 1e9).toFixed(1)}; ` +
      'lower batchSize, sequenceLength or the size of the model, or install a native back end.',
    details: { used_bytes: usedBytes, limit_bytes: limitBytes },
  });
}
