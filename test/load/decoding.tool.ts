import { createRandom } from '@qingnang/kernel';
import { expect, it } from 'vitest';
import { selectBackend } from '../../training/backend/select-backend.js';
import { benchConfig } from '../../training/bench/sizes.js';
import { decodeSpeed } from '../../training/generate/decode-speed.js';
import { decodesFasterOnWasm } from '../../training/generate/on-decoding-backend.js';
import { disposeParameters, drawParameters } from '../../training/model/parameters.js';

const HIDDEN = [128, 192, 256, 320, 384, 448, 512];
const ROWS = [1, 8, 32];
/** Tokens of each row when a step is measured. */
const LENGTH = 64;

/** Median milliseconds of a step, in which every row gets one token. */
async function stepTime(backend: 'native' | 'wasm', hidden: number, rows: number): Promise<number> {
  await selectBackend(backend);
  const config = configOf(hidden, rows);
  const parameters = drawParameters(config, createRandom(1));
  const [speed] = decodeSpeed({ config, parameters }, rows, [LENGTH]);
  disposeParameters(parameters);
  return speed!.millisecondsPerStep;
}

function configOf(hidden: number, rows: number) {
  const shape = { layers: 4, heads: hidden / 64, intermediate: Math.round((hidden * 8) / 3), vocabulary: 4096 };
  return benchConfig({ hidden, ...shape, width: LENGTH, rows });
}

// `npm run bench -- decoding`: what decides where a model decodes (`training/generate/on-decoding-backend.ts`)
it('decoding: a step on native and on wasm, by width and rows', { timeout: 900_000 }, async ({ skip }) => {
  await selectBackend('native').catch((error: Error) => skip(error.message));
  for (const rows of ROWS) {
    for (const hidden of HIDDEN) {
      const [native, wasm] = [await stepTime('native', hidden, rows), await stepTime('wasm', hidden, rows)];
      const chosen = decodesFasterOnWasm(configOf(hidden, rows), rows) ? 'wasm' : 'native';
      process.stdout.write(`${JSON.stringify({ rows, hidden, native, wasm, ratio: wasm / native, chosen })}\n`);
      expect(Math.min(native, wasm)).toBeGreaterThan(0);
    }
  }
});
