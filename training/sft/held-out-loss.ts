import * as tf from '@tensorflow/tfjs';
import type { EncodedExample } from '../interfaces.js';
import { learntBatch, learntLogProbs } from '../model/learnt-tokens.js';
import type { Model } from '../model/model.js';

/** Cross-entropy in nats a learnt token over all examples, a few rows at a time; 0 for none. */
export function heldOutLoss(model: Model, examples: readonly EncodedExample[], rowsAtOnce = 16): number {
  let sum = 0;
  let tokens = 0;
  // Rows of like length together: padding is work for nothing.
  const byLength = [...examples].sort((a, b) => a.ids.length - b.ids.length);
  for (let at = 0; at < byLength.length; at += rowsAtOnce) {
    const learnt = learntBatch(byLength.slice(at, at + rowsAtOnce), model.config.padTokenId);
    if (learnt.targets.length === 0) continue;
    const total = tf.tidy(() => tf.sum(learntLogProbs(model, learnt)));
    sum -= (total.dataSync() as Float32Array)[0]!;
    tokens += learnt.targets.length;
    total.dispose();
  }
  return tokens === 0 ? 0 : sum / tokens;
}
