import { z } from 'zod';
import { pairEvidence } from '../preference/judgements.js';
import { allowedUse, dataSet, language } from '../vocabulary.js';

/**
 * Raised when a reader of the older form must be kept beside the new one. Form 1 listed in the manifest itself the ids of
 * what was left out; from form 2 on they lie in files beside it.
 */
export const SNAPSHOT_SCHEMA_VERSION = 2;

export const snapshotKind = z.enum(['sft', 'preference', 'prompts', 'evaluation']);
export type SnapshotKind = z.infer<typeof snapshotKind>;

export const split = z.enum(['train', 'validation', 'test']);
export type Split = z.infer<typeof split>;

export const chatMessage = z.object({ role: z.enum(['system', 'user', 'assistant']), content: z.string() });
export type ChatMessage = z.infer<typeof chatMessage>;

/** Where a row came from; travels on every row of every kind. */
const origin = {
  record_id: z.string(),
  group_id: z.string(),
  data_set: dataSet,
  department: z.string().nullable(),
  language,
  source: z.string(),
  licence: z.string(),
  /** Model that wrote the text, `null` for people's own words. */
  model: z.string().nullable(),
  prompt_version: z.string().nullable(),
  rehearsal: z.boolean(),
  weight: z.number().positive(),
};

export const sftRow = z.object({ id: z.string(), ...origin, messages: z.array(chatMessage).min(2) });
export type SftRow = z.infer<typeof sftRow>;

/** `prompt` ends on a user message; `chosen` and `rejected` are the two replies to it. */
export const preferenceRow = z.object({
  id: z.string(),
  ...origin,
  prompt_id: z.string(),
  prompt: z.array(chatMessage).min(1),
  chosen: z.string(),
  rejected: z.string(),
  /** Difference of the judged totals, in points of the rubric; `null` where only an order is known. */
  margin: z.number().nullable(),
  /** Pairs of one prompt share it; ranked lists are rebuilt from it. */
  rank_group: z.string(),
  reference: z.string().nullable(),
  evidence: pairEvidence,
});
export type PreferenceRow = z.infer<typeof preferenceRow>;

export const promptRow = z.object({
  id: z.string(),
  ...origin,
  prompt_id: z.string(),
  prompt: z.array(chatMessage).min(1),
  reference: z.string().nullable(),
});
export type PromptRow = z.infer<typeof promptRow>;

export const evaluationRow = z.object({
  id: z.string(),
  ...origin,
  prompt: z.array(chatMessage).min(1),
  reference: z.string().nullable(),
});
export type EvaluationRow = z.infer<typeof evaluationRow>;

/** What was left out for one reason. Its ids stand one a line, in their order, in a plain file; all lines are as long. */
const leftOutFile = z.object({
  reason: z.string(),
  count: z.int().positive(),
  path: z.string(),
  sha256: z.string(),
});
const leftOutIds = z.object({ reason: z.string(), count: z.int().positive(), ids: z.array(z.string()) });

const share = {
  read: z.int(),
  faults: z.int(),
  rate: z.number().nullable(),
  low: z.number().nullable(),
  high: z.number().nullable(),
  at_most: z.number().nullable(),
};
const shares = z.array(z.object({ value: z.string().nullable(), ...share }));

/** What let rows in that nobody read one by one, with what people found in a sample of their like. */
const approvalByRule = z.object({
  rule: z.string(),
  rows: z.int().positive(),
  /** Of a rule whose evidence was read; null for one without. */
  approval_rule: z
    .object({
      id: z.string(),
      /** Spot checks, or a person, have stopped it since. */
      stopped: z.boolean(),
      bar: z.number(),
      confidence: z.number(),
      seed: z.int(),
      population: z.int(),
      drawn: z.int(),
      /** The share of faults: exact two-sided limits, and the one-sided one that the bar was held against. */
      ...share,
      data_set: shares,
      source: shares,
      prompt_version: shares,
    })
    .nullable(),
});

const counts = z.record(z.string(), z.int().min(0));

/**
 * `manifest.json` of a snapshot folder. Holds no name, number or time of day: the same selection
 * gives the same bytes, whatever it is called. */
export const snapshotManifest = z.object({
  schema_version: z.union([z.literal(1), z.literal(SNAPSHOT_SCHEMA_VERSION)]),
  kind: snapshotKind,
  selection: z.record(z.string(), z.unknown()),
  counts: z.object({
    rows: z.int().min(0),
    split: counts,
    data_set: counts,
    department: counts,
    source: counts,
    licence: counts,
  }),
  files: z.array(
    z.object({
      path: z.string(),
      split,
      rows: z.int().min(0),
      /** Of the file's own bytes (gzip). */
      sha256: z.string(),
      /** Of the JSONL inside, which outlives any change of compressor. */
      content_sha256: z.string(),
    }),
  ),
  allowed_use: z.array(allowedUse),
  rehearsal: z.boolean(),
  /** sft: how its texts were approved. Not in manifests of before there was a choice. */
  approvals: z.object({ reviewed: z.int(), by_rule: z.int(), rules: z.array(approvalByRule) }).optional(),
  left_out: z.array(z.union([leftOutFile, leftOutIds])),
});
export type SnapshotManifest = z.infer<typeof snapshotManifest>;
