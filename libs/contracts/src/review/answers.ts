import { z } from 'zod';
import { listOf, listQuery } from '../platform/lists.js';
import { answerFact } from './facts.js';
import { taskKind } from './task-sets.js';
import { answerVerdict } from './work.js';

/** What somebody answered, said and asked, for those who lead the work. */
export const answerRow = z
  .object({
    id: z.uuid(),
    taskId: z.uuid(),
    taskSetId: z.uuid(),
    taskSetName: z.string(),
    kind: taskKind,
    recordId: z.uuid().nullable(),
    /** Beginning of the patient's question. */
    question: z.string(),
    person: z.object({ id: z.uuid(), name: z.string() }),
    round: z.int(),
    verdict: answerVerdict,
    reasonCode: z.string().nullable(),
    comment: z.string().nullable(),
    /** The words handed in; null for a verdict without a text. */
    versionId: z.uuid().nullable(),
    /** What its author confirmed, and what else was let stand. */
    facts: z.array(answerFact),
    /** The texts were too long to compare in time: nobody was asked about their facts. */
    notCompared: z.boolean(),
    seconds: z.int(),
    createdAt: z.iso.datetime(),
    undone: z.boolean(),
    taskState: z.enum(['open', 'answered', 'agreed', 'to_adjudicate', 'decided']),
  })
  .meta({ id: 'AnswerRow' });
export type AnswerRow = z.infer<typeof answerRow>;

export const answerList = listOf(answerRow).meta({ id: 'AnswerList' });
export const answerQuery = listQuery({ sort: ['createdAt'] }).extend({
  taskSetId: z.uuid().optional(),
  recordId: z.uuid().optional(),
  personId: z.uuid().optional(),
  verdict: answerVerdict.optional(),
  /** words: a comment, a reason or a question was written. facts: a drug, dose, negation or urgency was confirmed. */
  with: z.enum(['words', 'facts']).optional(),
});
export type AnswerQuery = z.infer<typeof answerQuery>;

/** What one person did in a set, and what still waits for them. */
export const personProgress = z.object({
  id: z.uuid(),
  name: z.string(),
  answered: z.int(),
  waiting: z.int(),
  verdicts: z.partialRecord(answerVerdict, z.int()),
  /** Answers with a fact that was confirmed. */
  confirmed: z.int(),
  lastAt: z.iso.datetime().nullable(),
});
export type PersonProgress = z.infer<typeof personProgress>;
export const taskSetPeople = z.object({ items: z.array(personProgress) }).meta({ id: 'TaskSetPeople' });
export type TaskSetPeople = z.infer<typeof taskSetPeople>;
