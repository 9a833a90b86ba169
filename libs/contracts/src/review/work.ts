import { z } from 'zod';
import { listOf, listQuery } from '../platform/lists.js';
import { factKind, namedFact } from './facts.js';
import { taskKind } from './task-sets.js';
import { language, turn, turnRole } from '../vocabulary.js';

/** A queue a person may take work from. */
export const workQueue = z
  .object({
    taskSetId: z.uuid(),
    name: z.string(),
    kind: taskKind,
    deadline: z.iso.date().nullable(),
    /** Tasks this person could still be handed. */
    waiting: z.int(),
    /** Answered by this person. */
    done: z.int(),
    /** Median seconds of this person's last answers of the kind, else of everyone's; null without any. */
    secondsEach: z.number().nullable(),
  })
  .meta({ id: 'WorkQueue' });
export type WorkQueue = z.infer<typeof workQueue>;
export const workQueues = z.object({ items: z.array(workQueue) }).meta({ id: 'WorkQueues' });

/** What a person holds. The fencing token goes with every call about the slot. */
export const heldSlot = z
  .object({
    id: z.uuid(),
    taskSetId: z.uuid(),
    taskSetName: z.string(),
    kind: taskKind,
    taskId: z.uuid(),
    /** Null where the subject belongs to no record of the corpus. */
    recordId: z.uuid().nullable(),
    subjectId: z.uuid(),
    shownVersionId: z.uuid().nullable(),
    round: z.int(),
    fencingToken: z.int(),
    leaseUntil: z.iso.datetime(),
    /** How many this person has answered in the set, and how many are in reach. */
    done: z.int(),
    waiting: z.int(),
    draft: z.object({ body: z.unknown(), revision: z.int(), updatedAt: z.iso.datetime() }).nullable(),
  })
  .meta({ id: 'HeldSlot' });
export type HeldSlot = z.infer<typeof heldSlot>;

export const claimRequest = z
  .object({
    taskSetId: z.uuid(),
    /** The task goes on here: another page of the same person that had it in hand has it no longer. */
    takeOver: z.boolean().default(false),
  })
  .meta({ id: 'ClaimRequest' });
export type ClaimRequest = z.infer<typeof claimRequest>;
/** `slot` is null when the queue holds nothing for this person. */
export const claimReply = z.object({ slot: heldSlot.nullable() }).meta({ id: 'ClaimReply' });

export const fencingToken = z.int().min(1);
export const heartbeatRequest = z.object({ fencingToken }).meta({ id: 'HeartbeatRequest' });
export type HeartbeatRequest = z.infer<typeof heartbeatRequest>;
export const heartbeatReply = z
  .object({
    leaseUntil: z.iso.datetime(),
    /** The set was closed meanwhile: what is in hand can still be handed in. */
    closed: z.boolean(),
  })
  .meta({ id: 'HeartbeatReply' });

/** Any JSON up to 64 kB: what the screen needs to go on where the person stopped. */
export const saveDraft = z
  .object({ fencingToken, baseVersionId: z.uuid().nullable(), body: z.record(z.string(), z.unknown()) })
  .meta({ id: 'SaveDraft' });
export type SaveDraft = z.infer<typeof saveDraft>;
export const savedDraft = z.object({ revision: z.int(), savedAt: z.iso.datetime() }).meta({ id: 'SavedDraft' });

export const skipRequest = z
  .object({ fencingToken, reason: z.string().trim().max(500).default('') })
  .meta({ id: 'SkipRequest' });
export type SkipRequest = z.infer<typeof skipRequest>;
export const releaseRequest = z.object({ fencingToken }).meta({ id: 'ReleaseRequest' });

/** What somebody wrote and did not hand in. */
export const keptDraft = z
  .object({
    slotId: z.uuid(),
    taskSetId: z.uuid(),
    taskSetName: z.string(),
    kind: taskKind,
    question: z.string(),
    text: z.string(),
    /** mine: in one's hands. open: back in the queue. The others cannot be gone on with. */
    state: z.enum(['mine', 'open', 'taken', 'answered', 'closed']),
    updatedAt: z.iso.datetime(),
  })
  .meta({ id: 'KeptDraft' });
export type KeptDraft = z.infer<typeof keptDraft>;
export const keptDrafts = z.object({ items: z.array(keptDraft) }).meta({ id: 'KeptDrafts' });

/** Everything the review screen shows of one record; how the texts differ it finds out by itself, as one types. */
export const polishTask = z
  .object({
    slot: heldSlot,
    record: z.object({ id: z.uuid(), department: z.string().nullable(), language, synthetic: z.boolean() }),
    turns: z.array(
      z.object({
        n: z.int(),
        role: turnRole,
        /** The doctor's or patient's own words; null for a turn that was not in the import. */
        original: z.string().nullable(),
        suggestion: turn,
      }),
    ),
    /** Kinds of facts that this set does not watch. */
    quietKinds: z.array(factKind),
    /** What this person has confirmed in this slot before, and is not asked about again. */
    confirmed: z.array(namedFact),
    /** Who gave it back to this person, and what they wrote; null where nobody did. */
    returned: z.object({ by: z.string(), body: z.string().nullable(), at: z.iso.datetime() }).nullable(),
  })
  .meta({ id: 'PolishTask' });
export type PolishTask = z.infer<typeof polishTask>;

export const polishRejectReason = z.enum([
  'facts_changed',
  'unsafe_advice',
  'unreadable_original',
  'private_data',
  'other',
]);
export type PolishRejectReason = z.infer<typeof polishRejectReason>;

/** Hand out the next one in the same breath. */
export const claimNext = z.boolean().default(false);

export const submitPolish = z
  .object({
    fencingToken,
    baseVersionId: z.uuid(),
    verdict: z.enum(['accept', 'edit', 'reject', 'ask_doctor']),
    /** Of an edit: the doctor's turns as they should read. */
    turns: z
      .array(z.object({ n: z.int().min(0), text: z.string().trim().min(1).max(20_000) }))
      .max(200)
      .default([]),
    reasonCode: polishRejectReason.optional(),
    comment: z.string().trim().max(2000).default(''),
    /** Seconds the person was at it, pauses left out. */
    seconds: z.int().min(0).max(86_400),
    llmCallIds: z.array(z.uuid()).max(50).default([]),
    /** Changed facts that the person says are right: drugs, doses, lost negations, lost urgency. */
    confirmed: z.array(namedFact).max(1000).default([]),
    claimNext,
  })
  .meta({ id: 'SubmitPolish' });
export type SubmitPolish = z.infer<typeof submitPolish>;

/** What became of a submitted answer. */
export const fate = z.enum(['approved', 'held_back', 'waiting_for_others', 'to_adjudicate', 'stored']);
export type Fate = z.infer<typeof fate>;

/** `next` is what `claimNext` handed out, for a repeated submit only if it is still held; null where there is none. */
export const submitPolishReply = z
  .object({ answerId: z.uuid(), fate, next: polishTask.nullable() })
  .meta({ id: 'SubmitPolishReply' });
export type SubmitPolishReply = z.infer<typeof submitPolishReply>;

export const answerVerdict = z.enum(['accept', 'edit', 'reject', 'ask_doctor', 'done']);
export type AnswerVerdict = z.infer<typeof answerVerdict>;

/** What an answer says, in few words: a reference's text, an order from best to worst, the reason of a verdict. */
export const answerSaid = z
  .object({
    lines: z.array(z.object({ rank: z.int().nullable(), text: z.string(), bad: z.boolean() })),
    /** What was made of it, so that it can't be taken back any more. */
    use: z.enum(['judged', 'snapshot', 'closed', 'late']).nullable(),
  })
  .meta({ id: 'AnswerSaid' });
export type AnswerSaid = z.infer<typeof answerSaid>;

/** One line of "my work". */
export const myAnswer = z
  .object({
    id: z.uuid(),
    slotId: z.uuid(),
    recordId: z.uuid().nullable(),
    taskSetName: z.string(),
    kind: taskKind,
    verdict: answerVerdict,
    reasonCode: z.string().nullable(),
    seconds: z.int(),
    createdAt: z.iso.datetime(),
    /** Beginning of the patient's question. */
    question: z.string(),
    taskState: z.enum(['open', 'answered', 'agreed', 'to_adjudicate', 'decided']),
    /** Taken back by its author; the answer stays, and counts for nothing. */
    undone: z.boolean(),
    /** What the answer points at: a reference, a judgement, a verdict. */
    resultId: z.uuid().nullable(),
    said: answerSaid,
  })
  .meta({ id: 'MyAnswer' });
export type MyAnswer = z.infer<typeof myAnswer>;
export const myAnswerList = listOf(myAnswer).meta({ id: 'MyAnswerList' });
export const myAnswerQuery = listQuery({ sort: ['createdAt'] }).extend({ kind: taskKind.optional() });
export type MyAnswerQuery = z.infer<typeof myAnswerQuery>;
