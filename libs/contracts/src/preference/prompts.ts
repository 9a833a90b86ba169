import { z } from 'zod';
import { listOf, listQuery } from '../platform/lists.js';
import { recordFilter } from '../corpus/record-filter.js';
import { dataSet, language, turn } from '../vocabulary.js';

/** Which patient turns become prompts: the opening question, the last one, or each of them. */
export const promptTurns = z.enum(['first', 'last', 'all']);
export type PromptTurns = z.infer<typeof promptTurns>;

export const makePrompts = z
  .object({
    filter: recordFilter.default({}),
    turns: promptTurns.default('all'),
    /** Keep what the record's own doctor said next as the reference of the prompt, until a doctor writes a better one. */
    originalReplies: z.boolean().default(false),
    limit: z.int().min(1).max(1_000_000).optional(),
  })
  .meta({ id: 'MakePrompts' });
export type MakePrompts = z.infer<typeof makePrompts>;

export const madePrompts = z
  .object({
    made: z.int(),
    /** Original replies kept as references. */
    references: z.int(),
  })
  .meta({ id: 'MadePrompts' });
export type MadePrompts = z.infer<typeof madePrompts>;

const flag = z.stringbool().or(z.boolean()).optional();

/** Which prompts: those of the records that the record filter selects, narrowed by what they hold. */
export const promptFilter = recordFilter.extend({
  promptIds: z.preprocess(
    (value) => (value === undefined || Array.isArray(value) ? value : [value]),
    z.array(z.uuid()).max(1000).optional(),
  ),
  /** Whether something was said before the question. */
  multiTurn: flag,
  hasReference: flag,
  hasCandidates: flag,
  /** Whether an AI judge has scored candidates. */
  judged: flag,
  /** Whether a doctor or lay person has ranked candidates. */
  ranked: flag,
});
export type PromptFilter = z.infer<typeof promptFilter>;

const promptFields = {
  id: z.uuid(),
  recordId: z.uuid(),
  versionId: z.uuid(),
  /** The patient turn that is to be answered. */
  turnN: z.int(),
  dataSet,
  department: z.string().nullable(),
  language,
  synthetic: z.boolean(),
  /** Whether words of the dialogue descend from the rehearsal model. */
  rehearsal: z.boolean(),
  createdAt: z.iso.datetime(),
};

export const promptSummary = z
  .object({
    ...promptFields,
    /** Beginning of the patient turn, at most 120 characters. */
    question: z.string(),
    /** Turns up to and with the question. */
    turnCount: z.int(),
    references: z.int(),
    candidates: z.int(),
    judgements: z.int(),
  })
  .meta({ id: 'PromptSummary' });
export type PromptSummary = z.infer<typeof promptSummary>;

export const promptList = listOf(promptSummary).meta({ id: 'PromptList' });
export const promptQuery = listQuery({ sort: ['createdAt'] }).extend(promptFilter.shape);
export type PromptQuery = z.infer<typeof promptQuery>;

export const referenceKind = z.enum(['answer', 'ask_first', 'cannot_answer']);
export type ReferenceKind = z.infer<typeof referenceKind>;

/**
 * What an AI judge thought of a reference: the worst that it found. `terse`: right, and too short to be held up as an
 * example.
 */
export const referenceGrade = z.enum(['complete', 'incomplete', 'terse', 'wrong', 'unsafe']);
export type ReferenceGrade = z.infer<typeof referenceGrade>;

export const referenceView = z
  .object({
    id: z.uuid(),
    promptId: z.uuid(),
    /** Null for the record's own doctor, who has no account here. */
    doctor: z.object({ id: z.uuid(), name: z.string() }).nullable(),
    revision: z.int(),
    kind: referenceKind,
    /** Null after an erasure, or where nothing can be answered. */
    text: z.string().nullable(),
    afterExposure: z.boolean(),
    rehearsal: z.boolean(),
    synthetic: z.boolean(),
    /** By the newest AI judgement that graded it; null before one has. */
    grade: referenceGrade.nullable(),
    createdAt: z.iso.datetime(),
  })
  .meta({ id: 'Reference' });
export type ReferenceView = z.infer<typeof referenceView>;

/** A row of the list of references: with the question it answers. */
export const referenceSummary = referenceView.extend({ question: z.string() }).meta({ id: 'ReferenceSummary' });
export type ReferenceSummary = z.infer<typeof referenceSummary>;
export const referenceList = listOf(referenceSummary).meta({ id: 'ReferenceList' });
export const referenceQuery = listQuery({ sort: ['createdAt'] }).extend({
  promptId: z.uuid().optional(),
  kind: referenceKind.optional(),
  grade: referenceGrade.optional(),
});
export type ReferenceQuery = z.infer<typeof referenceQuery>;

/** The dialogue of a prompt, with provenance. */
export const promptDialogue = z.array(turn);
export const promptHead = z.object({ ...promptFields, turns: promptDialogue });
