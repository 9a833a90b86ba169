import { mean, standardDeviation } from '../maths/summary.js';

/** Iterations at both ends that the gain is measured between. */
const WINDOW = 10;

export interface ProgressState {
  /** Scores of single responses of the first iterations. */
  first: number[];
  /** Mean score and KL of the latest iterations. */
  last: { score: number; kl: number }[];
  iterations: number;
}

/** How far the score rose, in standard deviations of single responses at the start. */
export class PpoProgress {
  private readonly seen: ProgressState;

  constructor(restored: ProgressState = { first: [], last: [], iterations: 0 }) {
    this.seen = structuredClone(restored);
  }

  add(scores: readonly number[], kl: number): void {
    if (this.seen.iterations < WINDOW) this.seen.first.push(...scores);
    this.seen.iterations += 1;
    this.seen.last = [...this.seen.last, { score: mean(scores), kl }].slice(-WINDOW);
  }

  state(): ProgressState {
    return structuredClone(this.seen);
  }

  figures(): Record<string, number> {
    const first = mean(this.seen.first);
    const sd = standardDeviation(this.seen.first);
    const last = mean(this.seen.last.map((x) => x.score));
    return {
      'ppo/score_first': first,
      'ppo/score_last': last,
      'ppo/score_sd_first': sd,
      'ppo/score_gain_sd': sd === 0 ? 0 : (last - first) / sd,
      'ppo/kl_last': mean(this.seen.last.map((x) => x.kl)),
    };
  }

  line(): string {
    const f = this.figures();
    return (
      `Mean score ${f['ppo/score_first']!.toFixed(2)} → ${f['ppo/score_last']!.toFixed(2)}, ` +
      `${f['ppo/score_gain_sd']!.toFixed(2)} standard deviations, at ${f['ppo/kl_last']!.toFixed(2)} nats a response.`
    );
  }
}
