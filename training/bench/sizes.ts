import type { ModelConfig } from '../interfaces.js';

/** A model and its batch; the same numbers stand in `reference.py`. */
export interface BenchSize {
  hidden: number;
  layers: number;
  heads: number;
  intermediate: number;
  vocabulary: number;
  /** Tokens of a row, rows of a batch. */
  width: number;
  rows: number;
}

export const benchSizes = {
  h512: { hidden: 512, layers: 4, heads: 8, intermediate: 1376, vocabulary: 4096, width: 128, rows: 8 },
  h256: { hidden: 256, layers: 4, heads: 4, intermediate: 688, vocabulary: 4096, width: 128, rows: 8 },
  demo: { hidden: 96, layers: 2, heads: 3, intermediate: 256, vocabulary: 1024, width: 64, rows: 8 },
} satisfies Record<string, BenchSize>;

export type SizeName = keyof typeof benchSizes;

/** Of the PPO step (prompt and response of one iteration) and of generation. */
export const PROMPT_TOKENS = 32;
export const RESPONSE_TOKENS = 32;
export const GENERATED_TOKENS = 64;
export const PPO_EPOCHS = 2;

export function benchConfig({ hidden, layers, heads, intermediate, vocabulary }: BenchSize): ModelConfig {
  return {
    architecture: 'llama',
    vocabSize: vocabulary,
    hiddenSize: hidden,
    layers,
    heads,
    kvHeads: heads,
    headDim: hidden / heads,
    intermediateSize: intermediate,
    contextLength: 512,
    ropeTheta: 10_000,
    ropeScaling: null,
    normEpsilon: 1e-6,
    tiedEmbeddings: true,
    bosTokenId: null,
    eosTokenId: 1,
    padTokenId: 0,
  };
}

/** Floating-point operations of the products of one training step: 6 a weight and token, and attention's. */
export function stepFlops(s: BenchSize): number {
  const tokens = s.rows * s.width;
  const weights = s.layers * (4 * s.hidden ** 2 + 3 * s.hidden * s.intermediate) + s.vocabulary * s.hidden;
  const attention = 12 * s.layers * s.hidden * s.width * tokens;
  return 6 * weights * tokens + attention;
}
