import { z } from 'zod';
import { listOf, listQuery } from '../platform/lists.js';
import { approvalHow } from '../corpus/bulk-jobs.js';
import { recordFilter } from '../corpus/record-filter.js';
import { downloadTicket } from '../platform/identity.js';
import { snapshotKind, snapshotManifest, split } from '../files/snapshot-files.js';

/** Shares of the groups that go to each split. */
const splitShares = z
  .object({ train: z.number().min(0).max(1), validation: z.number().min(0).max(1), test: z.number().min(0).max(1) })
  .refine(
    (shares) => Math.abs(shares.train + shares.validation + shares.test - 1) < 1e-9,
    'the three shares must sum to 1',
  )
  .default({ train: 0.8, validation: 0.1, test: 0.1 });

export const snapshotSelection = z
  .object({
    /** Which records; of these, the approved texts (sft), judged pairs (preference) or prompts. */
    filter: recordFilter.default({}),
    /** Text of the rehearsal model stays out unless asked for; the manifest then says so. */
    includeRehearsal: z.boolean().default(false),
    splits: splitShares,
    /** sft: only texts that people read, or only those that a rule let in; both where nothing is said. */
    how: approvalHow.optional(),
    /** preference: least difference of totals, in points, for a pair to count. */
    minMargin: z.number().min(0).max(100).default(0.5),
  })
  .meta({ id: 'SnapshotSelection' });
export type SnapshotSelection = z.infer<typeof snapshotSelection>;

/** A name that exists already gets the next version. */
export const createSnapshot = z
  .object({
    name: z
      .string()
      .trim()
      .regex(/^[a-z0-9][a-z0-9._-]{0,99}$/, 'lower-case letters, digits, dot, dash and underscore'),
    kind: snapshotKind.exclude(['evaluation']),
    selection: snapshotSelection.default(snapshotSelection.parse({})),
  })
  .meta({ id: 'CreateSnapshot' });
export type CreateSnapshot = z.infer<typeof createSnapshot>;

export const snapshotState = z.enum(['draft', 'freezing', 'frozen', 'released', 'withdrawn', 'failed']);
export type SnapshotState = z.infer<typeof snapshotState>;

export const snapshot = z
  .object({
    id: z.uuid(),
    name: z.string(),
    version: z.int(),
    kind: snapshotKind,
    state: snapshotState,
    selection: z.record(z.string(), z.unknown()),
    /** SHA-256 of manifest.json. */
    digest: z.string().nullable(),
    rows: z.int().nullable(),
    rehearsal: z.boolean().nullable(),
    total: z.int(),
    done: z.int(),
    failure: z.string().nullable(),
    createdAt: z.iso.datetime(),
    frozenAt: z.iso.datetime().nullable(),
  })
  .meta({ id: 'Snapshot' });
export type Snapshot = z.infer<typeof snapshot>;

export const snapshotDetail = snapshot
  .extend({ manifest: snapshotManifest.nullable(), successorId: z.uuid().nullable() })
  .meta({ id: 'SnapshotDetail' });
export type SnapshotDetail = z.infer<typeof snapshotDetail>;

export const snapshotList = listOf(snapshot).meta({ id: 'SnapshotList' });
export const snapshotQuery = listQuery({ sort: ['createdAt'] }).extend({
  kind: snapshotKind.optional(),
  state: snapshotState.optional(),
  name: z.string().max(100).optional(),
});
export type SnapshotQuery = z.infer<typeof snapshotQuery>;

/** Why something that the filter selects is not in a snapshot. The last four are also those of a manifest. */
export const previewReason = z.enum([
  'question_only',
  'not_approved',
  'approved_otherwise',
  'no_prompt',
  'no_judgement',
  'no_pair',
  'not_allowed_for_training',
  'rehearsal',
  'in_evaluation_exact',
  'in_evaluation_near',
]);
export type PreviewReason = z.infer<typeof previewReason>;

/** What freezing would take now, before it is ordered. Of a large selection a sample is looked at, and the rest reckoned. */
export const snapshotPreview = z
  .object({
    rows: z.int(),
    /** Records that the filter selects. */
    chosen: z.int(),
    /** Of these, what would not be taken, and why; of pairs and prompts each is counted that is not one. */
    leftOut: z.array(z.object({ reason: previewReason, count: z.int().positive() })),
    /** How many were looked at, of how many; null where all were, so that the figures are exact. */
    sample: z.object({ looked: z.int(), of: z.int() }).nullable(),
    split: z.record(split, z.int()),
    rehearsal: z.int(),
    /** Share of the largest group: above 1 % it is worth a look before splitting. */
    largestGroupShare: z.number(),
    /** Records that an earlier snapshot of the project had in another split. */
    movedRecords: z.int(),
  })
  .meta({ id: 'SnapshotPreview' });
export type SnapshotPreview = z.infer<typeof snapshotPreview>;

export const snapshotPreviewRequest = createSnapshot.omit({ name: true }).meta({ id: 'SnapshotPreviewRequest' });
export type SnapshotPreviewRequest = z.infer<typeof snapshotPreviewRequest>;

/** One thing that a freeze left out: a version, a pair of candidates or a prompt, and the record it belongs to. */
export const snapshotLeftOut = z
  .object({ id: z.string(), recordId: z.uuid().nullable() })
  .meta({ id: 'SnapshotLeftOut' });
export type SnapshotLeftOut = z.infer<typeof snapshotLeftOut>;
export const snapshotLeftOutList = listOf(snapshotLeftOut).meta({ id: 'SnapshotLeftOutList' });
export const snapshotLeftOutQuery = listQuery({ sort: ['id'], order: 'asc' }).extend({
  /** As in the manifest, e.g. `in_evaluation_near`. */
  reason: z.string().min(1).max(100),
});
export type SnapshotLeftOutQuery = z.infer<typeof snapshotLeftOutQuery>;

/** A file of the folder as it is, or its rows in another tool's format. */
export const snapshotFileRequest = z
  .object({ file: z.string().max(200).optional(), format: z.enum(['sharegpt']).optional(), split: split.optional() })
  .meta({ id: 'SnapshotFileRequest' });
export type SnapshotFileRequest = z.infer<typeof snapshotFileRequest>;

export const snapshotFileTicket = downloadTicket
  /** Rows that the asked-for format cannot say and that are therefore not in the file. */
  .extend({ unwritable: z.int() })
  .meta({ id: 'SnapshotFileTicket' });
export type SnapshotFileTicket = z.infer<typeof snapshotFileTicket>;
