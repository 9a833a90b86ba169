import { z } from 'zod';

/**
 * How PPO asks a judge over HTTP that sees the reference answer. Its address and token are given on the command line
 * (`--judge`, `--judge-token-file`): they belong to a machine, not to a run.
 */
export const judgeFields = z.strictObject({
  /** `score`: our own small form, `{prompt, response, reference}` → `{score}`; `openai`: a chat completion whose `"score"`, else last number, counts. */
  protocol: z.enum(['score', 'openai']),
  /** Name of the model, for `openai`. */
  model: z.string().min(1).max(200).nullable(),
  /** System message for `openai`; `null` = the trainer's own, which asks for 0 to 10. */
  instructions: z.string().min(1).max(8000).nullable(),
  /** The judge's score becomes (score − mean)/sd … */
  mean: z.number(),
  sd: z.number().positive(),
  /** … times this, added to the reward model's normalised score times `reward_weight`. */
  weight: z.number().positive(),
  /** Without a reward model it is not used. */
  reward_weight: z.number().min(0),
  timeout_seconds: z.number().positive().max(3600),
  /** Tries for one response; after the last the run fails and can be resumed. */
  attempts: z.int().min(1).max(20),
  /** Requests under way at once. */
  concurrency: z.int().min(1).max(256),
});

/** What is left out of a `judge` section. */
export const judgeConfig = judgeFields.extend({
  protocol: judgeFields.shape.protocol.default('score'),
  model: judgeFields.shape.model.default(null),
  instructions: judgeFields.shape.instructions.default(null),
  mean: judgeFields.shape.mean.default(0),
  sd: judgeFields.shape.sd.default(1),
  weight: judgeFields.shape.weight.default(1),
  reward_weight: judgeFields.shape.reward_weight.default(1),
  timeout_seconds: judgeFields.shape.timeout_seconds.default(60),
  attempts: judgeFields.shape.attempts.default(4),
  concurrency: judgeFields.shape.concurrency.default(8),
});
export type JudgeConfig = z.infer<typeof judgeConfig>;
