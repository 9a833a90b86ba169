import { z } from 'zod';
import { listOf, listQuery } from '../platform/lists.js';
import { approvalHow } from './bulk-jobs.js';
import { recordFilter, recordState } from './record-filter.js';
import { allowedUse, dataSet, language, turn } from '../vocabulary.js';

const recordFields = {
  id: z.uuid(),
  dataSet,
  department: z.string().nullable(),
  intent: z.string().nullable(),
  language,
  state: recordState,
  questionOnly: z.boolean(),
  flags: z.array(z.string()),
  allowedUse: z.array(allowedUse),
  synthetic: z.boolean(),
  source: z.object({ id: z.uuid(), name: z.string() }),
  turnCount: z.int(),
  characterCount: z.int(),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
};

export const recordSummary = z
  .object({
    ...recordFields,
    /** Beginning of the first patient turn, at most 120 characters. */
    question: z.string(),
    /** Beginning of the last doctor turn of today's text. */
    answer: z.string().nullable(),
    /** Whether today's text descends from the rehearsal model. */
    rehearsal: z.boolean(),
    versions: z.int(),
    /** Why it is held back; null where it is not. */
    hold: z.object({ reasonCode: z.string().nullable(), reason: z.string().nullable() }).nullable(),
  })
  .meta({ id: 'RecordSummary' });
export type RecordSummary = z.infer<typeof recordSummary>;

export const recordList = listOf(recordSummary).meta({ id: 'RecordList' });
export const recordQuery = listQuery({ sort: ['createdAt', 'updatedAt'] }).extend(recordFilter.shape);
export type RecordQuery = z.infer<typeof recordQuery>;

export const recordVersion = z
  .object({
    id: z.uuid(),
    parentId: z.uuid().nullable(),
    kind: z.enum(['import', 'mask', 'polish', 'distil', 'edit', 'adjudication']),
    /** Null after an erasure. */
    turns: z.array(turn).nullable(),
    rehearsal: z.boolean(),
    madeBy: z.object({ kind: z.string(), name: z.string() }),
    model: z.string().nullable(),
    createdAt: z.iso.datetime(),
  })
  .meta({ id: 'RecordVersion' });
export type RecordVersion = z.infer<typeof recordVersion>;

export const recordDetail = z
  .object({
    ...recordFields,
    groupId: z.string(),
    latestVersionId: z.uuid(),
    importVersionId: z.uuid(),
    approvedVersionId: z.uuid().nullable(),
    /** Oldest first; a tree by `parentId`. */
    versions: z.array(recordVersion),
    approvals: z.array(
      z.object({
        id: z.uuid(),
        versionId: z.uuid(),
        by: z.string(),
        how: approvalHow,
        /** The job that approved it with many others. */
        bulkJobId: z.uuid().nullable(),
        reason: z.string(),
        fromAt: z.iso.datetime(),
        untilAt: z.iso.datetime().nullable(),
      }),
    ),
    /** Every time it was held back, the newest first; the one in force has no end. */
    holds: z.array(
      z.object({
        id: z.uuid(),
        /** A person's decision, or a review that rejected the record. */
        kind: z.enum(['decided', 'rejected']),
        by: z.string().nullable(),
        reasonCode: z.string().nullable(),
        /** Null for holds of before reasons were kept, and after an erasure. */
        reason: z.string().nullable(),
        fromAt: z.iso.datetime(),
        untilAt: z.iso.datetime().nullable(),
        endedBy: z.string().nullable(),
        endedReason: z.string().nullable(),
      }),
    ),
    occurrences: z.array(
      z.object({
        source: z.string(),
        fileName: z.string(),
        line: z.int(),
        outsideId: z.string().nullable(),
        outcome: z.enum(['accepted', 'replaced', 'duplicate']),
        /** What the row said. */
        versionId: z.uuid(),
      }),
    ),
  })
  .meta({ id: 'RecordDetail' });
export type RecordDetail = z.infer<typeof recordDetail>;

/** Values there are, with counts, for the filters of a screen. */
export const recordFacets = z
  .object({
    dataSets: z.array(z.object({ value: dataSet, count: z.int() })),
    departments: z.array(z.object({ value: z.string().nullable(), count: z.int() })),
    states: z.array(z.object({ value: recordState, count: z.int() })),
  })
  .meta({ id: 'RecordFacets' });
export type RecordFacets = z.infer<typeof recordFacets>;

/** Puts a record aside with a reason, or takes it back into work. */
export const changeRecordState = z
  .object({ state: z.enum(['held_back', 'imported']), reason: z.string().trim().min(1).max(500) })
  .meta({ id: 'ChangeRecordState' });
export type ChangeRecordState = z.infer<typeof changeRecordState>;
