import { z } from 'zod';
import { listOf, listQuery } from '../platform/lists.js';
import { recordFilter, recordState } from './record-filter.js';

/**
 * hold_back: puts records aside. take_back_in: takes them back into work. hand_back: ends approvals, so that people can
 * work on the texts again. approve: by a rule whose evidence people have read. make_task_set: as its request says, where it
 * touches too much for a request.
 */
export const bulkKind = z.enum(['hold_back', 'take_back_in', 'hand_back', 'approve', 'make_task_set']);
export type BulkKind = z.infer<typeof bulkKind>;

export const bulkState = z.enum(['queued', 'running', 'done', 'failed', 'cancelled', 'undoing', 'undone']);
export type BulkState = z.infer<typeof bulkState>;

/** Whether people read the text that is approved, or a rule let it in. */
export const approvalHow = z.enum(['reviewed', 'by_rule']);
export type ApprovalHow = z.infer<typeof approvalHow>;

/** Up to so many rows a request may touch by itself; above it a job does it. */
export const MOST_AT_ONCE = 500;

/** Why a record was left as it is, or was not taken back with the rest. */
export const bulkReason = z.enum([
  'withdrawn',
  'held_back',
  'not_held_back',
  'not_approved',
  'approved',
  'in_review',
  'not_polished',
  'question_only',
  'erased',
  'newer_than_sample',
  'changed_meanwhile',
  'changed_since',
  'worked_on',
]);
export type BulkReason = z.infer<typeof bulkReason>;

/** Done to all records of a filter, or to those named. */
export const createBulkJob = z
  .object({
    kind: bulkKind.extract(['hold_back', 'take_back_in', 'hand_back']),
    filter: recordFilter,
    reason: z.string().trim().min(1).max(500),
    /** hand_back: only approvals that came about so. */
    how: approvalHow.optional(),
  })
  .meta({ id: 'CreateBulkJob' });
export type CreateBulkJob = z.infer<typeof createBulkJob>;

export const bulkJob = z
  .object({
    id: z.uuid(),
    kind: bulkKind,
    state: bulkState,
    filter: z.record(z.string(), z.unknown()),
    reason: z.string().nullable(),
    /** The task set it fills, or the rule it follows. */
    aboutId: z.uuid().nullable(),
    /** How many there are to look at; null until they have been counted. */
    total: z.int().nullable(),
    /** Looked at: done or left. */
    seen: z.int(),
    done: z.int(),
    left: z.int(),
    /** Taken back, and kept when the job was taken back. */
    undone: z.int(),
    kept: z.int(),
    reasons: z.object({
      left: z.partialRecord(bulkReason, z.int()),
      kept: z.partialRecord(bulkReason, z.int()),
    }),
    /** Whether what it did can be taken back. */
    canUndo: z.boolean(),
    failure: z.string().nullable(),
    createdBy: z.string().nullable(),
    createdAt: z.iso.datetime(),
    startedAt: z.iso.datetime().nullable(),
    endedAt: z.iso.datetime().nullable(),
  })
  .meta({ id: 'BulkJob' });
export type BulkJob = z.infer<typeof bulkJob>;

export const bulkJobList = listOf(bulkJob).meta({ id: 'BulkJobList' });
export const bulkJobQuery = listQuery({ sort: ['createdAt'] }).extend({
  kind: bulkKind.optional(),
  state: bulkState.optional(),
});
export type BulkJobQuery = z.infer<typeof bulkJobQuery>;

/** A record, and what the job did with it. */
export const bulkItem = z
  .object({
    id: z.uuid(),
    outcome: z.enum(['done', 'left', 'undone', 'kept']),
    reason: bulkReason.nullable(),
    question: z.string(),
    state: recordState,
  })
  .meta({ id: 'BulkItem' });
export type BulkItem = z.infer<typeof bulkItem>;

export const bulkItemList = listOf(bulkItem).meta({ id: 'BulkItemList' });
export const bulkItemQuery = listQuery({ sort: ['id'], order: 'asc' }).extend({
  outcome: bulkItem.shape.outcome.default('left'),
});
export type BulkItemQuery = z.infer<typeof bulkItemQuery>;
