import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';
import { DomainError } from '@qingnang/kernel';
import { guardMemory } from './memory-guard.js';

/** `gpu` and `native` are `@tensorflow/tfjs-node-gpu` and `@tensorflow/tfjs-node`, used when a person installed them. */
export type BackendName = 'gpu' | 'native' | 'wasm' | 'cpu';

export interface ChosenBackend {
  name: BackendName;
  /** One line for each faster one that was passed over, and why. */
  passedOver: string[];
}

const FASTEST_FIRST: readonly BackendName[] = ['gpu', 'native', 'wasm', 'cpu'];
const PACKAGES = { gpu: '@tensorflow/tfjs-node-gpu', native: '@tensorflow/tfjs-node' } as const;

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
    status: 500,
    detail: `The back end "${wanted}" cannot be used (${passedOver.join('; ')}); choose "auto" or "wasm".`,
  });
}

/** `null` when it is now the current one, else why not. */
async function tryBackend(name: BackendName): Promise<string | null> {
  if (name === 'gpu' || name === 'native') {
    try {
      // Not a literal: the packages are optional peers and need not exist where this is compiled.
      const packageName: string = PACKAGES[name];
      await import(packageName);
    } catch (error) {
      const code = (error as { code?: string }).code;
      return code === 'ERR_MODULE_NOT_FOUND' ? `${PACKAGES[name]} is not installed` : firstLine(error);
    }
  }
  const registered = name === 'gpu' || name === 'native' ? 'tensorflow' : name;
  try {
    if (!(await tf.setBackend(registered))) return 'did not start';
    await tf.ready();
  } catch (error) {
    return firstLine(error);
  }
  if (name === 'wasm') guardMemory();
  return null;
}

function firstLine(error: unknown): string {
  return String(error instanceof Error ? error.message : error).split('\n')[0]!;
}
