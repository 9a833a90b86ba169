import { z } from 'zod';
import { runConfig } from '../files/run-config.js';
import { runMethod, runResult } from '../files/run-files.js';
import { runPreset } from '../files/run-presets.js';
import { createRun, runInputRole, runState, trainedElsewhere } from './runs.js';

const when = z.iso.datetime({ offset: true });
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

/**
 * Names an input where ids are unhandy: `NAME@3` or `NAME@latest` (the newest frozen version) for a snapshot; for a model
 * its name, or `NAME@latest` for the newest model that a run of that name has made. An id does as well.
 */
export const inputReference = z.string().trim().min(1).max(150);

/** What to train each time, by names that may mean something newer each time. */
export const runTemplate = z.strictObject({
  method: runMethod,
  preset: runPreset.default('demo-cpu'),
  seed: createRun.shape.seed,
  config: createRun.shape.config,
  inputs: z.strictObject({
    data: inputReference,
    policy: inputReference.optional(),
    reward: inputReference.optional(),
    ptx: inputReference.optional(),
  }),
});
export type RunTemplate = z.infer<typeof runTemplate>;

/** A run whose trainer works elsewhere, with a token of its own. */
export const startOutsideRun = runTemplate
  .extend({
    name: createRun.shape.name,
    /** How long the token is good for; a run that has not ended by then has failed. */
    expiresInHours: z.int().min(1).max(720).default(72),
    /** Start although inputs and configuration are those of the last run of this name that succeeded. */
    evenIfNothingNew: z.boolean().default(false),
    /** For a model that another program has trained already: its inputs may have a base model the platform does not know. */
    trainedElsewhere: trainedElsewhere.optional(),
  })
  .meta({ id: 'StartOutsideRun' });
export type StartOutsideRun = z.infer<typeof startOutsideRun>;

export const runInputFile = z.object({ path: z.string(), bytes: z.int().min(0), sha256 });
export type RunInputFile = z.infer<typeof runInputFile>;

/** What a run reads, file by file, for its trainer elsewhere. */
export const runJob = z
  .object({
    id: z.uuid(),
    name: z.string(),
    state: runState,
    /** The attempt under way; metrics and files are sent in its name. */
    attempt: z.int().positive(),
    config: runConfig,
    inputs: z.array(
      z.object({
        role: runInputRole,
        kind: z.enum(['snapshot', 'model']),
        name: z.string(),
        /** Of a snapshot. */
        version: z.int().nullable(),
        digest: z.string(),
        files: z.array(runInputFile),
      }),
    ),
  })
  .meta({ id: 'RunJob' });
export type RunJob = z.infer<typeof runJob>;

export const startedOutsideRun = z
  .discriminatedUnion('outcome', [
    z.object({
      outcome: z.literal('started'),
      run: runJob,
      /** Shown once. */
      token: z.string(),
      expiresAt: when,
    }),
    /** Nothing new since the last run of this name that succeeded: none was made. */
    z.object({ outcome: z.literal('skipped'), lastRunId: z.uuid(), lastRunEndedAt: when.nullable() }),
  ])
  .meta({ id: 'StartedOutsideRun' });
export type StartedOutsideRun = z.infer<typeof startedOutsideRun>;

/** Where files of a run may lie: nothing above the run folder, nothing the platform writes there itself. */
export const artefactPath = z
  .string()
  .max(200)
  .regex(
    /^(?:config\.json|metrics\.jsonl|samples\.jsonl|log\.txt|(?:checkpoints\/step-\d{1,9}|model)\/(?:adapter\/|(?!adapter$))[A-Za-z0-9_][A-Za-z0-9_.-]*)$/,
    'a file of the run folder: config.json, metrics.jsonl, samples.jsonl, log.txt, checkpoints/step-N/… or model/…',
  );

/** The body is a stretch of the file from `offset` on, as application/octet-stream. */
export const artefactQuery = z.object({
  path: artefactPath,
  /** Of the whole file. */
  sha256,
  bytes: z.coerce
    .number()
    .int()
    .min(0)
    .max(2 ** 41),
  offset: z.coerce.number().int().min(0).default(0),
  attempt: z.coerce.number().int().positive(),
});
export type ArtefactQuery = z.infer<typeof artefactQuery>;

/** `received` counts the bytes that are there; the file is whole once it equals `bytes`. */
export const artefactReply = z
  .object({ path: z.string(), bytes: z.int(), received: z.int(), whole: z.boolean() })
  .meta({ id: 'ArtefactReply' });
export type ArtefactReply = z.infer<typeof artefactReply>;

export const runArtefacts = z
  .object({ items: z.array(z.object({ path: z.string(), bytes: z.int(), sha256, attempt: z.int() })) })
  .meta({ id: 'RunArtefacts' });
export type RunArtefacts = z.infer<typeof runArtefacts>;

/** `result.json` as the trainer wrote it; a run that stopped goes on and hands in nothing. */
export const handInResult = runResult.extend({ state: z.enum(['succeeded', 'failed']) }).meta({ id: 'HandInResult' });
export type HandInResult = z.infer<typeof handInResult>;

export const handedIn = z
  .object({ id: z.uuid(), state: runState, modelId: z.uuid().nullable(), modelName: z.string().nullable() })
  .meta({ id: 'HandedIn' });
export type HandedIn = z.infer<typeof handedIn>;
