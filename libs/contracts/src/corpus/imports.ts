import { z } from 'zod';
import { chosenLayout, layoutDetection, readPlan, rejectReason, said } from '../files/import-files.js';
import { listOf, listQuery } from '../platform/lists.js';
import { dataSet } from '../vocabulary.js';

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

export const createImport = z
  .object({ uploadId: z.uuid(), sourceId: z.uuid(), dataSet, plan: readPlan })
  .meta({ id: 'CreateImport' });
export type CreateImport = z.infer<typeof createImport>;

export const importState = z.enum(['queued', 'running', 'done', 'failed', 'cancelled']);

export const importJob = z
  .object({
    id: z.uuid(),
    state: importState,
    dataSet,
    plan: readPlan,
    source: z.object({ id: z.uuid(), name: z.string() }),
    fileName: z.string(),
    bytes: z.int(),
    sha256: z.string(),
    read: z.int(),
    accepted: z.int(),
    duplicate: z.int(),
    rejected: z.int(),
    /** Rejected rows by reason. */
    reasons: z.record(z.string(), z.int()),
    /** Rows taken, by what was noticed or changed while they were read. */
    notes: z.record(z.string(), z.int()),
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

/** A row that was not taken as a new record: rejected with its reason, or a duplicate with the record it repeats. */
export const importRow = z
  .object({
    id: z.uuid(),
    outcome: z.enum(['rejected', 'duplicate']),
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
  })
  .meta({ id: 'ImportRow' });
export type ImportRow = z.infer<typeof importRow>;

export const importRowList = listOf(importRow).meta({ id: 'ImportRowList' });
export const importRowQuery = listQuery({ sort: ['rowNumber'], order: 'asc' }).extend({
  outcome: z.enum(['rejected', 'duplicate']).default('rejected'),
  reason: rejectReason.optional(),
});
export type ImportRowQuery = z.infer<typeof importRowQuery>;

export const importRowsFile = z
  .object({ outcome: z.enum(['rejected', 'duplicate']).default('rejected') })
  .meta({ id: 'ImportRowsFile' });
export type ImportRowsFile = z.infer<typeof importRowsFile>;
