import { z } from 'zod';
import { chatMessage } from '../files/snapshot-files.js';
import { promptHead, referenceKind, referenceView } from '../preference/prompts.js';
import { answerTurn } from '../training/evaluations.js';
import { claimNext, fate, fencingToken, heldSlot } from './work.js';

/** What a doctor sees who is to write a reference: the dialogue, and nothing any model said to it. */
export const referenceTask = z
  .object({
    slot: heldSlot,
    prompt: promptHead,
    /** This doctor has seen a model's reply on the record; the reference must be marked, or the task skipped. */
    exposed: z.boolean(),
  })
  .meta({ id: 'ReferenceTask' });
export type ReferenceTask = z.infer<typeof referenceTask>;

const referenceText = {
  kind: referenceKind,
  /** Needed for `answer` and `ask_first`; why, for `cannot_answer`. */
  text: z.string().trim().max(20_000).default(''),
  /** Said by the doctor: written after seeing a model's reply. */
  afterExposure: z.boolean().default(false),
};

export const submitReference = z
  .object({
    fencingToken,
    ...referenceText,
    /** Time spent on it. */
    seconds: z.int().min(0).max(86_400),
    claimNext,
  })
  .meta({ id: 'SubmitReference' });
export type SubmitReference = z.infer<typeof submitReference>;

export const submitReferenceReply = z
  .object({ answerId: z.uuid(), fate, reference: referenceView, next: referenceTask.nullable() })
  .meta({ id: 'SubmitReferenceReply' });
export type SubmitReferenceReply = z.infer<typeof submitReferenceReply>;

export const reviseReference = z.object(referenceText).meta({ id: 'ReviseReference' });
export type ReviseReference = z.infer<typeof reviseReference>;

/** A candidate under a letter: no model, no score, no id that would tell when it was made. */
const shownCandidate = z.object({ key: z.string().regex(/^[A-P]$/), text: z.string() });

/** Candidates in an order drawn for this doctor; in the second mode in the AI's order, with its ranks. */
export const rankingTask = z
  .object({
    slot: heldSlot,
    prompt: promptHead,
    candidates: z.array(shownCandidate),
    /** Some of the candidates were written by the rehearsal model. Said of all together, so that it gives none away. */
    rehearsal: z.boolean(),
    /** Ranks in the order of `candidates`; null where the ranking is blind. */
    aiRanks: z.array(z.int()).nullable(),
  })
  .meta({ id: 'RankingTask' });
export type RankingTask = z.infer<typeof rankingTask>;

export const submitRanking = z
  .object({
    fencingToken,
    /** Every candidate shown, once. Equal ranks are ties. */
    ranks: z
      .array(
        z.object({
          key: z.string().regex(/^[A-P]$/),
          rank: z.int().min(1).max(16),
          /** Must not be given to a patient, whatever its rank. */
          bad: z.boolean().default(false),
        }),
      )
      .min(1)
      .max(16),
    reason: z.string().trim().max(2000).default(''),
    seconds: z.int().min(0).max(86_400),
    claimNext,
  })
  .meta({ id: 'SubmitRanking' });
export type SubmitRanking = z.infer<typeof submitRanking>;

export const submitRankingReply = z
  .object({
    answerId: z.uuid(),
    judgementId: z.uuid(),
    fate,
    /** Pairs for the reward model that this order gives. */
    pairs: z.int(),
    next: rankingTask.nullable(),
  })
  .meta({ id: 'SubmitRankingReply' });
export type SubmitRankingReply = z.infer<typeof submitRankingReply>;

/** Two answers to one question under letters; which entrant is which, the order tells nobody. */
export const blindPairTask = z
  .object({
    slot: heldSlot,
    messages: z.array(chatMessage),
    sides: z.array(z.object({ key: z.enum(['A', 'B']), turns: z.array(answerTurn) })).length(2),
    /** Some of the words were written by the rehearsal model. Said of both together, so that it gives none away. */
    rehearsal: z.boolean(),
  })
  .meta({ id: 'BlindPairTask' });
export type BlindPairTask = z.infer<typeof blindPairTask>;

export const blindVerdict = z.enum(['a_better', 'b_better', 'tie', 'both_bad']);
export type BlindVerdict = z.infer<typeof blindVerdict>;

export const submitBlindPair = z
  .object({
    fencingToken,
    /** By the letters shown. */
    verdict: blindVerdict,
    reason: z.string().trim().max(2000).default(''),
    seconds: z.int().min(0).max(86_400),
    claimNext,
  })
  .meta({ id: 'SubmitBlindPair' });
export type SubmitBlindPair = z.infer<typeof submitBlindPair>;

export const submitBlindPairReply = z
  .object({ answerId: z.uuid(), fate, next: blindPairTask.nullable() })
  .meta({ id: 'SubmitBlindPairReply' });
export type SubmitBlindPairReply = z.infer<typeof submitBlindPairReply>;

/** The task of an answer taken back lies in one's hands again. */
export const undoneAnswer = z.object({ slot: heldSlot }).meta({ id: 'UndoneAnswer' });
export type UndoneAnswer = z.infer<typeof undoneAnswer>;
