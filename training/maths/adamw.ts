/** Numbers of one AdamW update; `rate` is the learning rate after the schedule. */
export interface AdamWNumbers {
  rate: number;
  beta1: number;
  beta2: number;
  epsilon: number;
  weightDecay: number;
  /** 1 for the first update. */
  step: number;
}

type Numbers = number[] | Float64Array | Float32Array;

/**
 * One update in place, in PyTorch's form: decay first and decoupled, epsilon outside the corrected root.
 * The optimiser of the models does the same on tensors; this is the version that is checked to 1e-10.
 */
export function adamwUpdate(
  weights: Numbers,
  gradients: Numbers,
  first: Numbers,
  second: Numbers,
  n: AdamWNumbers,
): void {
  const correction1 = 1 - n.beta1 ** n.step;
  const correction2 = 1 - n.beta2 ** n.step;
  for (let i = 0; i < weights.length; i++) {
    const g = gradients[i]!;
    first[i] = n.beta1 * first[i]! + (1 - n.beta1) * g;
    second[i] = n.beta2 * second[i]! + (1 - n.beta2) * g * g;
    const root = Math.sqrt(second[i]! / correction2) + n.epsilon;
    weights[i] = weights[i]! * (1 - n.rate * n.weightDecay) - (n.rate * (first[i]! / correction1)) / root;
  }
}

/** What all gradients are multiplied by so that their joint norm is at most `maxNorm`; never above 1. */
export function clipFactor(norm: number, maxNorm: number): number {
  return Math.min(1, maxNorm / (norm + 1e-6));
}

/** Euclidean norm over all tensors together. */
export function jointNorm(tensors: readonly Numbers[]): number {
  let sum = 0;
  for (const tensor of tensors) for (const value of tensor) sum += value * value;
  return Math.sqrt(sum);
}
