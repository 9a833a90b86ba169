import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { selectBackend } from '../backend/select-backend.js';
import type { WeightSource } from '../interfaces.js';
import { exportParameters, loadParameters } from '../model/parameters.js';
import { KeepingSink, numbersOf, tinyConfig } from '../testing/tiny-model.js';
import {
  everyRow,
  gradientNumbers,
  tinyLossInputs,
  tinyPpoModels,
  tinyPrompts,
  tinySeparateModels,
  trainTinyPpo,
} from '../testing/tiny-ppo.js';
import { policyGradients } from './policy-gradients.js';
import { weightsOf } from './value-network.js';

function changed(before: WeightSource, after: WeightSource): string[] {
  return before.names().filter((name) => before.get(name).data.some((x, i) => x !== after.get(name).data[i]));
}

describe('PPO on wasm', () => {
  beforeAll(async () => {
    await selectBackend('wasm');
  });

  it('joins prompts and sampled responses', async () => {
    const { rollout } = await tinyLossInputs();
    rollout.rows.forEach(({ ids, lossMask, rowId }, i) => {
      const prompt = tinyPrompts[i]!;
      expect(rowId).toBe(prompt.rowId);
      expect([...ids.subarray(0, prompt.ids.length)]).toEqual([...prompt.ids]);
      expect(lossMask.indexOf(1)).toBe(prompt.ids.length);
      expect(ids.length).toBe(prompt.ids.length + rollout.lengths[i]!);
    });
  });

  it('with no advantage changes nothing but the values', async () => {
    for (const models of [tinyPpoModels(), tinySeparateModels()]) {
      const inputs = await tinyLossInputs(models);
      const rows = (x: number): number[][] => inputs.rollout.lengths.map((length) => new Array<number>(length).fill(x));
      const fixed = { advantages: rows(0), returns: rows(1) };
      const { figures, gradients } = policyGradients({ ...inputs, fixed }, everyRow(inputs));
      expect(figures.policyLoss).toBeCloseTo(0, 12);
      const moving = Object.entries(gradientNumbers(gradients)).flatMap(([name, g]) =>
        g.some((x) => x !== 0) ? [name] : [],
      );
      // The value head starts at 0, so the trunk feels nothing of it either in the first step.
      if (models.value) expect(moving.every((name) => name.startsWith('value_model.'))).toBe(true);
      else expect(moving).toEqual(['v_head.weight', 'v_head.bias']);
      expect(moving.length).toBeGreaterThan(1);
    }
  });

  it('never touches reference and reward model', async () => {
    const m = tinyPpoModels();
    const [reference, reward] = [m.reference, m.reward].map((model) => exportParameters(model.parameters));
    await trainTinyPpo({ iterations: 2 }, m);
    expect(changed(reference!, exportParameters(m.reference.parameters))).toEqual([]);
    expect(changed(reward!, exportParameters(m.reward.parameters))).toEqual([]);
  });

  it('moves its penalty only with a target', async () => {
    const fixed = await trainTinyPpo({ iterations: 3 });
    expect(new Set(fixed.sink.metrics.get('ppo/kl_coefficient')).size).toBe(1);
    const adaptive = await trainTinyPpo({ iterations: 3, klTarget: 6, klHorizon: 100 });
    expect(adaptive.sink.metrics.get('ppo/kl_coefficient')!.at(-1)).toBeLessThan(0.05);
  });

  it('stopped and resumed gives the uninterrupted run to the bit', async () => {
    const change = { klTarget: 6, klHorizon: 200, ptxCoefficient: 0.1, entropyCoefficient: 0.01 };
    const whole = await trainTinyPpo(change);
    const first = await trainTinyPpo(change, tinyPpoModels(), new KeepingSink(2));
    expect(first.outcome).toMatchObject({ state: 'stopped', steps: 2 });
    const state = first.sink.last();
    expect(state.position['ptx']).toMatchObject({ epoch: expect.any(Number) as number });
    const policy = { config: tinyConfig, parameters: loadParameters(tinyConfig, state.weights, 'value') };
    const position = JSON.parse(JSON.stringify(state.position)) as Record<string, unknown>;
    const second = await trainTinyPpo(change, { ...tinyPpoModels(), policy }, new KeepingSink(), {
      ...state,
      position,
    });
    expect(numbersOf(second.sink.last())).toEqual(numbersOf(whole.sink.last()));
    expect(second.outcome.figures).toEqual(whole.outcome.figures);
  });

  it('the same with a value network of its own, whose optimiser runs ahead of a frozen policy', async () => {
    const change = {
      valueModel: 'separate',
      valueLearningRate: 3e-2,
      freezePolicyIterations: 1,
      iterations: 3,
      schedule: 'cosine',
      warmupRatio: 0.4,
      ptxCoefficient: 0.1,
    } as const;
    const whole = await trainTinyPpo(change, tinySeparateModels());
    const { sink } = await trainTinyPpo(change, tinySeparateModels(), new KeepingSink(2));
    const state = sink.last();
    expect(state.position).toMatchObject({ valueUpdates: 8 });
    expect(state.optimiser.step).toBe(4);
    const models = tinySeparateModels();
    const own = (part: 'policy' | 'value', head: 'none' | 'reward') => ({
      config: tinyConfig,
      parameters: loadParameters(tinyConfig, weightsOf(part, state.weights), head),
    });
    const again = {
      ...models,
      policy: own('policy', 'none'),
      value: { ...models.value!, model: own('value', 'reward') },
    };
    const second = await trainTinyPpo(change, again, new KeepingSink(), state);
    expect(numbersOf(second.sink.last())).toEqual(numbersOf(whole.sink.last()));
  });

  it('leaves no tensor behind', async () => {
    for (const m of [tinyPpoModels(), tinySeparateModels()]) {
      const before = tf.memory().numTensors;
      await trainTinyPpo({ iterations: 2, valueModel: m.value ? 'separate' : 'shared', microBatchSize: 3 }, m);
      expect(tf.memory().numTensors).toBe(before);
    }
  });
});
