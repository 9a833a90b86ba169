import type { Random } from '@qingnang/kernel';

export interface SamplingSettings {
  /** 0 takes the likeliest token. */
  temperature: number;
  /** Share of the probability kept, likeliest tokens first; 1 = all. Training needs 1. */
  topP: number;
  /** Number of tokens kept, likeliest first; 0 = all. Training needs 0. */
  topK: number;
}

/** Draws one id from a row of logits. One number is drawn of `random` unless the temperature is 0. */
export function sampleToken(logits: ArrayLike<number>, settings: SamplingSettings, random: Random): number {
  if (settings.temperature === 0) return likeliest(logits);
  const highest = logits[likeliest(logits)]!;
  const weights = new Float64Array(logits.length);
  for (let i = 0; i < logits.length; i++) weights[i] = Math.exp((logits[i]! - highest) / settings.temperature);
  if (settings.topK > 0 || settings.topP < 1) keepLikeliest(weights, settings);
  let left = random.next() * weights.reduce((sum, w) => sum + w, 0);
  let last = 0;
  for (let i = 0; i < weights.length; i++) {
    if (weights[i] === 0) continue;
    last = i;
    left -= weights[i]!;
    if (left < 0) return i;
  }
  return last;
}

function likeliest(logits: ArrayLike<number>): number {
  let best = 0;
  for (let i = 1; i < logits.length; i++) if (logits[i]! > logits[best]!) best = i;
  return best;
}

/** Sets the weight of every token outside the top to 0. */
function keepLikeliest(weights: Float64Array, settings: SamplingSettings): void {
  const order = Array.from(weights.keys()).sort((a, b) => weights[b]! - weights[a]! || a - b);
  const goal = settings.topP * weights.reduce((sum, w) => sum + w, 0);
  let kept = 0;
  let sum = 0;
  for (const id of order) {
    const enough = sum >= goal || (settings.topK > 0 && kept >= settings.topK);
    if (enough && kept > 0) weights[id] = 0;
    else {
      sum += weights[id]!;
      kept += 1;
    }
  }
}
