import { createRandom, type Random } from '@qingnang/kernel';
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
  if (temperature === 0) return likeliest(penalties(logits, settings, history));
  const kept = candidates(logits, settings, history);
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

/**
 * The same distribution, drawn by a race: every token has luck of its own, the highest sum of luck and logit wins
 * (Gumbel-max). The logits of a row differ in rounding with its company in a batch. Here that decides only where two tokens
 * all but tie: in none of 50,000 draws at 1,800 tokens; with the sum above, whose every boundary moves, in one of 8,000.
 */
export function sampleTokenSteadily(
  logits: ArrayLike<number>,
  settings: SamplingSettings,
  random: Random,
  history = NOTHING_SAID,
): number {
  const { temperature } = settings;
  if (temperature === 0) return likeliest(penalties(logits, settings, history));
  const kept = candidates(logits, settings, history);
  const luck = createRandom(random.below(2 ** 32));
  let best = 0;
  let highest = -Infinity;
  for (let id = 0; id < kept.length; id++) {
    const uniform = luck.next(); // also for a token that is out, so that luck belongs to the id
    const chance = kept[id]! / temperature;
    if (chance + MOST_LUCK <= highest) continue;
    const value = chance - Math.log(-Math.log(uniform));
    if (value > highest) [best, highest] = [id, value];
  }
  return best;
}

/** −ln(−ln u) of the largest u below 1 that the generator gives, rounded up. */
const MOST_LUCK = 22.2;

function candidates(logits: ArrayLike<number>, settings: SamplingSettings, history: TokenHistory): Float64Array {
  const kept = topK(penalties(logits, settings, history), settings.topK);
  return topP(kept, settings.topP, settings.temperature);
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
