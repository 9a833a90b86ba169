import * as tf from '@tensorflow/tfjs';

type Backward = (dy: tf.Tensor, saved: tf.Tensor[]) => tf.Tensor[];

/**
 * An op with a gradient of our own. `forward` returns its value and what the gradient needs of it; `backward` gives
 * one gradient for each input, in order. Everything between is invisible to autodiff. What `backward` reads must be saved,
 * also a tensor that is no input: all else of the forward pass is gone by then.
 */
export function ownGradient<T extends tf.Tensor>(
  inputs: readonly tf.Tensor[],
  forward: (...inputs: tf.Tensor[]) => { value: T; saved: tf.Tensor[] },
  backward: Backward,
): T {
  const op = tf.customGrad((...args) => {
    const save = args.pop() as (tensors: tf.Tensor[]) => void;
    const { value, saved } = forward(...(args as tf.Tensor[]));
    save(saved);
    return { value, gradFunc: (dy: tf.Tensor, kept: tf.Tensor[]) => backward(dy, kept) };
  });
  return op(...inputs) as T;
}
