import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { createRandom } from '@qingnang/kernel';
import { selectBackend } from '../backend/select-backend.js';
import { generate } from '../generate/generate.js';
import { gradientsOf } from '../model/gradients.js';
import { learntBatch, learntLogProbs } from '../model/learnt-tokens.js';
import { loadParameters } from '../model/parameters.js';
import { largestDifference } from '../testing/golden.js';
import { KeepingSink, numbersOf, tinyConfig, tinyExamples, tinyModel, tinySft } from '../testing/tiny-model.js';
import { heldOutFigures } from './held-out-figures.js';
import { trainSft } from './train-sft.js';

describe('SFT on wasm', () => {
  beforeAll(async () => {
    await selectBackend('wasm');
  });

  it('learns one batch by heart and then says it', async () => {
    const model = tinyModel();
    const examples = tinyExamples(4);
    const settings = { ...tinySft, steps: 150, learningRate: 2e-2 };
    const { figures } = await trainSft({ model, examples, heldOut: examples, settings, sink: new KeepingSink() });
    expect(figures['eval/loss']).toBeLessThan(0.05);
    expect(figures['eval/loss_start']).toBeGreaterThan(2);
    const [first] = examples;
    const prompt = first!.ids.slice(0, first!.lossMask.indexOf(1));
    const [said] = generate(model, [prompt], { maxNewTokens: 12, temperature: 0 }, createRandom(1));
    expect([...said!.ids]).toEqual([...first!.ids.slice(prompt.length)]);
    expect(said!.endedByItself).toBe(true);
  });

  it('stopped and resumed gives the uninterrupted run to the bit', async () => {
    const examples = tinyExamples(10);
    const inputs = { examples, heldOut: examples.slice(0, 3), settings: { ...tinySft, dropout: 0.1 } };
    const whole = new KeepingSink();
    await trainSft({ ...inputs, model: tinyModel(), sink: whole });

    const first = new KeepingSink(5);
    const stopped = await trainSft({ ...inputs, model: tinyModel(), sink: first });
    expect(stopped).toMatchObject({ state: 'stopped', steps: 5 });
    const state = first.last();
    const second = new KeepingSink();
    const model = { config: tinyConfig, parameters: loadParameters(tinyConfig, state.weights, 'none') };
    const position = JSON.parse(JSON.stringify(state.position)) as Record<string, unknown>;
    const resumed = await trainSft({ ...inputs, model, sink: second, resume: { ...state, position } });
    expect(resumed).toMatchObject({ state: 'succeeded', steps: 12 });
    expect(numbersOf(second.last())).toEqual(numbersOf(whole.last()));
    expect(second.metrics.get('train/loss')).toEqual(whole.metrics.get('train/loss')!.slice(5));
  });

  it('gives the same bits for the same seed and others for another', async () => {
    const examples = tinyExamples(10);
    const run = async (seed: number): Promise<Record<string, Float32Array>> => {
      const sink = new KeepingSink();
      await trainSft({ model: tinyModel(), examples, heldOut: [], settings: { ...tinySft, seed, steps: 4 }, sink });
      return numbersOf(sink.last());
    };
    const [once, again, other] = [await run(5), await run(5), await run(6)];
    expect(again).toEqual(once);
    expect(other).not.toEqual(once);
  });

  it('adds micro-batches up to one big batch', async () => {
    const examples = tinyExamples(8);
    const run = async (batchSize: number, accumulation: number): Promise<Record<string, Float32Array>> => {
      const sink = new KeepingSink();
      const settings = { ...tinySft, batchSize, accumulation, steps: 1, warmupRatio: 0 };
      await trainSft({ model: tinyModel(), examples, heldOut: [], settings, sink });
      return numbersOf(sink.last());
    };
    const [big, small] = [await run(8, 1), await run(2, 4)];
    // The first moments are the gradients, scaled: weights after one Adam step would only show their signs.
    for (const name of Object.keys(big).filter((n) => n.endsWith('.m'))) {
      expect(largestDifference(big[name], small[name]), name).toBeLessThan(1e-6);
    }
  });

  it("learns from the doctor's tokens only", () => {
    const model = tinyModel();
    const [row] = tinyExamples(1);
    const learnt = learntBatch([{ ids: row!.ids, lossMask: new Uint8Array(row!.ids.length).fill(1, 3, 4) }], 0);
    expect([...learnt.targets]).toEqual([row!.ids[3]]);
    const batch = learntBatch([row!], 0);
    const { loss, gradients } = gradientsOf(
      model.parameters,
      () => tf.neg(tf.mean(learntLogProbs(model, batch))) as tf.Scalar,
    );
    expect(loss).toBeCloseTo(heldOutFigures(model, [row!]).loss, 5);
    tf.dispose(gradients);
  });

  it('leaves no tensor behind but weights', async () => {
    const model = tinyModel();
    const before = tf.memory().numTensors;
    await trainSft({ model, examples: tinyExamples(6), heldOut: [], settings: tinySft, sink: new KeepingSink() });
    expect(tf.memory().numTensors).toBe(before);
  });
});
