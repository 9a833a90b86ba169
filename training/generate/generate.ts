import * as tf from '@tensorflow/tfjs';
import { DomainError, type Random } from '@qingnang/kernel';
import { gatherRows } from '../ops/gather-rows.js';
import { hiddenStates, joinMasks, vocabularyLogits } from '../model/forward.js';
import type { KeyValueCache, LayerCache, Model } from '../model/model.js';
import { padRows, type TokenBatch } from '../model/token-batch.js';
import { sampleToken, type SamplingSettings } from './sampling.js';

export interface GenerationSettings extends Partial<SamplingSettings> {
  maxNewTokens: number;
  /** Ids that end a response; by default the model's end token. */
  stopTokenIds?: readonly number[];
}

export interface Generated {
  /** Sampled ids; the stop token is the last of them where there is one. */
  ids: Int32Array;
  endedByItself: boolean;
}

/**
 * Continues a batch of prompts, one token of every unfinished row at a time, with keys and values kept.
 * Each step yields the new id of each row, `null` for rows that are done; a caller may stop early, the tensors are freed.
 * @throws DomainError `training.context_full` where prompt and response cannot fit the model's positions
 */
export function* generateSteps(
  model: Model,
  prompts: readonly ArrayLike<number>[],
  settings: GenerationSettings,
  random: Random,
): Generator<(number | null)[], void> {
  refuseTooLong(model, prompts, settings.maxNewTokens);
  const sampling = { temperature: 1, topP: 1, topK: 0, ...settings };
  const stops = new Set(settings.stopTokenIds ?? [model.config.eosTokenId]);
  const done = prompts.map(() => false);
  let batch = padRows(prompts, model.config.padTokenId, 'left');
  let cache: KeyValueCache | undefined;
  try {
    for (let n = 0; n < settings.maxNewTokens && done.includes(false); n++) {
      const step = forward(model, batch, cache);
      freeCache(cache);
      cache = step.cache;
      const v = model.config.vocabSize;
      const ids = done.map((finished, row) =>
        finished ? null : sampleToken(step.logits.subarray(row * v, (row + 1) * v), sampling, random),
      );
      ids.forEach((id, row) => {
        if (id !== null && stops.has(id)) done[row] = true;
      });
      batch = nextBatch(batch, ids, model.config.padTokenId);
      yield ids;
    }
  } finally {
    freeCache(cache);
  }
}

/** The same, collected: one response a prompt. */
export function generate(
  model: Model,
  prompts: readonly ArrayLike<number>[],
  settings: GenerationSettings,
  random: Random,
): Generated[] {
  const stops = new Set(settings.stopTokenIds ?? [model.config.eosTokenId]);
  const ids: number[][] = prompts.map(() => []);
  for (const step of generateSteps(model, prompts, settings, random)) {
    step.forEach((id, row) => {
      if (id !== null) ids[row]!.push(id);
    });
  }
  return ids.map((row) => ({ ids: Int32Array.from(row), endedByItself: row.length > 0 && stops.has(row.at(-1)!) }));
}

/** Logits of the last place of each row, and the cache of all tokens so far. */
function forward(
  model: Model,
  batch: TokenBatch,
  cache: KeyValueCache | undefined,
): { logits: Float32Array; cache: KeyValueCache } {
  const layers: LayerCache[] = [];
  const logits = tf.tidy(() => {
    const hidden = hiddenStates(model, batch, { cache, kept: layers });
    for (const { keys, values } of layers) [keys, values].forEach((t) => tf.keep(t));
    const last = Int32Array.from({ length: batch.rows }, (_, row) => (row + 1) * batch.width - 1);
    return vocabularyLogits(model, gatherRows(hidden, last));
  });
  const numbers = logits.dataSync() as Float32Array;
  logits.dispose();
  const mask = cache ? joinMasks(cache, batch) : batch.mask;
  return { logits: numbers, cache: { layers, mask, width: (cache?.width ?? 0) + batch.width } };
}

/** One column: the new ids, padding for rows that are done. */
function nextBatch(before: TokenBatch, ids: readonly (number | null)[], padTokenId: number): TokenBatch {
  return {
    rows: ids.length,
    width: 1,
    ids: Int32Array.from(ids, (id) => id ?? padTokenId),
    mask: Uint8Array.from(ids, (id) => (id === null ? 0 : 1)),
    positions: Int32Array.from(ids, (_, row) => before.positions[(row + 1) * before.width - 1]! + 1),
  };
}

function freeCache(cache: KeyValueCache | undefined): void {
  for (const { keys, values } of cache?.layers ?? []) tf.dispose([keys, values]);
}

function refuseTooLong(model: Model, prompts: readonly ArrayLike<number>[], newTokens: number): void {
  const longest = Math.max(0, ...prompts.map((p) => p.length));
  const shortest = Math.min(...prompts.map((p) => p.length));
  if (shortest === 0) {
    throw new DomainError({
      code: 'training.prompt_empty',
      status: 422,
      detail: 'A prompt without a token cannot be continued; give at least the start of the turn.',
    });
  }
  if (longest + newTokens <= model.config.contextLength) return;
  throw new DomainError({
    code: 'training.context_full',
    status: 422,
    detail:
      `The prompt has ${longest} tokens and ${newTokens} more are wanted, but this model holds ` +
      `${model.config.contextLength}; shorten the text or ask for fewer tokens.`,
    details: { prompt_tokens: longest, wanted_tokens: newTokens, context_length: model.config.contextLength },
  });
}
