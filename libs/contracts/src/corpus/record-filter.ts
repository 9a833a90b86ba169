import { z } from 'zod';
import { allowedUse, dataSet, language } from '../vocabulary.js';

/** A query string names a list of one as a plain value. */
function oneOrMany<T extends z.ZodType>(schema: T) {
  return z.preprocess(
    (value) => (value === undefined || Array.isArray(value) ? value : [value]),
    z.array(schema).max(500).optional(),
  );
}

export const recordState = z.enum(['imported', 'in_work', 'approved', 'held_back', 'withdrawn']);
export type RecordState = z.infer<typeof recordState>;

/**
 * Which records: the same filter selects rows of a list, subjects of a model job, tasks of a task set, and items of a
 * snapshot. Fields are joined by "and", values of one field by "or".
 */
export const recordFilter = z.object({
  ids: oneOrMany(z.uuid()),
  dataSet: oneOrMany(dataSet),
  department: oneOrMany(z.string().max(100)),
  language: language.optional(),
  state: oneOrMany(recordState),
  sourceId: oneOrMany(z.uuid()),
  importId: z.uuid().optional(),
  /** Only records that may be used so. */
  allowedUse: allowedUse.optional(),
  questionOnly: z.stringbool().or(z.boolean()).optional(),
  /** Whether a polish exists. */
  polished: z.stringbool().or(z.boolean()).optional(),
  /** Whether today's text descends from the rehearsal model. */
  rehearsal: z.stringbool().or(z.boolean()).optional(),
  /** Words that today's text contains, to the letter: all of them, in any order; a phrase in quotation marks as one. */
  text: z.string().trim().min(1).max(100).optional(),
});
export type RecordFilter = z.infer<typeof recordFilter>;
