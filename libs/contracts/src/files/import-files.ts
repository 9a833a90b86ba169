import { z } from 'zod';
import { plainTurn } from '../vocabulary.js';
import { importSentencesEn, type ImportSentence } from './import-sentences.js';

/** How a file is cut into rows. `json` covers arrays and JSON Lines: the first non-blank character tells which. */
export const fileContainer = z.enum(['csv', 'json']);
export type FileContainer = z.infer<typeof fileContainer>;

/** How the turns of a dialogue stand in a row. */
export const rowLayout = z.enum(['qa_columns', 'alpaca', 'huatuo', 'sharegpt']);
export type RowLayout = z.infer<typeof rowLayout>;

export const fileEncoding = z.enum(['utf-8', 'gb18030', 'utf-16le', 'utf-16be']);
export type FileEncoding = z.infer<typeof fileEncoding>;

export const fileDelimiter = z.enum([',', '\t', ';', '|']);
export type FileDelimiter = z.infer<typeof fileDelimiter>;

/**
 * Which column (or field) holds what. `title` and `ask` matter to the layout `qa_columns` alone; `id` and `department` to
 * all. Without `answer` every row of `qa_columns` becomes a question without a reply; elsewhere it names the field that
 * holds the doctor's last words, as the better answer of a preference pair does.
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
  /** The first line of a table is data, no names; its columns are then `column_1`, `column_2` and so on. */
  noHeader: z.boolean().optional(),
  mapping: columnMapping,
});
export type ReadPlan = z.infer<typeof readPlan>;

/** What a person says of a file before it is looked at again; the rest is proposed anew. */
export const chosenLayout = readPlan
  .pick({ container: true, layout: true, encoding: true, delimiter: true, noHeader: true })
  .partial();
export type ChosenLayout = z.infer<typeof chosenLayout>;

/** What an import will make of the first rows of a file: what it refuses and why, what it changes or notices. */
export const importOutlook = z.object({
  read: z.int(),
  accepted: z.int(),
  questionOnly: z.int(),
  reasons: z.record(z.string(), z.int()),
  notes: z.record(z.string(), z.int()),
});
export type ImportOutlook = z.infer<typeof importOutlook>;

/** A proposal read off the first bytes of a file. Cells of `sampleRows` are cut at 400 characters. */
export const layoutDetection = readPlan.extend({
  /** Column names of a CSV file; for JSON the keys met in the sample. */
  header: z.array(z.string()),
  sampleRows: z.array(z.array(z.string())),
  /** Columns named like an id that may count the rows of their file, and so are not proposed as one. */
  rowCounters: z.array(z.string()).optional(),
  /** Rows of the whole file, estimated unless `exact`. */
  rows: z.object({ count: z.int(), exact: z.boolean() }).optional(),
  /** Absent while it is not said which column holds the question. */
  outlook: importOutlook.optional(),
});
export type LayoutDetection = z.infer<typeof layoutDetection>;

/** Why a row was not taken. Stable: stored, counted, shown and downloaded. `duplicate` and `withdrawn` are the corpus's own. */
export const rejectReason = z.enum([
  'bad_field',
  'bad_quoting',
  'empty_question',
  'id_ambiguous',
  'id_known',
  'missing_field',
  'no_speaker',
  'not_json',
  'not_an_object',
  'preference_pair',
  'repeated_header',
  'second_shape',
  'speakers_unclear',
  'too_deep',
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
  'private_use_kept',
  'speakers_split',
  'starts_with_doctor',
  'trailing_turn_cut',
  'turns_merged',
]);
export type TurnNote = z.infer<typeof turnNote>;

/** A sentence for a person by its name, with what stands in its places; never words of a row. */
export const said = z.object({
  say: z.enum(Object.keys(importSentencesEn) as [ImportSentence, ...ImportSentence[]]),
  facts: z.record(z.string(), z.union([z.string(), z.number()])),
});
export type Said = z.infer<typeof said>;

/** One row of a file: every row read yields exactly one, so that read = accepted + replaced + duplicate + rejected. */
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
    /** One sentence for a person, in English; never text of the row. */
    detail: z.string(),
    /** The same sentence for readers of any language; older rows and those the corpus refuses have none. */
    said: said.optional(),
    /** The row as it stood in the file, at most 4,000 characters. */
    raw: z.string(),
  }),
]);
export type ReadRow = z.infer<typeof readRow>;
