import { z } from 'zod';
import { answerType } from '../llm/llm-jobs.js';
import { listOf, listQuery } from '../platform/lists.js';
import { chatMessage } from '../files/snapshot-files.js';

const when = z.iso.datetime({ offset: true });
const share = z.number().min(0).max(1);

export const evaluationState = z.enum(['queued', 'answering', 'judging', 'done', 'failed', 'cancelled']);
export type EvaluationState = z.infer<typeof evaluationState>;

/** Of a question, from model A's side: both orders agree, or it is a tie. */
export const evaluationOutcome = z.enum(['win', 'tie', 'loss']);
export type EvaluationOutcome = z.infer<typeof evaluationOutcome>;

export const createEvaluation = z
  .object({
    name: z.string().trim().min(1).max(100),
    suiteId: z.uuid(),
    modelA: z.uuid(),
    modelB: z.uuid(),
    /** The rehearsal judge unless named. */
    judgeProviderId: z.uuid().optional(),
    judgeModel: z.string().max(200).optional(),
    maxTokens: z.int().min(1).max(4096).default(128),
    /** As the reference system's server samples; 0 is greedy. */
    temperature: z.number().min(0).max(2).default(0.5),
  })
  .refine(({ modelA, modelB }) => modelA !== modelB, { path: ['modelB'], message: 'choose two different models' })
  .refine(({ judgeProviderId, judgeModel }) => (judgeProviderId === undefined) === (judgeModel === undefined), {
    path: ['judgeModel'],
    message: 'a judge is a provider and one of its models',
  })
  .meta({ id: 'CreateEvaluation' });
export type CreateEvaluation = z.infer<typeof createEvaluation>;

const counts = z.object({
  questions: z.int(),
  win: z.int(),
  tie: z.int(),
  loss: z.int(),
  /** Ties because the verdict turned round with the order. */
  flips: z.int(),
  /** Questions without two verdicts: an answer or a judgement failed. */
  missing: z.int(),
});

export const evaluationSummary = z.object({
  ...counts.shape,
  /** Flips among questions judged in both orders. */
  flipRate: share,
  /** Wins and half the ties among questions judged, for A. */
  score: share,
  /** 95 % bootstrap interval of the score, over questions. */
  scoreInterval: z.tuple([share, share]),
  /** Wins of A among questions won by either, and its 95 % Wilson interval; null where all are ties. */
  winShare: share.nullable(),
  winInterval: z.tuple([share, share]).nullable(),
  /** Mean characters of the answers. */
  answerLength: z.object({ a: z.number(), b: z.number() }),
  byCategory: z.array(z.object({ category: z.string(), ...counts.shape })),
});
export type EvaluationSummary = z.infer<typeof evaluationSummary>;

const side = z.object({ id: z.uuid(), name: z.string(), stage: z.string() });

export const evaluationView = z
  .object({
    id: z.uuid(),
    name: z.string(),
    suite: z.object({ id: z.uuid(), name: z.string(), version: z.int() }),
    modelA: side,
    modelB: side,
    judgeProviderId: z.uuid(),
    judgeModel: z.string(),
    state: evaluationState,
    failure: z.string().nullable(),
    /** Some answer or verdict was written by the rehearsal model, or by one trained on its text. */
    rehearsal: z.boolean(),
    /** Calls answered and stored, of all this evaluation needs. */
    done: z.int(),
    total: z.int(),
    summary: evaluationSummary.nullable(),
    createdAt: when,
    endedAt: when.nullable(),
  })
  .meta({ id: 'Evaluation' });
export type EvaluationView = z.infer<typeof evaluationView>;
export const evaluationList = listOf(evaluationView).meta({ id: 'EvaluationList' });
export const evaluationQuery = listQuery({ sort: ['createdAt'] }).extend({ state: evaluationState.optional() });
export type EvaluationQuery = z.infer<typeof evaluationQuery>;

const verdictView = z.object({
  /** Which model's answer stood first. */
  first: z.enum(['a', 'b']),
  outcome: z.enum(['a', 'b', 'tie']),
  reason: z.string().nullable(),
});

export const evaluationItemView = z
  .object({
    id: z.uuid(),
    n: z.int(),
    messages: z.array(chatMessage).nullable(),
    reference: z.string().nullable(),
    department: z.string().nullable(),
    category: z.string().nullable(),
    answerA: z.string().nullable(),
    answerB: z.string().nullable(),
    /** What kind of answer each is; null where there is none, and for those from before answers had types. */
    typeA: answerType.nullable(),
    typeB: answerType.nullable(),
    rehearsal: z.boolean(),
    verdicts: z.array(verdictView),
    outcome: evaluationOutcome.nullable(),
    flipped: z.boolean(),
  })
  .meta({ id: 'EvaluationItem' });
export type EvaluationItemView = z.infer<typeof evaluationItemView>;
export const evaluationItemList = listOf(evaluationItemView).meta({ id: 'EvaluationItemList' });
export const evaluationItemQuery = listQuery({ sort: ['n'], order: 'asc' }).extend({
  outcome: z.enum(['win', 'tie', 'loss', 'flip', 'missing']).optional(),
  category: z.string().max(60).optional(),
});
export type EvaluationItemQuery = z.infer<typeof evaluationItemQuery>;
