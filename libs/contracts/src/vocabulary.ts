import { z } from 'zod';

/** The four data sets of the reference system, and texts kept only to compare with. */
export const dataSet = z.enum([
  'distilled_instruction',
  'real_instruction',
  'distilled_conversation',
  'real_conversation',
  'reference_corpus',
]);
export type DataSet = z.infer<typeof dataSet>;

export const allowedUse = z.enum(['train', 'evaluate', 'reference', 'release']);
export type AllowedUse = z.infer<typeof allowedUse>;

export const language = z.enum(['zh', 'en']);
export type Language = z.infer<typeof language>;

export const turnRole = z.enum(['system', 'patient', 'doctor']);
export type TurnRole = z.infer<typeof turnRole>;

/** Who or what wrote a turn's words. `id` names the call, the person, the import or the parent version. */
export const madeBy = z.object({
  kind: z.enum(['import', 'mask', 'llm', 'person', 'parent']),
  id: z.string(),
});
export type MadeBy = z.infer<typeof madeBy>;

/**
 * One turn of a dialogue. `n` is its index in the import version and survives polishing, merging and editing.
 * `rehearsal` is true while the words descend from the built-in rehearsal model.
 */
export const turn = z.object({
  n: z.int().min(0),
  role: turnRole,
  text: z.string(),
  /** Where it is not who made the version. */
  made_by: madeBy.optional(),
  rehearsal: z.boolean().optional(),
});
export type Turn = z.infer<typeof turn>;

/** A turn as readers and exporters see it, without provenance. */
export const plainTurn = z.object({ role: turnRole, text: z.string() });
export type PlainTurn = z.infer<typeof plainTurn>;
