/** Run by a fresh Node in the package folder: d/dx Σ(x·x) of a 2 × 2 matrix, and one of our own ops where it has them. */
export const CHECK = `
require('node:process').env.TF_CPP_MIN_LOG_LEVEL = '2';
const { createRequire } = require('node:module');
const { join } = require('node:path');
const tf = createRequire(join(process.cwd(), 'index.js'))('@tensorflow/tfjs-node');
const x = tf.tensor2d([[1, 2], [3, 4]]);
const gradient = Array.from(tf.grad((m) => tf.sum(tf.matMul(m, m)))(x).dataSync());
if (gradient.join() !== '7,11,9,13') throw new Error('wrong gradient: ' + gradient.join());
if (process.argv[1] === 'true') {
  const [y] = tf.backend().executeMultipleOutputs('QingnangSwiGlu', [], [tf.tensor1d([2]), tf.tensor1d([3])], 1);
  if (Math.abs(y.dataSync()[0] - 6 / (1 + Math.exp(-2))) > 1e-5) throw new Error('wrong SwiGLU');
}
process.stdout.write('gradient is right');
`;
