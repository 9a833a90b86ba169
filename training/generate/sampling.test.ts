import { describe, expect, it } from 'vitest';
import { createRandom } from '@qingnang/kernel';
import { sampleToken, sampleTokenSteadily, type SamplingSettings } from './sampling.js';

const plain: SamplingSettings = { temperature: 1, topP: 1, topK: 0 };

describe.each([
  ['by sum', sampleToken],
  ['by race', sampleTokenSteadily],
])('sampling %s', (_name, sample) => {
  const logits = [0, Math.log(2), Math.log(5), Math.log(2)];
  const share = (settings: Partial<SamplingSettings>, response: number[] = []): number[] => {
    const random = createRandom(11);
    const counts = [0, 0, 0, 0];
    const history = { prompt: [1], response };
    for (let i = 0; i < 20_000; i++) counts[sample(logits, { ...plain, ...settings }, random, history)]! += 1 / 20_000;
    return counts;
  };
  const expectShares = (found: number[], wanted: number[]): void =>
    wanted.forEach((x, i) => expect(Math.abs(found[i]! - x)).toBeLessThan(0.015));

  it('follows the softmax at a temperature', () => {
    expectShares(share({}), [0.1, 0.2, 0.5, 0.2]);
    expectShares(share({ temperature: 0.5 }), [1 / 34, 4 / 34, 25 / 34, 4 / 34]);
    expect(share({ temperature: 0 })).toEqual([0, 0, expect.closeTo(1, 6) as number, 0]);
  });

  it('keeps only the top by number and by share', () => {
    expect(share({ topK: 1 })).toEqual([0, 0, expect.closeTo(1, 6) as number, 0]);
    expect(share({ topP: 0.6 }).map((x) => x > 0)).toEqual([false, true, true, false]);
  });

  it('penalises what was said: by repetition the prompt too, by presence and frequency the response', () => {
    expectShares(
      share({ repetitionPenalty: 2 }),
      [1, Math.SQRT2, 5, 2].map((w) => w / (8 + Math.SQRT2)),
    );
    const halved = { presencePenalty: Math.log(2), frequencyPenalty: Math.log(2) };
    expectShares(
      share(halved, [2, 2, 3]),
      [1, 2, 5 / 8, 2 / 4].map((w) => w / 4.125),
    );
  });
});

it('a race is hardly changed by rounding, where a sum is', () => {
  const noise = createRandom(5);
  const tokens = 1000;
  const changed = { sum: 0, race: 0 };
  for (let draw = 0; draw < 2000; draw++) {
    const logits = Float64Array.from({ length: tokens }, () => noise.next());
    const rounded = logits.map((logit) => logit + 1e-5 * (noise.next() - 0.5));
    const differs = (sample: typeof sampleToken): number =>
      Number(sample(logits, plain, createRandom(draw)) !== sample(rounded, plain, createRandom(draw)));
    changed.sum += differs(sampleToken);
    changed.race += differs(sampleTokenSteadily);
  }
  expect(changed.race).toBeLessThan(2);
  expect(changed.sum).toBeGreaterThanOrEqual(changed.race);
});
