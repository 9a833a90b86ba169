import * as tf from '@tensorflow/tfjs';
import { someRows, type Rows } from '../data/rows.js';
import type { EncodedPair } from '../interfaces.js';
import type { PairLogProbs } from '../maths/dpo-loss.js';
import { learntBatch, learntLogProbs } from '../model/learnt-tokens.js';
import type { Model } from '../model/model.js';

/** What a model says of the two replies of a pair: Σ log π over each reply's tokens, end token included. */
export interface ReplyLogProbs {
  chosen: number;
  rejected: number;
}

/** Pairs as rows of one batch, chosen before rejected, and the number of tokens each row is judged by. */
export function pairRows(pairs: readonly EncodedPair[]): { rows: EncodedPair['chosen'][]; tokens: number[] } {
  const rows = pairs.flatMap(({ chosen, rejected }) => [chosen, rejected]);
  return { rows, tokens: rows.map(({ lossMask }) => lossMask.subarray(1).reduce((sum, m) => sum + m, 0)) };
}

/** Sums a flat list of token numbers row by row. */
export function rowSums(flat: ArrayLike<number>, tokens: readonly number[]): number[] {
  let at = 0;
  return tokens.map((count) => {
    let sum = 0;
    for (const end = at + count; at < end; at++) sum += flat[at]!;
    return sum;
  });
}

/** What a model says of many pairs, in sixteen bytes a pair; as JSON a plain list. */
export class ReplyLogProbList implements Rows<ReplyLogProbs> {
  readonly length: number;
  private readonly numbers: Float64Array;

  constructor(numbers: Float64Array) {
    this.numbers = numbers;
    this.length = numbers.length / 2;
  }

  at(index: number): ReplyLogProbs | undefined {
    if (!(index >= 0 && index < this.length)) return undefined;
    return { chosen: this.numbers[2 * index]!, rejected: this.numbers[2 * index + 1]! };
  }

  *[Symbol.iterator](): Generator<ReplyLogProbs> {
    for (let index = 0; index < this.length; index++) yield this.at(index)!;
  }

  toJSON(): ReplyLogProbs[] {
    return [...this];
  }
}

/** Log-probabilities of all pairs by one model, a few pairs at a time, without gradients and dropout. */
export function replyLogProbs(model: Model, pairs: Rows<EncodedPair>, pairsAtOnce = 8): ReplyLogProbList {
  const found = new Float64Array(2 * pairs.length);
  for (let at = 0; at < pairs.length; at += pairsAtOnce) {
    const { rows, tokens } = pairRows(someRows(pairs, at, pairsAtOnce));
    const flat = tf.tidy(() => learntLogProbs(model, learntBatch(rows, model.config.padTokenId)));
    found.set(rowSums(flat.dataSync() as Float32Array, tokens), 2 * at);
    flat.dispose();
  }
  return new ReplyLogProbList(found);
}

/** Both models' views of some pairs, for the loss of `maths/`. */
export function besideReference(
  policySums: readonly number[],
  references: readonly ReplyLogProbs[],
  tokens: readonly number[],
): PairLogProbs[] {
  return references.map((reference, i) => ({
    chosen: policySums[2 * i]!,
    rejected: policySums[2 * i + 1]!,
    referenceChosen: reference.chosen,
    referenceRejected: reference.rejected,
    chosenTokens: tokens[2 * i]!,
    rejectedTokens: tokens[2 * i + 1]!,
  }));
}
