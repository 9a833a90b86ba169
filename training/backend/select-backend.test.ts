import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { DomainError } from '@qingnang/kernel';
import { refuseAbove } from './memory-guard.js';
import { selectBackend } from './select-backend.js';

describe('the back end', () => {
  it('is wasm where no native one is installed, and says what was passed over', async () => {
    const chosen = await selectBackend('auto');
    if (chosen.name === 'wasm') {
      expect(chosen.passedOver).toEqual([
        expect.stringMatching(/^gpu: .*tfjs-node-gpu/),
        expect.stringMatching(/^native: .*tfjs-node/),
      ]);
    }
    expect(tf.getBackend()).toBe(chosen.name === 'wasm' ? 'wasm' : 'tensorflow');
  });

  it('is exactly the one asked for', async () => {
    expect(await selectBackend('cpu')).toEqual({ name: 'cpu', passedOver: [] });
    expect(tf.getBackend()).toBe('cpu');
  });

  it('refuses one that cannot be had, in one sentence', async () => {
    const refused = selectBackend('gpu').then(
      () => null,
      (error: unknown) => error,
    );
    const error = await refused;
    if (error !== null) expect((error as DomainError).code).toBe('training.backend_missing');
  });

  it('refuses to go on near the end of the wasm heap, and says what to lower', () => {
    expect(() => refuseAbove(3.4e9, 3.5e9)).not.toThrow();
    expect(() => refuseAbove(3.6e9, 3.5e9)).toThrow(/3\.6 GB.*below 3\.5.*batchSize/);
  });

  it('guards every new tensor of wasm', async () => {
    await selectBackend('wasm');
    const heap = (tf.backend() as unknown as { wasm: { HEAPU8: Uint8Array } }).wasm;
    const real = heap.HEAPU8;
    Object.defineProperty(heap, 'HEAPU8', { value: { length: 3.7e9 }, configurable: true, writable: true });
    try {
      expect(() => tf.add(tf.scalar(1), tf.scalar(2)).dataSync()).toThrow(/wasm back end holds/);
    } finally {
      Object.defineProperty(heap, 'HEAPU8', { value: real, configurable: true, writable: true });
    }
    expect(tf.add(1, 2).dataSync()[0]).toBe(3);
  });
});
