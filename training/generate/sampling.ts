import type { Random } from '@qingnang/kernel';
import { countPenalties, repetitionPenalty, topK, topP } from './logits-processors.js';

export interface SamplingSettings {
  /** 0 takes the likeliest token. */
  temperature: number;
  /** Share of the probability kept, likeliest tokens first; 1 = all. Training needs 1. */
  topP: number;
  /** Number of tokens kept, likeliest first; 0 = all. Training needs 0. */
  topK: number;
  /** Over 1, tokens of prompt and response become less likely; 1 by default. */
  repetitionPenalty?: number;
  /** Taken off the logit of every token of the response; 0 by default. */
  presencePenalty?: number;
  /** The same for each time it came; 0 by default. */
  frequencyPenalty?: number;
}

/** What was said so far, for the penalties. */
export interface TokenHistory {
  prompt: ArrayLike<number>;
  response: readonly number[];
}

const NOTHING_SAID: TokenHistory = { prompt: [], response: [] };

/** Draws one id from a row of logits. One number is drawn of `random` unless the temperature is 0. */
export function sampleToken(
  logits: ArrayLike<number>,
  settings: SamplingSettings,
  random: Random,
  history = NOTHING_SAID,
): number {
  const { temperature } = settings;
  const penalised = penalties(logits, settings, history);
  if (temperature === 0) return likeliest(penalised);
  const kept = topP(topK(penalised, settings.topK), settings.topP, temperature);
  const highest = kept[likeliest(kept)]!;
  const weights = new Float64Array(kept.length);
  let total = 0;
  for (let i = 0; i < kept.length; i++) {
    weights[i] = Math.exp((kept[i]! - highest) / temperature);
    total += weights[i]!;
  }
  let left = random.next() * total;
  let last = 0;
  for (let i = 0; i < weights.length; i++) {
    if (weights[i] === 0) continue;
    last = i;
    left -= weights[i]!;
    if (left < 0) return i;
  }
  return last;
}

function penalties(
  raw: ArrayLike<number>,
  {
    repetitionPenalty: repetition = 1,
    presencePenalty: presence = 0,
    frequencyPenalty: frequency = 0,
  }: SamplingSettings,
  { prompt, response }: TokenHistory,
): Float64Array {
  let logits: Float64Array = new Float64Array(raw);
  if (repetition !== 1) logits = repetitionPenalty(logits, new Set([...Array.from(prompt), ...response]), repetition);
  if (presence !== 0 || frequency !== 0) {
    const counts = new Map<number, number>();
    for (const id of response) counts.set(id, (counts.get(id) ?? 0) + 1);
    logits = countPenalties(logits, counts, presence, frequency);
  }
  return logits;
}

function likeliest(logits: ArrayLike<number>): number {
  let best = 0;
  for (let i = 1; i < logits.length; i++) if (logits[i]! > logits[best]!) best = i;
  return best;
}
