import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';
import { DomainError } from '@qingnang/kernel';
import { readyForDecoding } from './decoding-backend.js';
import { guardMemory } from './memory-guard.js';
import { loadNative, nativeFolder, nativeMade } from './native-folder.js';

/** `gpu` and `native`: `@tensorflow/tfjs-node-gpu` and `@tensorflow/tfjs-node` as installed, or made by `setup-native`. */
export type BackendName = 'gpu' | 'native' | 'wasm' | 'cpu';

export interface ChosenBackend {
  name: BackendName;
  /** One line for each faster one that was passed over, and why. */
  passedOver: string[];
}

const FASTEST_FIRST: readonly BackendName[] = ['gpu', 'native', 'wasm', 'cpu'];
const PACKAGES = { gpu: '@tensorflow/tfjs-node-gpu', native: '@tensorflow/tfjs-node' } as const;
const SETUP = { gpu: 'setup-native --gpu', native: 'setup-native' } as const;

/**
 * Makes the fastest present back end the current one, or exactly the one asked for.
 * @throws DomainError `training.backend_missing` where the wanted one cannot be had
 */
export async function selectBackend(wanted: BackendName | 'auto' = 'auto'): Promise<ChosenBackend> {
  const passedOver: string[] = [];
  for (const name of wanted === 'auto' ? FASTEST_FIRST : [wanted]) {
    const reason = await tryBackend(name);
    if (reason === null) return { name, passedOver };
    passedOver.push(`${name}: ${reason}`);
  }
  throw new DomainError({
    code: 'training.backend_missing',
    status: 422,
    detail: `The back end "${wanted}" cannot be used (${passedOver.join('; ')}); choose "auto" or "wasm".`,
  });
}

/** `null` when it is now the current one, else why not. */
async function tryBackend(name: BackendName): Promise<string | null> {
  if (name === 'gpu' || name === 'native') {
    const missing = await loadTensorFlow(name);
    if (missing !== null) return missing;
  }
  const registered = name === 'gpu' || name === 'native' ? 'tensorflow' : name;
  try {
    if (!(await tf.setBackend(registered))) return 'did not start';
    await tf.ready();
  } catch (error) {
    return firstLine(error);
  }
  if (name === 'gpu' && !usesGpu()) return 'TensorFlow sees no GPU';
  if (name === 'wasm') guardMemory();
  if (registered === 'tensorflow') await readyForDecoding();
  return null;
}

/** One process holds one TensorFlow: the first that was loaded stays. */
let loaded: 'gpu' | 'native' | null = null;

/** The folder of `setup-native`, else the package. */
async function loadTensorFlow(name: 'gpu' | 'native'): Promise<string | null> {
  if (loaded === name) return null;
  // With the GPU package in the process, without a card, its CPU kernels are as good.
  if (loaded !== null) return name === 'native' ? null : 'another TensorFlow is loaded already';
  const folder = nativeFolder(name === 'gpu');
  try {
    if (nativeMade(folder)) loadNative(folder);
    else {
      // Not a literal: the packages are optional peers and need not exist where this is compiled.
      const packageName: string = PACKAGES[name];
      await import(packageName);
    }
    loaded = name;
    return null;
  } catch (error) {
    const code = (error as { code?: string }).code;
    if (code !== 'ERR_MODULE_NOT_FOUND') return firstLine(error);
    return `${PACKAGES[name]} is not installed (qingnang-train ${SETUP[name]} makes it)`;
  }
}

function usesGpu(): boolean {
  return (tf.backend() as unknown as { isUsingGpuDevice?: boolean }).isUsingGpuDevice === true;
}

function firstLine(error: unknown): string {
  return String(error instanceof Error ? error.message : error).split('\n')[0]!;
}
