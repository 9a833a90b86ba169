import type { RopeScaling } from '../interfaces.js';

/** Angle of pair i of a head at position p: p · frequencies[i]; cosine and sine are multiplied by `magnitude`. */
export interface RotaryFrequencies {
  frequencies: number[];
  magnitude: number;
}

/**
 * Rotary frequencies θ^(−2i/d), i < d/2, scaled as the model wants them, as transformers' `modeling_rope_utils.py` does.
 * Sources: RoFormer (Su et al. 2021); position interpolation (Chen et al. 2023) for `linear`; Llama 3.1 for `llama3`;
 * YaRN (Peng et al. 2023) for `yarn`.
 */
export function ropeFrequencies(headDim: number, theta: number, scaling: RopeScaling | null): RotaryFrequencies {
  const plain = Array.from({ length: headDim / 2 }, (_, i) => theta ** ((-2 * i) / headDim));
  switch (scaling?.type) {
    case undefined:
    case 'dynamic':
      return { frequencies: plain, magnitude: 1 };
    case 'linear':
      return { frequencies: plain.map((f) => f / scaling.factor), magnitude: 1 };
    case 'llama3':
      return { frequencies: plain.map((f) => llama3Frequency(f, scaling)), magnitude: 1 };
    case 'yarn':
      return { frequencies: yarnFrequencies(plain, headDim, theta, scaling), magnitude: scaling.attentionFactor };
  }
}

/** Waves shorter than L/high stay, longer than L/low are stretched by the factor, between them the two are mixed. */
function llama3Frequency(frequency: number, scaling: Extract<RopeScaling, { type: 'llama3' }>): number {
  const { factor, lowFrequencyFactor: low, highFrequencyFactor: high, originalContextLength } = scaling;
  const turns = (originalContextLength * frequency) / (2 * Math.PI); // over the original context
  if (turns < low) return frequency / factor;
  if (turns > high) return frequency;
  const smooth = (turns - low) / (high - low);
  return ((1 - smooth) * frequency) / factor + smooth * frequency;
}

/** Pairs that turn often over the original context stay, slow ones are stretched, with a linear ramp between. */
function yarnFrequencies(
  plain: readonly number[],
  headDim: number,
  theta: number,
  scaling: Extract<RopeScaling, { type: 'yarn' }>,
): number[] {
  const { factor, originalContextLength, betaFast, betaSlow, truncate } = scaling;
  /** The pair (as a real number) that turns so many times over the original context. */
  const pairOf = (turns: number): number =>
    (headDim * Math.log(originalContextLength / (turns * 2 * Math.PI))) / (2 * Math.log(theta));
  const low = Math.max(truncate ? Math.floor(pairOf(betaFast)) : pairOf(betaFast), 0);
  const high = Math.min(truncate ? Math.ceil(pairOf(betaSlow)) : pairOf(betaSlow), headDim - 1);
  const span = high === low ? 0.001 : high - low;
  return plain.map((f, i) => {
    const stretched = Math.min(1, Math.max(0, (i - low) / span));
    return (f / factor) * stretched + f * (1 - stretched);
  });
}

/** YaRN's default for cosines and sines, 0.1·ln(factor) + 1, or the ratio of two such where a model names both scales. */
export function yarnAttentionFactor(factor: number, scale?: number | null, scaleAllDimensions?: number | null): number {
  const magnitude = (by: number): number => (factor <= 1 ? 1 : 0.1 * by * Math.log(factor) + 1);
  return scale && scaleAllDimensions ? magnitude(scale) / magnitude(scaleAllDimensions) : magnitude(1);
}
