import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { resolveRunConfig, type RunRequest } from '@qingnang/contracts';
import { selectBackend } from '../backend/select-backend.js';
import type { ModelFolder } from '../checkpoint/model-folder.js';
import type { NamedWeight } from '../interfaces.js';
import { exportParameters, weightSource } from '../model/parameters.js';
import { trainable } from '../model/trainable.js';
import { largestDifference } from '../testing/golden.js';
import { tinyConfig, tinyModel } from '../testing/tiny-model.js';
import type { Tokenizer } from '../tokenizer/tokenizer.js';
import { learnerModel, referenceModel } from './learner-model.js';
import { ppoModels } from './ppo-models.js';
import type { RunInputs } from './run-inputs.js';

function configOf(change: Partial<RunRequest>) {
  const config = resolveRunConfig({ ...change, method: 'ppo', ppo: { judge: null } });
  return config.method === 'ppo' ? config : (undefined as never);
}

/** Bytes that `make` leaves behind, and what it made. */
function bytesOf<T>(make: () => T): { bytes: number; made: T } {
  const before = tf.memory().numBytes;
  const made = make();
  return { bytes: tf.memory().numBytes - before, made };
}

describe('the reference beside a learner', () => {
  let start: Pick<ModelFolder, 'config' | 'weights'>;
  let whole = 0;
  const bytesOfNames = (wanted: (name: string) => boolean): number =>
    start.weights.names().reduce((sum, name) => sum + (wanted(name) ? 4 * start.weights.get(name).data.length : 0), 0);
  beforeAll(async () => {
    await selectBackend('wasm');
    start = { config: tinyConfig, weights: exportParameters(tinyModel().parameters) };
    whole = bytesOfNames(() => true);
  });

  it.each([
    ['LoRA: nothing', { lora: { rank: 2 } }, () => false],
    ['frozen parts: the others', { freeze: ['embeddings', 'layers.0'] }, (n: string) => /layers\.1|\.norm\./.test(n)],
    ['all weights: all', {}, () => true],
  ])('holds of its own, with %s', (_name, change, own) => {
    const config = configOf(change);
    const learner = learnerModel(config, start, null, 'value');
    const { bytes, made: reference } = bytesOf(() => referenceModel(start, learner));
    expect(bytes).toBe(bytesOfNames(own));
    // What the learner learns does not reach it.
    for (const variable of trainable(learner).values()) tf.tidy(() => variable.assign(tf.add(variable, 1)));
    const left = exportParameters(reference.model.parameters);
    expect(left.names()).toEqual(start.weights.names());
    for (const name of left.names()) expect(left.get(name), name).toEqual(start.weights.get(name));
    // Letting it go frees just that, and leaves the learner whole.
    expect(bytes + bytesOf(() => reference.dispose()).bytes).toBe(0);
    for (const variable of learner.parameters.values()) expect(variable.isDisposed).toBe(false);
  });

  it('of a LoRA run of PPO is the base that the adapter stands on, also where the run goes on', () => {
    const inputs = { policy: start, rewardModel: null, judge: null } as unknown as RunInputs;
    const models = (resume: Parameters<typeof ppoModels>[3]) =>
      bytesOf(() => ppoModels(configOf({ lora: { rank: 2 } }), inputs, {} as Tokenizer, resume));
    const first = models(null);
    const learnt = [...trainable(first.made.policy)].map(([name, variable]): [string, NamedWeight] => [
      name,
      { shape: [...variable.shape], data: new Float32Array(variable.size).fill(0.1) },
    ]);
    const own = learnt.reduce((sum, [, { data }]) => sum + 4 * data.length, 0);
    expect(first.bytes).toBe(whole + own);
    const state = { weights: weightSource(new Map(learnt)) } as NonNullable<Parameters<typeof ppoModels>[3]>['state'];
    const second = models({ state });
    expect(second.bytes).toBe(whole + own);
    for (const name of start.weights.names())
      expect(
        largestDifference(second.made.reference.parameters.get(name)!.dataSync(), start.weights.get(name).data),
      ).toBe(0);
  });
});
