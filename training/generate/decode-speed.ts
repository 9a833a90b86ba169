import type { Model } from '../model/model.js';
import { padRows } from '../model/token-batch.js';
import { Decoder } from './decoder.js';
import { withTransposedWeights } from './transposed-weights.js';

export interface DecodeSpeed {
  /** Tokens of each row when the step was taken. */
  length: number;
  /** Median time of a step, in which every row gets one token. */
  millisecondsPerStep: number;
  tokensPerSecond: number;
}

/** Steps around a length that are measured. */
const STEPS = 15;

/**
 * How long one more token takes at growing lengths, without drawing it: flat where keys and values are kept.
 * @param lengths ascending, within the model's context
 */
export function decodeSpeed(model: Model, rows: number, lengths: readonly number[]): DecodeSpeed[] {
  const speaking = withTransposedWeights(model);
  const decoder = new Decoder(speaking.model);
  const ids = Array.from({ length: rows }, (_, row) => row % model.config.vocabSize);
  let length = 1;
  const step = (): number => {
    const start = performance.now();
    decoder.readTokens(ids);
    length += 1;
    return performance.now() - start;
  };
  decoder.read(
    padRows(
      ids.map((id) => [id]),
      model.config.padTokenId,
      'left',
    ),
  );
  const speeds = lengths.map((wanted) => {
    while (length < wanted - STEPS) step();
    const times = Array.from({ length: STEPS }, step).sort((a, b) => a - b);
    const millisecondsPerStep = times[STEPS >> 1]!;
    return { length: wanted, millisecondsPerStep, tokensPerSecond: (1000 * rows) / millisecondsPerStep };
  });
  decoder.dispose();
  speaking.dispose();
  return speeds;
}
