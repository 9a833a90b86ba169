import * as tf from '@tensorflow/tfjs';
import { lengthsOf, type Rows } from '../data/rows.js';
import type { EncodedExample } from '../interfaces.js';
import { vocabularyLogits, hiddenStates } from '../model/forward.js';
import { learntBatch } from '../model/learnt-tokens.js';
import type { Model } from '../model/model.js';
import { gatherRows } from '../ops/gather-rows.js';
import { tokenLogProbs } from '../ops/token-log-probs.js';

export interface HeldOutFigures {
  /** Cross-entropy in nats a learnt token; 0 for no examples. */
  loss: number;
  /** e to the power of the loss: among so many equally likely tokens the model wavers. */
  perplexity: number;
  /** Share of the learnt tokens that the model holds for the likeliest. */
  accuracy: number;
  tokens: number;
}

/** How well a model foretells the learnt tokens of all examples, a few rows at a time. */
export function heldOutFigures(model: Model, examples: Rows<EncodedExample>, rowsAtOnce = 16): HeldOutFigures {
  let sum = 0;
  let right = 0;
  let tokens = 0;
  // Rows of like length together: padding is work for nothing.
  const lengths = lengthsOf(examples);
  const byLength = Int32Array.from(lengths.keys()).sort((a, b) => lengths[a]! - lengths[b]! || a - b);
  for (let at = 0; at < byLength.length; at += rowsAtOnce) {
    const rows = Array.from(byLength.subarray(at, at + rowsAtOnce), (row) => examples.at(row)!);
    const { batch, places, targets } = learntBatch(rows, model.config.padTokenId);
    if (targets.length === 0) continue;
    const [logProbs, guesses] = tf.tidy(() => {
      const logits = vocabularyLogits(model, gatherRows(hiddenStates(model, batch), places));
      return [tf.sum(tokenLogProbs(logits, targets, 1)), tf.argMax(logits, 1)] as const;
    });
    sum -= (logProbs.dataSync() as Float32Array)[0]!;
    right += (guesses.dataSync() as Int32Array).reduce((n, guess, i) => n + (guess === targets[i] ? 1 : 0), 0);
    tokens += targets.length;
    tf.dispose([logProbs, guesses]);
  }
  const loss = tokens === 0 ? 0 : sum / tokens;
  return { loss, perplexity: Math.exp(loss), accuracy: tokens === 0 ? 0 : right / tokens, tokens };
}
