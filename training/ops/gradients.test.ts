import * as tf from '@tensorflow/tfjs';
import { expect, it } from 'vitest';
import { createRandom } from '@qingnang/kernel';
import { selectBackend } from '../backend/select-backend.js';
import { ropeFrequencies } from '../maths/rope-frequencies.js';
import { adamwUpdate as plainUpdate } from '../maths/adamw.js';
import { onBackends } from '../testing/backends.js';
import { adamwUpdate } from './adamw-update.js';
import { attention, splitHeads } from './attention.js';
import { gatherRows } from './gather-rows.js';
import { frozenLinear, linear } from './linear.js';
import { lossOfNumbers } from './loss-of-numbers.js';
import { rmsNorm } from './rms-norm.js';
import { rotary, rotaryTables } from './rotary.js';
import { sumOfSquares } from './sum-of-squares.js';
import { swiglu } from './swiglu.js';
import { tokenEntropy } from './token-entropy.js';
import { tokenLogProbs } from './token-log-probs.js';

/** Our op, and the same written with tfjs's own ops, whose gradients autodiff knows on `cpu`. */
interface Case {
  name: string;
  shapes: number[][];
  own: (...inputs: tf.Tensor[]) => tf.Tensor;
  plain: (...inputs: tf.Tensor[]) => tf.Tensor;
}

const IDS = Int32Array.from([2, 0, 2, 4, 1, 2]);
const POSITIONS = [0, 1, 2, 0, 1, 2];
const SHAPE = { batch: 2, queries: 3, keys: 3, kvHeads: 2, group: 2, headDim: 4 };
const causal = (): tf.Tensor4D =>
  tf.tile(tf.tensor4d([0, -1e9, -1e9, 0, 0, -1e9, 0, 0, 0], [1, 1, 3, 3]), [2, 1, 1, 1]);

/** [2, 4, 3, 3]: the causal mask, and more taken away the further off, differently in each head. */
const byHead = (): tf.Tensor4D =>
  tf.add(causal(), tf.mul(tf.reshape(tf.range(0, 72), [2, 4, 3, 3]), -0.02)) as tf.Tensor4D;

/** Kept, as a parameter is: the gradient reads it after the forward pass. */
const fixedWeight = (): tf.Tensor2D => tf.keep(tf.reshape(tf.linspace(-1, 1, 20), [4, 5]));

const cases: Case[] = [
  {
    name: 'linear, more rows than outputs',
    shapes: [
      [6, 5],
      [4, 5],
    ],
    own: (x, w) => linear(x as tf.Tensor2D, w as tf.Tensor2D),
    plain: (x, w) => tf.matMul(x as tf.Tensor2D, w as tf.Tensor2D, false, true),
  },
  {
    name: 'linear, many more outputs than inputs',
    shapes: [
      [6, 2],
      [40, 2],
    ],
    own: (x, w) => linear(x as tf.Tensor2D, w as tf.Tensor2D),
    plain: (x, w) => tf.matMul(x as tf.Tensor2D, w as tf.Tensor2D, false, true),
  },
  {
    name: 'linear by a weight that does not learn',
    shapes: [[6, 5]],
    own: (x) => frozenLinear(x as tf.Tensor2D, fixedWeight()),
    plain: (x) => tf.matMul(x as tf.Tensor2D, fixedWeight(), false, true),
  },
  {
    name: 'rows of a table, some taken three times',
    shapes: [[5, 3]],
    own: (table) => gatherRows(table as tf.Tensor2D, IDS),
    plain: (table) => tf.matMul(tf.oneHot(tf.tensor1d(IDS, 'int32'), 5).toFloat(), table as tf.Tensor2D),
  },
  {
    name: 'RMS norm',
    shapes: [[6, 8], [8]],
    own: (x, g) => rmsNorm(x as tf.Tensor2D, g as tf.Tensor1D, 1e-5),
    plain: (x, g) => tf.mul(tf.div(x!, tf.sqrt(tf.add(tf.mean(tf.square(x!), 1, true), 1e-5))), g!),
  },
  {
    name: 'SwiGLU',
    shapes: [
      [6, 8],
      [6, 8],
    ],
    own: (g, u) => swiglu(g as tf.Tensor2D, u as tf.Tensor2D),
    plain: (g, u) => tf.mul(tf.mul(g!, tf.sigmoid(g!)), u!),
  },
  {
    name: 'rotary positions',
    shapes: [[6, 8]],
    own: (x) => rotary(x as tf.Tensor2D, 2, rotaryTables(POSITIONS, ropeFrequencies(4, 100, null))),
    plain: (x) => plainRotary(x!),
  },
  {
    name: 'attention with two query heads a key head',
    shapes: [
      [6, 16],
      [6, 8],
      [6, 8],
    ],
    own: (q, k, v) => attention(q as tf.Tensor2D, splitHeads(k!, 2, 2, 4), splitHeads(v!, 2, 2, 4), causal(), SHAPE),
    plain: (q, k, v) => plainAttention(q!, k!, v!),
  },
  {
    name: 'attention with a mask for each head, as ALiBi adds one',
    shapes: [
      [6, 16],
      [6, 8],
      [6, 8],
    ],
    own: (q, k, v) => attention(q as tf.Tensor2D, splitHeads(k!, 2, 2, 4), splitHeads(v!, 2, 2, 4), byHead(), SHAPE),
    plain: (q, k, v) => plainAttention(q!, k!, v!, byHead()),
  },
  {
    name: 'log-probabilities of ids at temperature 0.7',
    shapes: [[6, 5]],
    own: (x) => tokenLogProbs(x as tf.Tensor2D, IDS, 0.7),
    plain: (x) => tf.sum(tf.mul(tf.logSoftmax(tf.div(x!, 0.7)), tf.oneHot(tf.tensor1d(IDS, 'int32'), 5)), 1),
  },
  {
    name: 'entropy at temperature 0.7',
    shapes: [[6, 5]],
    own: (x) => tokenEntropy(x as tf.Tensor2D, 0.7),
    plain: (x) => {
      const l = tf.logSoftmax(tf.div(x!, 0.7));
      return tf.neg(tf.sum(tf.mul(tf.exp(l), l), 1));
    },
  },
];

function plainRotary(x: tf.Tensor): tf.Tensor {
  const angles = POSITIONS.flatMap((p) => [p, p / 10, p, p / 10]);
  const [cos, sin] = [Math.cos, Math.sin].map((f) =>
    tf.tensor3d(
      angles.map((a) => f(a)),
      [6, 1, 4],
    ),
  ) as [tf.Tensor3D, tf.Tensor3D];
  const heads = tf.reshape(x, [6, 2, 4]);
  const [first, second] = tf.split(heads, 2, 2);
  const turned = tf.concat([tf.neg(second!), first!], 2);
  return tf.reshape(tf.add(tf.mul(heads, cos), tf.mul(turned, sin)), [6, 8]);
}

function plainAttention(q: tf.Tensor, k: tf.Tensor, v: tf.Tensor, mask = causal()): tf.Tensor {
  const heads = (x: tf.Tensor, n: number): tf.Tensor => tf.transpose(tf.reshape(x, [2, 3, n, 4]), [0, 2, 1, 3]);
  const repeat = (x: tf.Tensor): tf.Tensor => tf.gather(heads(x, 2), tf.tensor1d([0, 0, 1, 1], 'int32'), 1);
  const scores = tf.add(tf.div(tf.matMul(heads(q, 4), repeat(k), false, true), 2), mask);
  return tf.reshape(tf.transpose(tf.matMul(tf.softmax(scores), repeat(v)), [0, 2, 1, 3]), [6, 16]);
}

const random = createRandom(5);
const draw = (shape: number[]): number[] =>
  Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => random.next() * 2 - 1);

/** Value and input gradients of Σ out·weights. */
function run(op: Case['own'], inputs: number[][], shapes: number[][], seedOfWeights: number): number[][] {
  const tensors = inputs.map((values, i) => tf.tensor(values, shapes[i]!));
  const out = tf.tidy(() => op(...tensors));
  const fixed = createRandom(seedOfWeights);
  const weights = tf.tensor(
    Array.from({ length: out.size }, () => fixed.next() - 0.5),
    out.shape,
  );
  const gradients = tf.grads((...xs: tf.Tensor[]) => tf.sum(tf.mul(op(...xs), weights)))(tensors);
  return [out, ...gradients].map((t) => Array.from(t.dataSync()));
}

onBackends('own gradients', ['cpu', 'wasm', 'native'], (backend) => {
  for (const c of cases) {
    it(`equal autodiff and finite differences: ${c.name}`, async () => {
      const inputs = c.shapes.map(draw);
      const own = run(c.own, inputs, c.shapes, 9);
      await selectBackend('cpu');
      const plain = run(c.plain, inputs, c.shapes, 9);
      await selectBackend(backend);
      own.forEach((values, i) => values.forEach((x, j) => expect(x).toBeCloseTo(plain[i]![j]!, 5)));
      checkByDifferences(c, inputs, own.slice(1));
    });
  }

  it('AdamW moves weight and moments as its twin in plain numbers does', () => {
    const [w, g, m, v] = [draw([40]), draw([40]), draw([40]), draw([40]).map((x) => x * x)];
    const [weight, first, second] = [w, m, v].map((x) => tf.variable(tf.tensor1d(x))) as [
      tf.Variable,
      tf.Variable,
      tf.Variable,
    ];
    const [rate, decay, factor, step] = [0.02, 0.1, 0.5, 3];
    const root = Math.sqrt(1 - 0.999 ** step);
    adamwUpdate(weight, tf.tensor1d(g), first, second, {
      gradientFactor: factor,
      beta1: 0.9,
      beta2: 0.999,
      epsilon: 1e-8 * root,
      stepSize: (rate * root) / (1 - 0.9 ** step),
      kept: 1 - rate * decay,
    });
    const clipped = g.map((x) => factor * x);
    plainUpdate(w, clipped, m, v, { rate, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: decay, step });
    [
      [weight, w],
      [first, m],
      [second, v],
    ].forEach(([tensor, expected]) => {
      const values = (tensor as tf.Variable).dataSync();
      (expected as number[]).forEach((x, i) => expect(values[i]!).toBeCloseTo(x, 5));
    });
  });

  it('sums the squares of all entries', () => {
    const values = draw([6, 50]);
    const sum = values.reduce((total, x) => total + x * x, 0);
    expect(sumOfSquares(tf.tensor2d(values, [6, 50])).dataSync()[0]).toBeCloseTo(sum, 3);
  });

  it('a loss of plain numbers hands its gradient on', () => {
    const x = tf.tensor1d([1, 2, 3]);
    const double = (v: tf.Tensor): tf.Scalar =>
      lossOfNumbers([tf.mul(v, 2) as tf.Tensor1D], (values) => ({
        loss: values.reduce((sum, n) => sum + n * n, 0),
        gradients: [values.map((n) => 2 * n)],
      }));
    const { value, grad } = tf.valueAndGrad(double)(x);
    expect(value.dataSync()[0]).toBe(56);
    expect(Array.from(grad.dataSync())).toEqual([8, 16, 24]);
  });
});

/** A few entries of each input moved by ±1e-2: good to about 1e-2 in float32. */
function checkByDifferences(c: Case, inputs: number[][], gradients: number[][]): void {
  const step = 1e-2;
  const loss = (moved: number[][]): number => {
    const out = tf.tidy(() => c.own(...moved.map((values, i) => tf.tensor(values, c.shapes[i]!))));
    const fixed = createRandom(9);
    return Array.from(out.dataSync()).reduce((sum, x) => sum + x * (fixed.next() - 0.5), 0);
  };
  inputs.forEach((values, i) => {
    for (let j = 0; j < values.length; j += 3) {
      const moved = (by: number): number[][] =>
        inputs.map((row, k) => (k === i ? row.map((x, n) => (n === j ? x + by : x)) : row));
      const slope = (loss(moved(step)) - loss(moved(-step))) / (2 * step);
      expect(Math.abs(slope - gradients[i]![j]!)).toBeLessThan(1e-2);
    }
  });
}
