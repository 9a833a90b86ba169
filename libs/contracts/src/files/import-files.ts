import { z } from 'zod';
import { plainTurn } from '../vocabulary.js';

/** How a file is cut into rows. `json` covers arrays and JSON Lines: the first non-blank character tells which. */
export const fileContainer = z.enum(['csv', 'json']);
export type FileContainer = z.infer<typeof fileContainer>;

/** How the turns of a dialogue stand in a row. */
export const rowLayout = z.enum(['qa_columns', 'alpaca', 'huatuo', 'sharegpt']);
export type RowLayout = z.infer<typeof rowLayout>;

export const fileEncoding = z.enum(['utf-8', 'gb18030', 'utf-16le']);
export type FileEncoding = z.infer<typeof fileEncoding>;

export const fileDelimiter = z.enum([',', '\t', ';', '|']);
export type FileDelimiter = z.infer<typeof fileDelimiter>;

/**
 * Which column (or field) holds what. `title`, `ask` and `answer` matter to the layout `qa_columns` alone;
 * `id` and `department` to all. Without `answer` every row becomes a question without a reply.
 */
export const columnMapping = z.object({
  title: z.string().optional(),
  ask: z.string().optional(),
  answer: z.string().optional(),
  department: z.string().optional(),
  id: z.string().optional(),
});
export type ColumnMapping = z.infer<typeof columnMapping>;

/** Everything needed to read a file the same way twice; proposed by detection, confirmed by a person, kept with the import. */
export const readPlan = z.object({
  container: fileContainer,
  layout: rowLayout,
  encoding: fileEncoding,
  delimiter: fileDelimiter.optional(),
  mapping: columnMapping,
});
export type ReadPlan = z.infer<typeof readPlan>;

/** A proposal read off the first bytes of a file. Cells of `sampleRows` are cut at 400 characters. */
export const layoutDetection = readPlan.extend({
  /** Column names of a CSV file; for JSON the keys met in the sample. */
  header: z.array(z.string()),
  sampleRows: z.array(z.array(z.string())),
});
export type LayoutDetection = z.infer<typeof layoutDetection>;

/** Why a row was not taken. Stable: stored, counted, shown and downloaded. `duplicate` and `withdrawn` are the corpus's own. */
export const rejectReason = z.enum([
  'bad_field',
  'bad_quoting',
  'empty_question',
  'missing_field',
  'no_speaker',
  'not_json',
  'not_an_object',
  'preference_pair',
  'second_shape',
  'too_long',
  'trailing_garbage',
  'truncated',
  'undecodable',
  'unknown_role',
  'withdrawn',
  'wrong_column_count',
]);
export type RejectReason = z.infer<typeof rejectReason>;

/** What was changed or noticed while a row's turns were brought into the common form. */
export const turnNote = z.enum([
  'answer_missing',
  'empty_turn_dropped',
  'starts_with_doctor',
  'trailing_turn_cut',
  'turns_merged',
]);
export type TurnNote = z.infer<typeof turnNote>;

/** One row of a file: every row read yields exactly one, so that read = accepted + duplicate + rejected. */
export const readRow = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('record'),
    /** Physical line, from 1, on which the row starts. */
    line: z.int().min(1),
    /** Row of the file, from 1, the header not counted. */
    rowNumber: z.int().min(1),
    outsideId: z.string().nullable(),
    department: z.string().nullable(),
    turns: z.array(plainTurn),
    /** No doctor turn: good for prompts, not for SFT. */
    questionOnly: z.boolean(),
    notes: z.array(turnNote),
  }),
  z.object({
    kind: z.literal('rejected'),
    line: z.int().min(1),
    rowNumber: z.int().min(1),
    reason: rejectReason,
    field: z.string().nullable(),
    /** One sentence for a person; never text of the row. */
    detail: z.string(),
    /** The row as it stood in the file, at most 4,000 characters. */
    raw: z.string(),
  }),
]);
export type ReadRow = z.infer<typeof readRow>;
