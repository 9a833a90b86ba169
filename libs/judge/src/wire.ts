import { z } from 'zod';
import { spokenTurn } from '@qingnang/llm';

const score = z.int().min(1).max(10);

/** `turns` is the prompt, ending on the patient; `candidates` are replies to it. */
export const judgeScoreMaterial = z.object({
  turns: z.array(spokenTurn).min(1),
  reference: z.string().nullish(),
  candidates: z.array(z.object({ id: z.string(), text: z.string() })).min(1),
});
export const judgeScoreAnswer = z.object({
  /** What the doctor's answer is worth; null where none was shown. */
  reference: z
    .object({
      correct: z.boolean(),
      complete: z.boolean(),
      terse: z.boolean(),
      unsafe: z.boolean(),
      reason: z.string(),
    })
    .nullable(),
  scores: z.array(
    z.object({
      id: z.string(),
      correctness: score,
      richness: score,
      consistency: score,
      diagnosis: score,
      friendliness: score,
      /** With the reference; left out where none was shown. */
      agreement: score.optional(),
      reason: z.string(),
    }),
  ),
});

/** The same judge asked which of two is better; told apart from scoring by `a` and `b`. */
export const judgePairMaterial = z.object({
  turns: z.array(spokenTurn).min(1),
  reference: z.string().nullish(),
  a: z.string(),
  b: z.string(),
});
export const judgePairAnswer = z.object({ analysis: z.string(), verdict: z.enum(['A', 'B', 'tie']) });

export type JudgeScoreMaterial = z.infer<typeof judgeScoreMaterial>;
export type JudgeScoreAnswer = z.infer<typeof judgeScoreAnswer>;
export type JudgePairMaterial = z.infer<typeof judgePairMaterial>;
export type JudgePairAnswer = z.infer<typeof judgePairAnswer>;
