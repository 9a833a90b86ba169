import * as tf from '@tensorflow/tfjs';
import { createRandom } from '@qingnang/kernel';
import { expect, it } from 'vitest';
import { onBackends } from '../testing/backends.js';
import { largestDifference } from '../testing/golden.js';
import { geluByTanh } from './gelu.js';
import { layerNorm } from './layer-norm.js';

const random = createRandom(4);
const draw = (shape: number[]): tf.Tensor =>
  tf.tensor(
    Float32Array.from({ length: shape.reduce((a, b) => a * b) }, () => 3 * (random.next() - 0.5)),
    shape,
  );

/** Our op, and the same written with tfjs's own ops, whose gradients autodiff knows. */
const cases = [
  {
    name: 'layer norm',
    shapes: [[5, 6], [6], [6]],
    own: (x: tf.Tensor, g?: tf.Tensor, b?: tf.Tensor) =>
      layerNorm(x as tf.Tensor2D, g as tf.Tensor1D, b as tf.Tensor1D, 1e-5),
    plain: (x: tf.Tensor, g?: tf.Tensor, b?: tf.Tensor) => {
      const { mean, variance } = tf.moments(x, 1, true);
      return tf.add(tf.mul(tf.div(tf.sub(x, mean), tf.sqrt(tf.add(variance, 1e-5))), g!), b!);
    },
  },
  {
    name: 'GELU by tanh',
    shapes: [[4, 7]],
    own: (x: tf.Tensor) => geluByTanh(x as tf.Tensor2D),
    plain: (x: tf.Tensor) => {
      const inner = tf.mul(Math.sqrt(2 / Math.PI), tf.add(x, tf.mul(0.044715, tf.mul(x, tf.mul(x, x)))));
      return tf.mul(tf.mul(0.5, x), tf.add(1, tf.tanh(inner)));
    },
  },
];

onBackends('ops of BLOOM', ['cpu', 'wasm', 'native'], () => {
  it.each(cases)('$name equals autodiff and finite differences', ({ shapes, own, plain }) => {
    const inputs = shapes.map(draw);
    const weights = draw(shapes[0]!);
    const loss =
      (op: typeof own | typeof plain) =>
      (...x: tf.Tensor[]) =>
        tf.sum(tf.mul(op(x[0]!, x[1], x[2]), weights)) as tf.Scalar;
    expect(
      largestDifference(
        own(inputs[0]!, inputs[1], inputs[2]).dataSync(),
        plain(inputs[0]!, inputs[1], inputs[2]).dataSync(),
      ),
    ).toBeLessThan(1e-5);
    const ours = tf
      .grads(loss(own))(inputs)
      .map((g) => g.dataSync<'float32'>());
    const theirs = tf
      .grads(loss(plain))(inputs)
      .map((g) => g.dataSync());
    ours.forEach((g, i) => expect(largestDifference(g, theirs[i])).toBeLessThan(2e-5));
    const h = 1e-2;
    inputs.forEach((input, i) => {
      const direction = draw(input.shape);
      const at = (sign: number): number => {
        const moved = inputs.map((x, j) => (i === j ? tf.add(x, tf.mul(direction, sign * h)) : x));
        return loss(own)(...moved).dataSync()[0]!;
      };
      const slope = (at(1) - at(-1)) / (2 * h);
      const expected = ours[i]!.reduce((sum, g, k) => sum + g * direction.dataSync()[k]!, 0);
      expect(Math.abs(slope - expected)).toBeLessThan(1e-2 * Math.max(1, Math.abs(expected)));
    });
  });
});
