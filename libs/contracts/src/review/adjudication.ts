import { z } from 'zod';
import { listOf, listQuery } from '../platform/lists.js';
import { language, turn, turnRole } from '../vocabulary.js';
import { answerRow } from './answers.js';
import { factKind, namedFact } from './facts.js';
import { answerVerdict, claimNext, fate, fencingToken, heldSlot, polishRejectReason } from './work.js';

/** Who decides: those who lead the work, or a doctor whom they asked. */
export const adjudicationDesk = z.enum(['lead', 'doctor']);
export type AdjudicationDesk = z.infer<typeof adjudicationDesk>;

/**
 * chosen: one of the answers stands. written: the adjudicator's own words do. rejected: the record is put aside.
 * returned: whoever answered does it again. handed_on: the other desk decides.
 */
export const adjudicationOutcome = z.enum(['chosen', 'written', 'rejected', 'returned', 'handed_on']);
export type AdjudicationOutcome = z.infer<typeof adjudicationOutcome>;

const person = z.object({ id: z.uuid(), name: z.string() });

/** waiting: somebody has to decide. returned: an annotator does it again. decided: nothing is left to do. */
export const adjudicationState = z.enum(['waiting', 'returned', 'decided']);

/** One task whose answers differ, or whose annotator asks for a doctor. */
export const adjudicationRow = z
  .object({
    /** Of the task decided. */
    id: z.uuid(),
    recordId: z.uuid(),
    taskSetId: z.uuid(),
    taskSetName: z.string(),
    question: z.string(),
    why: z.enum(['question', 'disagreement']),
    state: adjudicationState,
    desk: adjudicationDesk,
    /** The queue it lies in, for the desk. */
    deskTaskSetId: z.uuid(),
    /** Whoever has it in hand, or whom it was handed to. */
    holder: person.nullable(),
    answers: z.array(
      z.object({ person, verdict: answerVerdict, reasonCode: z.string().nullable(), comment: z.string().nullable() }),
    ),
    updatedAt: z.iso.datetime(),
  })
  .meta({ id: 'AdjudicationRow' });
export type AdjudicationRow = z.infer<typeof adjudicationRow>;
export const adjudicationList = listOf(adjudicationRow).meta({ id: 'AdjudicationList' });
export const adjudicationQuery = listQuery({ sort: ['updatedAt'] }).extend({
  state: adjudicationState.optional(),
  desk: adjudicationDesk.optional(),
  taskSetId: z.uuid().optional(),
});
export type AdjudicationQuery = z.infer<typeof adjudicationQuery>;

/** An answer with its words: the doctor's turns as it leaves them. */
export const weighedAnswer = answerRow
  .pick({
    id: true,
    person: true,
    kind: true,
    round: true,
    verdict: true,
    reasonCode: true,
    comment: true,
    versionId: true,
    facts: true,
    notCompared: true,
    createdAt: true,
    undone: true,
  })
  .extend({ turns: z.array(z.object({ n: z.int(), text: z.string() })).nullable() });
export type WeighedAnswer = z.infer<typeof weighedAnswer>;

/** What was written between those who answer and those who decide. */
export const adjudicationNote = z.object({
  id: z.uuid(),
  by: person,
  outcome: adjudicationOutcome,
  body: z.string().nullable(),
  createdAt: z.iso.datetime(),
});
export type AdjudicationNote = z.infer<typeof adjudicationNote>;

/** Everything about one such task, side by side. */
export const adjudicationView = adjudicationRow
  .extend({
    record: z.object({ id: z.uuid(), department: z.string().nullable(), language, synthetic: z.boolean() }),
    turns: z.array(z.object({ n: z.int(), role: turnRole, original: z.string().nullable(), suggestion: turn })),
    /** What the turns' suggestions are of: the words first shown to an annotator. */
    shownVersionId: z.uuid(),
    answers: z.array(weighedAnswer),
    notes: z.array(adjudicationNote),
  })
  .meta({ id: 'AdjudicationView' });
export type AdjudicationView = z.infer<typeof adjudicationView>;

export const adjudicationTask = adjudicationView
  .extend({
    slot: heldSlot,
    quietKinds: z.array(factKind),
    confirmed: z.array(namedFact),
    /** Whom it can be handed to. */
    doctors: z.array(person),
  })
  .meta({ id: 'AdjudicationTask' });
export type AdjudicationTask = z.infer<typeof adjudicationTask>;

export const submitAdjudication = z
  .object({
    fencingToken,
    verdict: z.enum(['decide', 'reject', 'return', 'hand_on']),
    /** The words gone on from: an answer's version, or the one shown. */
    baseVersionId: z.uuid(),
    /** Of a decision: the doctor's turns that differ from the base. None: the base stands as it is. */
    turns: z
      .array(z.object({ n: z.int().min(0), text: z.string().trim().min(1).max(20_000) }))
      .max(200)
      .default([]),
    reasonCode: polishRejectReason.optional(),
    /** Of a return: whose answers; all of them where none are named. */
    answerIds: z.array(z.uuid()).max(10).default([]),
    /** Of handing on to the doctors: whom; any of them where nobody is named. */
    doctorId: z.uuid().nullable().default(null),
    /** To those who answered or asked; of handing on, to whoever decides. */
    comment: z.string().trim().max(2000).default(''),
    confirmed: z.array(namedFact).max(1000).default([]),
    seconds: z.int().min(0).max(86_400),
    claimNext,
  })
  .meta({ id: 'SubmitAdjudication' });
export type SubmitAdjudication = z.infer<typeof submitAdjudication>;

export const submitAdjudicationReply = z
  .object({ answerId: z.uuid(), outcome: adjudicationOutcome, fate, next: adjudicationTask.nullable() })
  .meta({ id: 'SubmitAdjudicationReply' });
export type SubmitAdjudicationReply = z.infer<typeof submitAdjudicationReply>;

/** What an adjudicator wrote back about one's own answer. */
export const workReply = z
  .object({
    id: z.uuid(),
    answerId: z.uuid(),
    taskSetName: z.string(),
    question: z.string(),
    /** What one had asked or said. */
    asked: z.string().nullable(),
    by: person,
    outcome: adjudicationOutcome,
    body: z.string().nullable(),
    createdAt: z.iso.datetime(),
    seen: z.boolean(),
  })
  .meta({ id: 'WorkReply' });
export type WorkReply = z.infer<typeof workReply>;
export const workReplies = z.object({ items: z.array(workReply), unseen: z.int() }).meta({ id: 'WorkReplies' });
export type WorkReplies = z.infer<typeof workReplies>;
