import { z } from 'zod';

/** What the guard watches in a reply: nothing of it may be lost, added or changed without somebody saying so. */
export const factKind = z.enum([
  'drug',
  'dose',
  'number',
  'frequency',
  'duration',
  'time',
  'side',
  'direction',
  'negation',
  'hedge',
  'commitment',
  'urgency',
]);
export type FactKind = z.infer<typeof factKind>;

export const factChange = z.enum(['lost', 'added', 'changed']);

/** A fact by the turn it stands in and the id the guard gives it, which holds no words. */
export const namedFact = z.object({ n: z.int().min(0), id: z.string().min(1).max(80) });
export type NamedFact = z.infer<typeof namedFact>;

/** A fact of an answer that came, went or became another against the original. */
export const answerFact = namedFact.extend({
  kind: factKind,
  change: factChange,
  /** The words in the original and in what was handed in; null after an erasure. */
  was: z.string().nullable(),
  is: z.string().nullable(),
  /** The drug that a dose belongs to. */
  of: z.string().nullable(),
  /** When its author said that it is right; null for kinds that nobody is asked about. */
  confirmedAt: z.iso.datetime().nullable(),
});
export type AnswerFact = z.infer<typeof answerFact>;

/** How often the guard's alarms of a kind were let stand, among the latest of a task set. */
export const kindOfAlarm = z.object({
  kind: factKind,
  raised: z.int(),
  /** Handed in as they stood: whoever looked at them found nothing wrong. */
  dismissed: z.int(),
  /** Turned off for this set: neither shown nor asked about. */
  off: z.boolean(),
  /** Dismissed so often that turning it off is offered. */
  offered: z.boolean(),
});
export type KindOfAlarm = z.infer<typeof kindOfAlarm>;
export const taskSetAlarms = z.object({ items: z.array(kindOfAlarm) }).meta({ id: 'TaskSetAlarms' });
export type TaskSetAlarms = z.infer<typeof taskSetAlarms>;
