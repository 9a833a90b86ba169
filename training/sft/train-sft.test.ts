import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { createRandom } from '@qingnang/kernel';
import { selectBackend } from '../backend/select-backend.js';
import { generate } from '../generate/generate.js';
import type { EncodedExample, WeightSource } from '../interfaces.js';
import { withLora } from '../lora/lora-adapter.js';
import { gradientsOf } from '../model/gradients.js';
import { learntBatch, learntLogProbs } from '../model/learnt-tokens.js';
import type { Model } from '../model/model.js';
import { loadParameters } from '../model/parameters.js';
import { freezeParts } from '../model/trainable.js';
import { onBackends } from '../testing/backends.js';
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
    const settings = { ...tinySft, steps: 150, learningRate: 2e-2, weightDecay: 0 };
    const { figures } = await trainSft({ model, examples, heldOut: examples, settings, sink: new KeepingSink() });
    expect(figures['eval/loss']).toBeLessThan(0.01);
    expect(figures['eval/loss_start']).toBeGreaterThan(2);
    const [first] = examples;
    const prompt = first!.ids.slice(0, first!.lossMask.indexOf(1));
    const [said] = generate(model, [prompt], { maxNewTokens: 12, temperature: 0 }, createRandom(1));
    expect([...said!.ids]).toEqual([...first!.ids.slice(prompt.length)]);
    expect(said!.endedByItself).toBe(true);
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

  it('ends early with its best checkpoint once held-out loss stops falling', async () => {
    const examples = tinyExamples(4);
    const sink = new KeepingSink();
    // Rows that have nothing to do with those learnt: learning these by heart makes them worse.
    const spoken: number[] = [];
    const showSamples = (step: number): void => void spoken.push(step);
    const inputs = { model: tinyModel(), examples, heldOut: tinyExamples(6, 99), sink, showSamples };
    const settings = { ...tinySft, steps: 200, learningRate: 2e-2, evaluateEvery: 5, checkpointEvery: 10, patience: 3 };
    const outcome = await trainSft({ ...inputs, settings });
    const losses = sink.metrics.get('eval/loss')!.slice(1);
    const lowest = losses.indexOf(Math.min(...losses));
    expect(outcome).toMatchObject({ state: 'succeeded', best: 5 * (lowest + 1), steps: 5 * (lowest + 1 + 3) });
    expect(outcome.figures['eval/loss']).toBe(losses[lowest]);
    expect(sink.checkpoints.map(({ position }) => position['step'])).toContain(outcome.best);
    expect(sink.checkpoints.at(-1)!.position['step']).toBeGreaterThan(outcome.best!);
    expect(spoken.at(-1)).toBe(outcome.best);
  });

  it('measures perplexity and the share of tokens foretold', () => {
    const model = tinyModel();
    const examples = tinyExamples(9);
    const { loss, perplexity, accuracy, tokens } = heldOutFigures(model, examples, 4);
    expect(perplexity).toBe(Math.exp(loss));
    expect(tokens).toBe(examples.reduce((sum, { lossMask }) => sum + lossMask.reduce((n, m) => n + m, 0), 0));
    const right = examples.flatMap(({ ids, lossMask }) =>
      [...ids].map((id, t) => {
        if (t === 0 || !lossMask[t]) return 0;
        const [said] = generate(model, [ids.slice(0, t)], { maxNewTokens: 1, temperature: 0 }, createRandom(1));
        return said!.ids[0] === id ? 1 : 0;
      }),
    );
    expect(accuracy).toBeCloseTo(right.reduce<number>((sum, x) => sum + x, 0) / tokens, 10);
    expect(heldOutFigures(model, [])).toMatchObject({ loss: 0, accuracy: 0, tokens: 0 });
  });

  it('weighs the rows by their weight', async () => {
    const [first, second] = tinyExamples(2) as [EncodedExample, EncodedExample];
    const lossOf = async (examples: EncodedExample[], accumulation: number): Promise<number> => {
      const sink = new KeepingSink();
      const settings = { ...tinySft, steps: 1, batchSize: examples.length / accumulation, accumulation };
      await trainSft({ model: tinyModel(), examples, heldOut: [], settings, sink });
      return sink.metrics.get('train/loss')![0]!;
    };
    const thrice = await lossOf([first, second, second, second], 1);
    expect(await lossOf([first, { ...second, weight: 3 }], 1)).toBeCloseTo(thrice, 5);
    expect(await lossOf([first, { ...second, weight: 3 }], 2)).toBeCloseTo(thrice, 5);
  });

  it('keeps as many tensors from step to step, and leaves none behind', async () => {
    const model = tinyModel();
    const adapted = withLora(model, { rank: 2, alpha: 4, dropout: 0.1, targets: null }, createRandom(2));
    const before = tf.memory().numTensors;
    for (const learner of [model, adapted]) {
      const sink = new CountingSink();
      const settings = { ...tinySft, accumulation: 2, labelSmoothing: 0.1, batching: 'packed' as const };
      await trainSft({ model: learner, examples: tinyExamples(6), heldOut: [], settings, sink });
      expect(new Set(sink.tensors).size).toBe(1);
    }
    expect(tf.memory().numTensors).toBe(before);
  });
});

onBackends('a run that is cut off in the middle of an epoch', ['cpu', 'wasm', 'native'], (backend) => {
  const lora = { rank: 2, alpha: 4, dropout: 0.1, targets: ['q_proj', 'mlp.down_proj'] };

  it.each([
    ['all weights', 'padded', 1],
    ['LoRA', 'packed', 2],
    ['LoRA', 'length_buckets', 1],
    ['frozen parts', 'packed', 1],
  ] as const)('goes on to the same bits: %s, %s', async (learning, batching, accumulation) => {
    const learner = (weights?: WeightSource): Model => {
      const fresh = tinyModel();
      if (learning === 'LoRA') return withLora(fresh, lora, weights ?? createRandom(9));
      const model = weights ? { ...fresh, parameters: loadParameters(tinyConfig, weights, 'none') } : fresh;
      return learning === 'all weights' ? model : freezeParts(model, ['layers.0', 'norms']);
    };
    const settings = { ...tinySft, steps: 7, batchSize: 2, accumulation, batching, dropout: 0.1 };
    const inputs = { examples: tinyExamples(17), heldOut: tinyExamples(3, 8), settings };
    const whole = new KeepingSink();
    await trainSft({ ...inputs, model: learner(), sink: whole });

    const first = new KeepingSink(3);
    const stopped = await trainSft({ ...inputs, model: learner(), sink: first });
    expect(stopped).toMatchObject({ state: 'stopped', steps: 3 });
    const state = first.last();
    const position = JSON.parse(JSON.stringify(state.position)) as Record<string, unknown>;
    const second = new KeepingSink();
    const model = learner(state.weights);
    const resumed = await trainSft({ ...inputs, model, sink: second, resume: { ...state, position } });
    expect(resumed).toMatchObject({ state: 'succeeded', steps: 7 });
    // TensorFlow's threads add in no fixed order.
    const apart = backend === 'native' ? 1e-5 : 0;
    const [resumedTo, wholeTo] = [numbersOf(second.last()), numbersOf(whole.last())];
    expect(Object.keys(resumedTo)).toEqual(Object.keys(wholeTo));
    for (const [name, values] of Object.entries(wholeTo)) {
      expect(largestDifference(resumedTo[name], values)).toBeLessThanOrEqual(apart);
    }
    const losses = whole.metrics.get('train/loss')!.slice(3);
    expect(largestDifference(second.metrics.get('train/loss'), losses)).toBeLessThanOrEqual(apart);
  });
});

// On wasm: `npm run bench -- leak`.
onBackends('1,000 steps', ['native'], () => {
  it('leave no tensor behind', async () => {
    const sink = new CountingSink();
    const settings = { ...tinySft, steps: 1000, batchSize: 1, evaluateEvery: 100 };
    await trainSft({ model: tinyModel(), examples: tinyExamples(4), heldOut: tinyExamples(2, 8), settings, sink });
    expect(sink.tensors).toHaveLength(999);
    expect(new Set(sink.tensors).size).toBe(1);
  });
});

/** Counts the tensors there are at each step. */
class CountingSink extends KeepingSink {
  readonly tensors: number[] = [];

  override metric(step: number, key: string, value: number): void {
    super.metric(step, key, value);
    if (key === 'train/loss' && step > 1) this.tensors.push(tf.memory().numTensors);
  }
}
