/** Natural logarithm of a token's probability by the model itself: at temperature 1, before penalties and cuts. */
export interface TokenLogProb {
  id: number;
  logProb: number;
}

/** A sampled token with the likeliest alternatives, likeliest first; it may be among them. */
export interface SampledLogProb extends TokenLogProb {
  top: TokenLogProb[];
}

/** Log-probability of the id drawn from a row of logits, and of the `count` likeliest ids. */
export function sampledLogProb(logits: ArrayLike<number>, id: number, count: number): SampledLogProb {
  const logSum = logSumExp(logits);
  const top: TokenLogProb[] = [];
  for (let other = 0; other < logits.length && count > 0; other++) {
    const logProb = logits[other]! - logSum;
    if (top.length === count && logProb <= top[count - 1]!.logProb) continue;
    const at = top.findIndex((present) => present.logProb < logProb);
    top.splice(at < 0 ? top.length : at, 0, { id: other, logProb });
    top.length = Math.min(top.length, count);
  }
  return { id, logProb: logits[id]! - logSum, top };
}

function logSumExp(logits: ArrayLike<number>): number {
  let highest = -Infinity;
  for (let i = 0; i < logits.length; i++) highest = Math.max(highest, logits[i]!);
  let sum = 0;
  for (let i = 0; i < logits.length; i++) sum += Math.exp(logits[i]! - highest);
  return highest + Math.log(sum);
}
