import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { createRandom } from '@qingnang/kernel';
import { selectBackend, type BackendName } from '../backend/select-backend.js';
import type { OptimiserSettings, OptimiserState } from '../interfaces.js';
import { adamwUpdate, clipFactor, jointNorm } from '../maths/adamw.js';
import { scheduleFactor } from '../maths/schedule.js';
import { goldenJson, largestDifference } from '../testing/golden.js';
import { tinyConfig, tinyOptimiser } from '../testing/tiny-model.js';
import { AdamWOptimiser, DivergedError } from './adamw-optimiser.js';
import { parameterShapes } from './parameter-shapes.js';

interface GoldenGroups {
  matrix: number[][];
  bias: number[];
}

interface GoldenAdamW {
  name: string;
  options: { betas: [number, number]; eps: number; weight_decay: { matrix: number } };
  max_grad_norm: number | null;
  start: GoldenGroups;
  steps: (GoldenGroups & {
    lr: number;
    gradients: GoldenGroups;
    first_moment: GoldenGroups;
    second_moment: GoldenGroups;
  })[];
}

const random = createRandom(12);
const draw = (n: number): number[] => Array.from({ length: n }, () => 4 * random.next() - 2);

describe.each<BackendName>(['cpu', 'wasm'])('AdamW on %s', (backend) => {
  beforeAll(async () => {
    await selectBackend(backend);
  });

  it('does what its plain twin does: schedule, joint clipping, decay of matrices only', () => {
    const weights = { matrix: draw(6), gain: draw(3) };
    const parameters = new Map<string, tf.Variable>([
      ['matrix', tf.variable(tf.tensor2d(weights.matrix, [2, 3]))],
      ['gain', tf.variable(tf.tensor1d(weights.gain))],
    ]);
    const settings = { ...tinyOptimiser, weightDecay: 0.1 };
    const optimiser = new AdamWOptimiser(parameters, settings, 10);
    const zeros = () => ({ matrix: new Array<number>(6).fill(0), gain: new Array<number>(3).fill(0) });
    const [first, second] = [zeros(), zeros()];
    for (let step = 1; step <= 5; step++) {
      const gradients = { matrix: draw(6), gain: draw(3) };
      const norm = jointNorm([gradients.matrix, gradients.gain]);
      const factor = clipFactor(norm, settings.maxGradientNorm);
      for (const name of ['matrix', 'gain'] as const) {
        const rate = settings.learningRate * scheduleFactor('cosine', step - 1, 10, 1);
        const clipped = gradients[name].map((g) => g * factor);
        const numbers = { ...settings, rate, step, weightDecay: name === 'matrix' ? 0.1 : 0 };
        adamwUpdate(weights[name], clipped, first[name], second[name], numbers);
      }
      const seen = optimiser.update({
        matrix: tf.tensor2d(gradients.matrix, [2, 3]),
        gain: tf.tensor1d(gradients.gain),
      });
      expect(seen).toBeCloseTo(norm, 4);
      for (const name of ['matrix', 'gain'] as const) {
        expect(largestDifference(parameters.get(name)!.dataSync(), weights[name])).toBeLessThan(1e-5);
      }
    }
    expect(optimiser.state().step).toBe(5);
  });

  it("equals torch's step by step, each begun from the saved state of the one before", () => {
    const { cases } = goldenJson<{ cases: GoldenAdamW[] }>('losses/adamw.json');
    for (const { name, options, max_grad_norm: maxNorm, start, steps } of cases) {
      const parameters = new Map<string, tf.Variable>([
        ['matrix', tf.variable(tf.tensor2d(start.matrix))],
        ['bias', tf.variable(tf.tensor1d(start.bias))],
      ]);
      let state: OptimiserState | undefined;
      for (const step of steps) {
        const settings: OptimiserSettings = {
          learningRate: step.lr,
          schedule: 'constant',
          warmupRatio: 0,
          beta1: options.betas[0],
          beta2: options.betas[1],
          epsilon: options.eps,
          weightDecay: options.weight_decay.matrix,
          maxGradientNorm: maxNorm ?? 1e30,
        };
        const optimiser = new AdamWOptimiser(parameters, settings, steps.length, state);
        const { matrix, bias } = step.gradients;
        optimiser.update({ matrix: tf.tensor2d(matrix), bias: tf.tensor1d(bias) });
        state = optimiser.state();
        optimiser.dispose();
        for (const part of ['matrix', 'bias'] as const) {
          const found = [parameters.get(part)!.dataSync(), state.moments.get(`${part}.m`).data];
          const expected = [step[part].flat(), step.first_moment[part].flat()];
          found.forEach((values, i) => expect(largestDifference(values, expected[i]), name).toBeLessThan(2e-5));
          const second = state.moments.get(`${part}.v`).data;
          expect(largestDifference(second, step.second_moment[part].flat()), name).toBeLessThan(2e-5);
        }
      }
    }
  });

  it('stops at a loss or gradient that is no number, names the rows and changes nothing', () => {
    const parameters = new Map([['gain', tf.variable(tf.tensor1d([1, 2]))]]);
    const optimiser = new AdamWOptimiser(parameters, tinyOptimiser, 10);
    const rows = [{ rowId: 'row-3', ids: [5, 6] }];
    const stopped = (gradient: number, loss: number): unknown => {
      try {
        optimiser.update({ gain: tf.tensor1d([gradient, 1]) }, { loss, rows });
      } catch (error) {
        return error;
      }
      return null;
    };
    const tensors = tf.memory().numTensors;
    for (const error of [stopped(NaN, 1), stopped(Infinity, 1), stopped(1, NaN)]) {
      expect(error).toBeInstanceOf(DivergedError);
      expect((error as DivergedError).rows).toBe(rows);
      expect(String(error)).toMatch(/update 1 .*row-3.*lower learning_rate/);
    }
    expect([...parameters.get('gain')!.dataSync()]).toEqual([1, 2]);
    expect(optimiser.state().step).toBe(0);
    expect(tf.memory().numTensors).toBe(tensors);
  });
});

it('decays the matrices of every architecture, and no norm or bias', () => {
  for (const architecture of ['llama', 'qwen2', 'bloom'] as const) {
    const shapes = parameterShapes({ ...tinyConfig, architecture, attentionBias: true, mlpBias: true }, 'value');
    for (const [name, shape] of shapes) {
      // `AdamWOptimiser` goes by the rank.
      expect(shape.length > 1, name).toBe(!/bias$|norm\.weight$|ln_f\.weight$/.test(name));
    }
  }
});
