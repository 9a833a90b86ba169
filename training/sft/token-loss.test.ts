import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { createRandom } from '@qingnang/kernel';
import { selectBackend, type BackendName } from '../backend/select-backend.js';
import { goldenJson, largestDifference } from '../testing/golden.js';
import { crossEntropies } from './token-loss.js';

const { cases } = goldenJson<{
  cases: {
    label_smoothing: number;
    logits: number[][];
    targets: number[];
    loss_each: number[];
    grad_of_mean: number[][];
  }[];
}>('losses/label_smoothing.json');

function meanLoss(logits: tf.Tensor2D, targets: number[], smoothing: number): tf.Scalar {
  return tf.mean(crossEntropies(logits, Int32Array.from(targets), smoothing));
}

describe.each<BackendName>(['cpu', 'wasm'])('cross-entropy with smoothed labels, on %s', (backend) => {
  beforeAll(async () => {
    await selectBackend(backend);
  });

  it("equals torch's losses and gradient", () => {
    for (const { label_smoothing: smoothing, ...c } of cases) {
      const logits = tf.tensor2d(c.logits);
      const losses = crossEntropies(logits, Int32Array.from(c.targets), smoothing).dataSync();
      const gradient = tf.grad((x) => meanLoss(x as tf.Tensor2D, c.targets, smoothing))(logits);
      const largest = Math.max(...c.loss_each);
      expect(largestDifference(losses, c.loss_each)).toBeLessThan(1e-5 + 1e-5 * largest);
      expect(largestDifference(gradient.dataSync(), c.grad_of_mean)).toBeLessThan(1e-5);
    }
  });

  it('has the gradient of finite differences', () => {
    const random = createRandom(3);
    const numbers = Array.from({ length: 12 }, () => 4 * random.next() - 2);
    const at = (values: number[]): number =>
      tf.tidy(() => meanLoss(tf.tensor2d(values, [3, 4]), [0, 3, 1], 0.2)).dataSync()[0]!;
    const gradient = tf
      .grad((x) => meanLoss(x as tf.Tensor2D, [0, 3, 1], 0.2))(tf.tensor2d(numbers, [3, 4]))
      .dataSync();
    const step = 0.01;
    numbers.forEach((x, i) => {
      const [up, down] = [x + step, x - step].map((value) => at(numbers.with(i, value))) as [number, number];
      expect(Math.abs((up - down) / (2 * step) - gradient[i]!)).toBeLessThan(
        1e-2 * Math.max(0.05, Math.abs(gradient[i]!)),
      );
    });
  });
});
