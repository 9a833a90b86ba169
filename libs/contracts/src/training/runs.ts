import { z } from 'zod';
import { jsonObject } from '../llm/llm.js';
import { listOf, listQuery } from '../platform/lists.js';
import { runConfig, runRequest } from '../files/run-config.js';
import { runMethod, runSample } from '../files/run-files.js';
import { presetMethods, runPreset } from '../files/run-presets.js';

const when = z.iso.datetime({ offset: true });

export const runState = z.enum(['queued', 'starting', 'running', 'paused', 'succeeded', 'failed', 'cancelled', 'lost']);
export type RunState = z.infer<typeof runState>;

/** What a run may read, by role; a role is filled by one snapshot or one model. */
export const runInputRole = z.enum(['policy', 'reference', 'reward', 'value', 'data', 'ptx', 'validation']);
export type RunInputRole = z.infer<typeof runInputRole>;

/** Only what differs from the preset; method, preset and seed are fields of their own. */
export const runOverrides = runRequest.omit({ method: true, preset: true, seed: true });

export const createRun = z
  .object({
    name: z.string().trim().min(1).max(100),
    method: runMethod,
    preset: runPreset.default('demo-cpu'),
    seed: z
      .int()
      .min(0)
      .max(2 ** 31 - 1)
      .optional(),
    config: runOverrides.default({}),
    inputs: z.strictObject({
      /** Snapshot of the kind the method reads: sft; preference (reward and dpo); prompts (ppo). */
      data: z.uuid(),
      /** Model to start from; all but sft need one. */
      policy: z.uuid().optional(),
      /** Reward model that scores the responses of ppo. */
      reward: z.uuid().optional(),
      /** SFT snapshot mixed into ppo. */
      ptx: z.uuid().optional(),
    }),
  })
  .meta({ id: 'CreateRun' });
export type CreateRun = z.infer<typeof createRun>;

export const runInputView = z.object({
  role: runInputRole,
  snapshotId: z.uuid().nullable(),
  modelId: z.uuid().nullable(),
  /** Of the snapshot (with its version) or model. */
  name: z.string(),
  /** SHA-256 of manifest.json or of the weights, as it was when the run was made. */
  digest: z.string(),
});
export type RunInputView = z.infer<typeof runInputView>;

export const runAttemptView = z.object({
  n: z.int(),
  state: z.enum(['starting', 'running', 'stopped', 'succeeded', 'failed', 'lost']),
  launcher: z.string(),
  resumedFromStep: z.int().nullable(),
  exitCode: z.int().nullable(),
  heartbeatAt: when.nullable(),
  startedAt: when,
  endedAt: when.nullable(),
});
export type RunAttemptView = z.infer<typeof runAttemptView>;

export const runView = z
  .object({
    id: z.uuid(),
    name: z.string(),
    method: runMethod,
    preset: z.string(),
    seed: z.int(),
    /** `outside`: trained on another machine, which reports with the run's own token. */
    launcher: z.enum(['local', 'outside']),
    state: runState,
    /** What a person asked of it that has not happened yet. */
    wish: z.enum(['pause', 'cancel']).nullable(),
    failure: z.string().nullable(),
    /** Highest step that has reported, of `steps` in all; `null` while they are still counted from the epochs. */
    step: z.int(),
    steps: z.int().nullable(),
    attempts: z.int(),
    createdAt: when,
    startedAt: when.nullable(),
    endedAt: when.nullable(),
    revision: z.int(),
  })
  .meta({ id: 'Run' });
export type RunView = z.infer<typeof runView>;

/** What trained a model that was handed in, for people to read: another program's run has no configuration of ours. */
export const trainedElsewhere = z.strictObject({
  /** `TRL 0.25`, `LLaMA-Factory` … */
  trainer: z.string().trim().min(1).max(80),
  /** The base model by the name it goes by; null where it is one of the platform's, which stands among the inputs. */
  baseModel: z.string().trim().min(1).max(200).nullable().default(null),
});
export type TrainedElsewhere = z.infer<typeof trainedElsewhere>;

export const runDetail = runView
  .extend({
    config: runConfig,
    inputs: z.array(runInputView),
    attemptList: z.array(runAttemptView),
    checkpoints: z.array(
      z.object({ step: z.int(), attempt: z.int(), weightsHash: z.string(), bytes: z.number(), createdAt: when }),
    ),
    /** The final figures, once there are some. */
    figures: z.record(z.string(), z.number()),
    result: jsonObject.nullable(),
    modelId: z.uuid().nullable(),
    trainedElsewhere: trainedElsewhere.nullable(),
  })
  .meta({ id: 'RunDetail' });
export type RunDetail = z.infer<typeof runDetail>;

export const runList = listOf(runView).meta({ id: 'RunList' });
export const runQuery = listQuery({ sort: ['createdAt'] }).extend({
  method: runMethod.optional(),
  state: runState.optional(),
});
export type RunQuery = z.infer<typeof runQuery>;

export const runMetricsQuery = z.object({
  /** Comma-separated; all when left out. */
  keys: z.string().max(2000).optional(),
  /** Points a curve at most. */
  points: z.coerce.number().int().min(10).max(2000).default(400),
});
export type RunMetricsQuery = z.infer<typeof runMetricsQuery>;

/** Curves as they count: from an attempt's first step on, it replaces what earlier attempts said. */
export const runMetrics = z
  .object({
    keys: z.array(z.string()),
    series: z.array(z.object({ key: z.string(), points: z.array(z.tuple([z.number(), z.number()])) })),
  })
  .meta({ id: 'RunMetrics' });
export type RunMetrics = z.infer<typeof runMetrics>;

/** How many points of a batch were new. */
export const metricsReply = z.object({ received: z.int(), stored: z.int() }).meta({ id: 'MetricsReply' });
export type MetricsReply = z.infer<typeof metricsReply>;

export const runLogQuery = z.object({ lines: z.coerce.number().int().min(1).max(1000).default(200) });
export const runLog = z.object({ lines: z.array(z.string()) }).meta({ id: 'RunLog' });
export type RunLog = z.infer<typeof runLog>;

export const runSamplesQuery = z.object({ limit: z.coerce.number().int().min(1).max(200).default(40) });
/** Newest first. */
export const runSamples = z.object({ items: z.array(runSample), rehearsal: z.boolean() }).meta({ id: 'RunSamples' });
export type RunSamples = z.infer<typeof runSamples>;

export const runPresetQuery = z
  .object({ method: runMethod, preset: runPreset.default('demo-cpu') })
  .refine(({ method, preset }) => presetMethods(preset).includes(method), {
    path: ['preset'],
    message: 'is not for this method',
  });
