import { describe, expect, it } from 'vitest';
import { examineBackend, readableFindings } from './examine-backend.js';
import { nativeFolder } from './native-folder.js';
import { selectBackend } from './select-backend.js';

describe('what doctor finds', () => {
  it('is the back end, its products, its threads and where it refuses to go on', async () => {
    const found = examineBackend({ ...(await selectBackend('wasm')), passedOver: ['native: not here'] }, [32, 64]);
    expect(found).toMatchObject({ backend: 'wasm', threads: 1, fusedOps: false, memoryLimit: 3.5e9 });
    expect(found.matmul.map(({ size }) => size)).toEqual([32, 64]);
    for (const { gflops } of found.matmul) expect(gflops).toBeGreaterThan(0);
    expect(readableFindings(found)).toMatch(
      /^back end +wasm, 1 thread\nnot taken +native: not here\nproducts .*GFLOP\/s\n/,
    );
  });
});

describe('the folder of a native back end', () => {
  it('lies in our own cache variable, in the cache of the system, or in ~/.cache', () => {
    expect(nativeFolder(false, { QINGNANG_CACHE: '/a', XDG_CACHE_HOME: '/b' })).toBe('/a/native');
    expect(nativeFolder(true, { XDG_CACHE_HOME: '/b' })).toBe('/b/qingnang/native-gpu');
    expect(nativeFolder(false, {})).toMatch(/\.cache\/qingnang\/native$/);
  });
});
