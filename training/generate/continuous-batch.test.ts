import * as tf from '@tensorflow/tfjs';
import { beforeAll, beforeEach, afterEach, describe, expect, it, vi } from 'vitest';
import { createRandom } from '@qingnang/kernel';
import { selectBackend } from '../backend/select-backend.js';
import { tinyModel } from '../testing/tiny-model.js';
import { ContinuousBatch, type BatchRow, type RowStep } from './continuous-batch.js';
import { Decoder } from './decoder.js';
import { sampleToken } from './sampling.js';

/** Says so many tokens of its own seed, and notes at which of the batch's steps. */
class Speaker implements BatchRow {
  cancelled = false;
  readonly said: number[] = [];
  readonly saidAt: number[] = [];
  error: unknown;
  private readonly random;

  constructor(
    readonly prompt: number[],
    private readonly length: number,
    private readonly clock: { now: number },
    seed = 1,
  ) {
    this.random = createRandom(seed);
  }

  get done(): boolean {
    return this.said.length >= this.length;
  }

  next(logits: Float32Array): RowStep {
    const id = sampleToken(logits, { temperature: 0.9, topP: 1, topK: 0 }, this.random);
    this.said.push(id);
    this.saidAt.push(this.clock.now);
    return this.done ? 'done' : { id };
  }

  fail(error: unknown): void {
    this.error = error;
  }
}

let tensors: number;
let clock: { now: number };
let model: ReturnType<typeof tinyModel>;
beforeAll(async () => {
  await selectBackend('wasm');
  model = tinyModel();
});
beforeEach(() => {
  clock = { now: 0 };
  tensors = tf.memory().numTensors;
});
afterEach(() => expect(tf.memory().numTensors).toBe(tensors));

function run(batch: ContinuousBatch): void {
  for (clock.now++; batch.step(); clock.now++);
}

const prompt = (length: number, seed: number): number[] => {
  const random = createRandom(seed);
  return Array.from({ length }, () => 2 + random.below(22));
};

describe('continuous batch', () => {
  it('lets each say what it would say alone, whenever it joins and whoever leaves', () => {
    const make = (n: number): Speaker => new Speaker(prompt(1 + (n % 7), n), 1 + ((n * 5) % 13), clock, n);
    const alone = Array.from({ length: 9 }, (_, n) => {
      const batch = new ContinuousBatch(model, { maxRows: 1, prefillTokens: 64 });
      const speaker = make(n);
      batch.add(speaker);
      run(batch);
      return speaker.said;
    });
    const together = Array.from({ length: 9 }, (_, n) => make(n));
    const batch = new ContinuousBatch(model, { maxRows: 4, prefillTokens: 12 });
    const most: number[] = [];
    together.slice(0, 3).forEach((speaker) => batch.add(speaker));
    batch.step();
    batch.step();
    together.slice(3).forEach((speaker) => batch.add(speaker));
    do most.push(batch.running);
    while (batch.step());
    expect(together.map(({ said }) => said)).toEqual(alone);
    expect(Math.max(...most)).toBe(4);
  });

  it('reads a long prompt in pieces between which the others speak', () => {
    const batch = new ContinuousBatch(model, { maxRows: 4, prefillTokens: 8 });
    const talker = new Speaker(prompt(3, 1), 12, clock);
    const long = new Speaker(prompt(40, 2), 3, clock);
    batch.add(talker);
    clock.now++;
    batch.step();
    batch.add(long);
    run(batch);
    expect(talker.saidAt).toEqual([1, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
    expect(long.saidAt[0]).toBe(6);
    expect(long.done).toBe(true);
  });

  it('drops who is cancelled before the next step: waiting, being read or speaking', () => {
    const batch = new ContinuousBatch(model, { maxRows: 2, prefillTokens: 4 });
    const [speaking, stays, read, waits] = [3, 2, 12, 4].map((n) => new Speaker(prompt(n, n), 6, clock)) as [
      Speaker,
      Speaker,
      Speaker,
      Speaker,
    ];
    batch.add(speaking);
    batch.step();
    speaking.cancelled = true;
    batch.add(read);
    batch.step();
    expect(batch.running).toBe(1);
    expect(read.said).toEqual([]);
    batch.add(stays);
    batch.add(waits);
    read.cancelled = true;
    waits.cancelled = true;
    batch.step();
    expect([batch.running, batch.waiting]).toEqual([1, 0]);
    run(batch);
    expect(speaking.said).toHaveLength(2);
    expect([read, stays, waits].map(({ said }) => said.length)).toEqual([0, 6, 0]);
  });

  it('begins anew where a row asks for it', () => {
    class Doubter extends Speaker {
      doubts = 2;
      override next(logits: Float32Array): RowStep {
        const step = super.next(logits);
        if (this.said.length < 3 || this.doubts-- <= 0) return step;
        this.said.length = 0;
        return 'again';
      }
    }
    const batch = new ContinuousBatch(model, { maxRows: 2, prefillTokens: 64 });
    const doubter = new Doubter(prompt(4, 4), 3, clock);
    const other = new Speaker(prompt(5, 5), 10, clock);
    batch.add(doubter);
    batch.add(other);
    run(batch);
    expect([doubter.said.length, other.said.length]).toEqual([3, 10]);
  });

  it('keeps one row’s mistake from the others, and goes on after the model failed', () => {
    const batch = new ContinuousBatch(model, { maxRows: 4, prefillTokens: 64 });
    const broken = new Speaker(prompt(4, 4), 6, clock);
    broken.next = () => {
      throw new Error('no tongue');
    };
    const other = new Speaker(prompt(5, 5), 6, clock);
    batch.add(broken);
    batch.add(other);
    run(batch);
    expect(broken.error).toEqual(new Error('no tongue'));
    expect(other.done).toBe(true);

    vi.spyOn(Decoder.prototype, 'read').mockImplementationOnce(() => {
      throw new Error('out of memory');
    });
    const unlucky = new Speaker(prompt(5, 5), 6, clock);
    batch.add(unlucky);
    run(batch);
    expect(unlucky.error).toEqual(new Error('out of memory'));
    const after = new Speaker(prompt(5, 5), 6, clock);
    batch.add(after);
    run(batch);
    expect(after.said).toEqual(other.said);
  });
});
