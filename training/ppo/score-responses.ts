import type { EncodedPrompt, ScoreNormalisation } from '../interfaces.js';
import { scoreSequences } from '../model/last-token-score.js';
import type { Model } from '../model/model.js';

/** A response as a judge gets it; the end token, where there is one, is the last of its ids. */
export interface JudgedResponse {
  promptIds: Int32Array;
  /** The prompt as text, where it is known. */
  promptText?: string | undefined;
  responseIds: Int32Array;
  /** The doctor's or teacher's answer, where the snapshot has one. */
  reference: string | null;
}

/** Anything but a reward model that scores responses: a program over HTTP, a rule, a test. */
export interface ResponseJudge {
  /** One raw score a response, in order; higher is better. */
  score(responses: readonly JudgedResponse[]): Promise<number[]>;
  normalisation: ScoreNormalisation;
  /** Of the judge's and of the reward model's normalised score in their sum. */
  weight: number;
  rewardWeight: number;
}

export interface ScoreSources {
  /** Read at the last real token of prompt and response; `null` where a judge scores alone. */
  reward: Model | null;
  /** Of the reward model's raw scores. */
  normalisation: ScoreNormalisation;
  judge?: ResponseJudge | undefined;
}

export interface ResponseScores {
  /** What counts: the sum of both sources. */
  total: number[];
  /** Normalised, by source. */
  reward: number[] | null;
  judge: number[] | null;
}

/** Scores each response by the reward model, by the judge that sees the reference, or by both. */
export async function scoreResponses(
  { reward, normalisation, judge }: ScoreSources,
  prompts: readonly EncodedPrompt[],
  responses: readonly Int32Array[],
  rows: readonly Int32Array[],
): Promise<ResponseScores> {
  const byReward = reward ? normalised(scoreSequences(reward, rows), normalisation) : null;
  if (!judge) {
    if (!byReward) throw new Error('Neither a reward model nor a judge scores the responses.');
    return { total: byReward, reward: byReward, judge: null };
  }
  const raw = await judge.score(
    prompts.map(({ ids, text, reference }, i) => ({
      promptIds: ids,
      promptText: text,
      responseIds: responses[i]!,
      reference,
    })),
  );
  const byJudge = normalised(raw, judge.normalisation);
  const total = byJudge.map((score, i) => judge.weight * score + judge.rewardWeight * (byReward?.[i] ?? 0));
  return { total, reward: byReward, judge: byJudge };
}

function normalised(raw: readonly number[], { mean, sd }: ScoreNormalisation): number[] {
  return raw.map((score) => (score - mean) / sd);
}
