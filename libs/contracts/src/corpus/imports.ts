import { z } from 'zod';
import { chosenLayout, layoutDetection, readPlan, rejectReason, said } from '../files/import-files.js';
import { listOf, listQuery } from '../platform/lists.js';
import { dataSet } from '../vocabulary.js';
import { recordState } from './record-filter.js';

export const upload = z
  .object({
    id: z.uuid(),
    fileName: z.string(),
    bytes: z.int(),
    sha256: z.string(),
    createdAt: z.iso.datetime(),
    /** How the file seems to be laid out; null, with the reason, where nothing fits. */
    detection: layoutDetection.nullable(),
    problem: z.string().nullable(),
    /** The problem for readers of any language. */
    problemSaid: said.nullable(),
    /** An earlier import of the same bytes, so that nobody waits for a file that adds nothing. */
    importedBefore: z.uuid().nullable(),
  })
  .meta({ id: 'Upload' });
export type Upload = z.infer<typeof upload>;

/** What is said of a file as parts of an address; the rest of its layout is proposed. */
export const uploadView = chosenLayout.extend({ noHeader: z.stringbool().optional() });
export type UploadView = z.infer<typeof uploadView>;

/** The body of the upload is the file itself, streamed. */
export const uploadQuery = uploadView.extend({ fileName: z.string().trim().min(1).max(255) });
export type UploadQuery = z.infer<typeof uploadQuery>;

/**
 * What becomes of a row whose id the source is known to have said with other words. `refuse`: the row is rejected as
 * `id_known`. `keep_both`: it becomes a record of its own. `replace`: the record takes the new words; what was approved of
 * it is so no longer.
 */
export const knownIds = z.enum(['refuse', 'keep_both', 'replace']);
export type KnownIds = z.infer<typeof knownIds>;

export const createImport = z
  .object({
    uploadId: z.uuid(),
    sourceId: z.uuid(),
    dataSet,
    plan: readPlan,
    knownIds: knownIds.default('refuse'),
  })
  .meta({ id: 'CreateImport' });
export type CreateImport = z.infer<typeof createImport>;

/** What a file brings to an import: whole rows, or parts that are joined by their ids. */
export const importFileRole = z.enum(['rows', 'questions', 'answers', 'candidates']);
export type ImportFileRole = z.infer<typeof importFileRole>;

export const importState = z.enum(['queued', 'running', 'done', 'failed', 'cancelled', 'undoing', 'undone']);

/** Why a record stays though its import is taken back. */
export const keptReason = z.enum([
  'replaced_earlier',
  'said_elsewhere',
  'approved',
  'has_versions',
  'held_back',
  'made_into_others',
  'in_model_job',
  'in_task_set',
  'has_prompts',
  'in_snapshot',
]);
export type KeptReason = z.infer<typeof keptReason>;

export const importJob = z
  .object({
    id: z.uuid(),
    state: importState,
    dataSet,
    plan: readPlan,
    knownIds,
    source: z.object({ id: z.uuid(), name: z.string() }),
    /** What it reads: one file with whole rows, or several that are joined. */
    files: z.array(z.object({ role: importFileRole, fileName: z.string(), bytes: z.int(), sha256: z.string() })).min(1),
    read: z.int(),
    accepted: z.int(),
    replaced: z.int(),
    duplicate: z.int(),
    rejected: z.int(),
    /** Rejected rows by reason. */
    reasons: z.record(z.string(), z.int()),
    /** Rows taken, by what was noticed or changed while they were read. */
    notes: z.record(z.string(), z.int()),
    /** Of the replaced: records that were approved until then. */
    endedApprovals: z.int(),
    /** How far taking it back is, in rows that had made or named a record; null where nobody asked. */
    undo: z
      .object({
        askedBy: z.string().nullable(),
        done: z.int(),
        total: z.int(),
        withdrawn: z.int(),
        kept: z.int(),
        failure: z.string().nullable(),
        createdAt: z.iso.datetime({ offset: true }),
        endedAt: z.iso.datetime({ offset: true }).nullable(),
      })
      .nullable(),
    failure: z.string().nullable(),
    /** The failure for readers of any language, where it is one of the file. */
    failureSaid: said.nullable(),
    createdAt: z.iso.datetime(),
    startedAt: z.iso.datetime().nullable(),
    endedAt: z.iso.datetime().nullable(),
  })
  .meta({ id: 'Import' });
export type ImportJob = z.infer<typeof importJob>;

export const importList = listOf(importJob).meta({ id: 'ImportList' });
export const importQuery = listQuery({ sort: ['createdAt'] }).extend({
  sourceId: z.uuid().optional(),
  state: importState.optional(),
});
export type ImportQuery = z.infer<typeof importQuery>;

/** Rows that are listed: all but those that simply became a record. */
export const listedOutcome = z.enum(['rejected', 'replaced', 'duplicate']);
export type ListedOutcome = z.infer<typeof listedOutcome>;

/**
 * A row that was not taken as a new record: rejected with its reason, a duplicate with the record it repeats, or one that
 * replaced what its id said before, with the record that says it now.
 */
export const importRow = z
  .object({
    id: z.uuid(),
    outcome: listedOutcome,
    rowNumber: z.int(),
    line: z.int(),
    reason: rejectReason.nullable(),
    field: z.string().nullable(),
    detail: z.string(),
    /** The detail for readers of any language. */
    said: said.nullable(),
    raw: z.string().nullable(),
    recordId: z.uuid().nullable(),
    outsideId: z.string().nullable(),
    /** Whether the record was approved until this row replaced its words. */
    endedApproval: z.boolean(),
  })
  .meta({ id: 'ImportRow' });
export type ImportRow = z.infer<typeof importRow>;

export const importRowList = listOf(importRow).meta({ id: 'ImportRowList' });
export const importRowQuery = listQuery({ sort: ['rowNumber'], order: 'asc' }).extend({
  outcome: listedOutcome.default('rejected'),
  reason: rejectReason.optional(),
  /** Only rows that ended an approval. */
  endedApproval: z.stringbool().optional(),
});
export type ImportRowQuery = z.infer<typeof importRowQuery>;

export const importRowsFile = z.object({ outcome: listedOutcome.default('rejected') }).meta({ id: 'ImportRowsFile' });
export type ImportRowsFile = z.infer<typeof importRowsFile>;

/** A record that stayed when its import was taken back. */
export const keptRecord = z
  .object({ id: z.uuid(), reason: keptReason, question: z.string(), state: recordState })
  .meta({ id: 'KeptRecord' });
export type KeptRecord = z.infer<typeof keptRecord>;

export const keptRecordList = listOf(keptRecord).meta({ id: 'KeptRecordList' });
export const keptRecordQuery = listQuery({ sort: ['id'], order: 'asc' }).extend({ reason: keptReason.optional() });
export type KeptRecordQuery = z.infer<typeof keptRecordQuery>;
