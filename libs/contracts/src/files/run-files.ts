import { z } from 'zod';

export const runMethod = z.enum(['sft', 'reward', 'ppo', 'dpo']);
export type RunMethod = z.infer<typeof runMethod>;

/** One line of `metrics.jsonl` and one element of an upload. The key is (run, attempt, step, key). */
export const metricPoint = z.object({
  attempt: z.int().positive(),
  step: z.int32().min(0),
  /** e.g. `train/loss`, `eval/loss`, `reward/accuracy`, `ppo/score`, `ppo/kl`, `tokens_per_second`. */
  key: z.string().min(1).max(100),
  value: z.number(),
  /** When it was measured: ISO 8601, UTC. */
  time: z.iso.datetime(),
});
export type MetricPoint = z.infer<typeof metricPoint>;

/** Body of `POST …/runs/{id}/metrics`; sending the same batch twice changes nothing. */
export const metricBatch = z.object({ points: z.array(metricPoint).min(1).max(1000) });
export type MetricBatch = z.infer<typeof metricBatch>;

/** `result.json` of a run folder: written once, last. */
export const runResult = z.object({
  method: runMethod,
  attempt: z.int().positive(),
  state: z.enum(['succeeded', 'failed', 'stopped']),
  steps: z.int32().min(0),
  /** Path of the final model, relative to the run folder: its checkpoint, or `model` where it is stored in another type. */
  checkpoint: z.string().nullable(),
  /** SHA-256 over its `model.safetensors`. */
  weights_hash: z.string().nullable(),
  /** Final figures by metric key. */
  figures: z.record(z.string(), z.number()),
  /** Rows read of each input folder, by split; rows left out by reason. */
  inputs: z.array(
    z.object({
      role: z.string(),
      digest: z.string(),
      rows: z.record(z.string(), z.int().min(0)),
      left_out: z.record(z.string(), z.int().min(0)),
      /** Rows whose last reply ends at an earlier sentence, so that they fit. */
      cut: z.int().min(0).optional(),
    }),
  ),
  rehearsal: z.boolean(),
  cpu_seconds: z.number(),
  error: z.string().nullable(),
});
export type RunResult = z.infer<typeof runResult>;

/** One line of `samples.jsonl`: what the model says to a prompt at a step. */
export const runSample = z.object({
  attempt: z.int().positive(),
  step: z.int().min(0),
  prompt: z.string(),
  response: z.string(),
  score: z.number().nullable(),
});
export type RunSample = z.infer<typeof runSample>;
