import { createRequire } from 'node:module';
import { beforeAll, describe, it } from 'vitest';
import { nativeFolder, nativeMade } from '../backend/native-folder.js';
import { selectBackend, type BackendName } from '../backend/select-backend.js';

/** The same tests on each of these back ends; on native where this machine has it, else skipped with the reason. */
export function onBackends(
  title: string,
  backends: readonly BackendName[],
  tests: (backend: BackendName) => void,
): void {
  // A GPU is tried where its libraries have been set up, on whatever is tried on native.
  const gpu: BackendName[] = backends.includes('native') && nativeMade(nativeFolder(true)) ? ['gpu'] : [];
  for (const backend of [...backends, ...gpu]) {
    describe(`${title} on ${backend}`, () => {
      if (backend === 'native' && !nativePresent()) {
        // The library cannot be downloaded or compiled everywhere: without a skip, no sign would be left of what was not tried.
        it.skip('native is not set up here: qingnang-train setup-native makes it', () => undefined);
        return;
      }
      beforeAll(async () => {
        await selectBackend(backend);
      });
      tests(backend);
    });
  }
}

function nativePresent(): boolean {
  if (nativeMade(nativeFolder(false))) return true;
  try {
    createRequire(import.meta.url).resolve('@tensorflow/tfjs-node');
    return true;
  } catch {
    return false;
  }
}
