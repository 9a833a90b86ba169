import { z } from 'zod';
import { role } from '../platform/access.js';
import { listOf, listQuery } from '../platform/lists.js';
import { bulkState } from '../corpus/bulk-jobs.js';
import { recordFilter } from '../corpus/record-filter.js';
import { factKind } from './facts.js';

/**
 * polish_review: accept, edit or reject a polish. reference: answer a prompt before seeing any model's reply.
 * ranking: order candidates blind. confirm_ranking: see the AI's order and confirm or correct it.
 * blind_pair: say which of two entrants' answers is better, without their names.
 * adjudication: decide where the answers of a polish review differ, or its annotator asks for a doctor.
 */
export const taskKind = z.enum([
  'polish_review',
  'reference',
  'ranking',
  'confirm_ranking',
  'blind_pair',
  'adjudication',
]);
export type TaskKind = z.infer<typeof taskKind>;

export const createTaskSet = z
  .object({
    name: z.string().trim().min(1).max(200),
    /** Blind pairs are made by their evaluation, adjudications by answers that differ. */
    kind: taskKind.exclude(['blind_pair', 'adjudication']),
    /** Records, or the records whose prompts are asked about. */
    filter: recordFilter.default({}),
    /** Answers wanted a task. */
    overlap: z.int().min(1).max(10).default(1),
    roles: z.array(role).min(1).default(['annotator']),
    /** Of the people who may work on it; empty: all. */
    departments: z.array(z.string().max(100)).max(50).default([]),
    deadline: z.iso.date().nullable().default(null),
    /** At most so many tasks; the rest of the filter's records stays for later sets. */
    limit: z.int().min(1).max(1_000_000).optional(),
  })
  .meta({ id: 'CreateTaskSet' });
export type CreateTaskSet = z.infer<typeof createTaskSet>;

export const updateTaskSet = z
  .object({
    name: z.string().trim().min(1).max(200),
    state: z.enum(['open', 'closed']),
    deadline: z.iso.date().nullable(),
    roles: z.array(role).min(1),
    departments: z.array(z.string().max(100)).max(50),
    /** Kinds of facts whose alarms are turned off. */
    quietKinds: z.array(factKind).max(factKind.options.length),
  })
  .partial()
  .meta({ id: 'UpdateTaskSet' });
export type UpdateTaskSet = z.infer<typeof updateTaskSet>;

export const taskSet = z
  .object({
    id: z.uuid(),
    name: z.string(),
    kind: taskKind,
    filter: z.record(z.string(), z.unknown()),
    overlap: z.int(),
    roles: z.array(role),
    departments: z.array(z.string()),
    deadline: z.iso.date().nullable(),
    state: z.enum(['open', 'closed']),
    createdAt: z.iso.datetime(),
    revision: z.int(),
    tasks: z.int(),
    /** Slots nobody has answered yet. */
    open: z.int(),
    /** Slots in somebody's hands now. */
    leased: z.int(),
    answered: z.int(),
    /** The evaluation that asks, for blind pairs. */
    evaluationId: z.uuid().nullable(),
    /** The rule whose sample or spot check it is. */
    ruleId: z.uuid().nullable(),
    /** The job that fills it; null once it has, or where none had to. */
    making: z.object({ jobId: z.uuid(), state: bulkState, done: z.int(), total: z.int().nullable() }).nullable(),
    /** Tasks whose answers differ or ask for a doctor. */
    toAdjudicate: z.int(),
    /** Kinds of facts whose alarms are turned off. */
    quietKinds: z.array(factKind),
  })
  .meta({ id: 'TaskSet' });
export type TaskSet = z.infer<typeof taskSet>;

export const taskSetList = listOf(taskSet).meta({ id: 'TaskSetList' });
export const taskSetQuery = listQuery({ sort: ['createdAt'] }).extend({
  kind: taskKind.optional(),
  state: z.enum(['open', 'closed']).optional(),
});
export type TaskSetQuery = z.infer<typeof taskSetQuery>;
