import { z } from 'zod';
import { answerType } from '../llm/llm-jobs.js';
import { listOf, listQuery } from '../platform/lists.js';
import { chatMessage } from '../files/snapshot-files.js';

const when = z.iso.datetime({ offset: true });
const share = z.number().min(0).max(1);

export const evaluationState = z.enum(['queued', 'answering', 'judging', 'done', 'failed', 'cancelled']);
export type EvaluationState = z.infer<typeof evaluationState>;

/** Of a question, from the first entrant's side: both orders agree, or most doctors; else it is a tie. */
export const evaluationOutcome = z.enum(['win', 'tie', 'loss']);
export type EvaluationOutcome = z.infer<typeof evaluationOutcome>;

/** One turn of an answer: an answer to a single question is one turn of the doctor's side. */
export const answerTurn = z.object({ role: z.enum(['patient', 'doctor']), text: z.string() });
export type AnswerTurn = z.infer<typeof answerTurn>;

const uploadedTurn = answerTurn.extend({ text: z.string().trim().min(1).max(20_000) });

/** An answer brought along, to the question with this number in the suite; several turns where it is a dialogue. */
export const uploadedAnswer = z.object({
  n: z.int().min(1),
  turns: z
    .array(uploadedTurn)
    .min(1)
    .max(60)
    .refine(
      (turns) => turns[0]?.role === 'doctor' && turns.at(-1)?.role === 'doctor',
      'an answer begins and ends with the doctor’s side',
    ),
});
export type UploadedAnswer = z.infer<typeof uploadedAnswer>;

export const newEntrant = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('model'), modelId: z.uuid() }),
  z.object({ kind: z.literal('provider'), providerId: z.uuid(), model: z.string().min(1).max(200) }),
  z.object({
    kind: z.literal('uploaded'),
    name: z.string().trim().min(1).max(100),
    /** Whoever of the project wrote them: never asked to judge them. */
    authorId: z.uuid().nullable().default(null),
    /** Whoever brings them says that no patient can be known by them; without that they are shown to no judge outside. */
    deidentified: z.boolean().default(false),
    answers: z.array(uploadedAnswer).min(1).max(1000),
  }),
]);
export type NewEntrant = z.infer<typeof newEntrant>;

export const newJudge = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('model'), providerId: z.uuid(), model: z.string().min(1).max(200) }),
  z.object({
    kind: z.literal('doctors'),
    /** Doctors a pair. */
    overlap: z.int().min(1).max(10).default(1),
    departments: z.array(z.string().max(100)).max(50).default([]),
    deadline: z.iso.date().nullable().default(null),
  }),
]);
export type NewJudge = z.infer<typeof newJudge>;

/** Two of a kind would be asked twice for one figure. */
function twice(things: readonly object[]): boolean {
  const told = things.map((thing) => JSON.stringify(thing));
  return new Set(told).size < told.length;
}

export const createEvaluation = z
  .object({
    name: z.string().trim().min(1).max(100),
    suiteId: z.uuid(),
    entrants: z.array(newEntrant).min(2).max(10),
    /** The number (from 1) of the entrant all others are compared with; null compares each with each. */
    baseline: z.int().min(1).nullable().default(null),
    judges: z.array(newJudge).min(1).max(5),
    maxTokens: z.int().min(1).max(4096).default(128),
    /** As the reference system's server samples; 0 is greedy. */
    temperature: z.number().min(0).max(2).default(0.5),
  })
  .refine(({ entrants }) => !twice(entrants), { path: ['entrants'], message: 'choose different entrants' })
  .refine(({ judges }) => !twice(judges), { path: ['judges'], message: 'choose different judges' })
  .refine(({ judges }) => judges.filter(({ kind }) => kind === 'doctors').length < 2, {
    path: ['judges'],
    message: 'ask doctors once; how many a pair is their overlap',
  })
  .refine(({ entrants, baseline }) => baseline === null || baseline <= entrants.length, {
    path: ['baseline'],
    message: 'the baseline is one of the entrants',
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
  /** Ties in which a doctor called both answers bad. */
  bothBad: z.int(),
  /** Questions not judged: an answer or a judgement failed, or is not there yet. */
  missing: z.int(),
});

export const evaluationSummary = z.object({
  ...counts.shape,
  /** Flips among questions judged in both orders. */
  flipRate: share,
  /** Wins and half the ties among questions judged, for the first. */
  score: share,
  /** 95 % bootstrap interval of the score, over questions. */
  scoreInterval: z.tuple([share, share]),
  /** Wins of the first among questions won by either, and its 95 % Wilson interval; null where all are ties. */
  winShare: share.nullable(),
  winInterval: z.tuple([share, share]).nullable(),
  /** Mean characters of the answers. */
  answerLength: z.object({ a: z.number(), b: z.number() }),
  byCategory: z.array(z.object({ category: z.string(), ...counts.shape })),
});
export type EvaluationSummary = z.infer<typeof evaluationSummary>;

/** What each judge says of each pair of entrants, by their ids. */
export const evaluationResults = z.object({
  judges: z.array(
    z.object({
      judgeId: z.uuid(),
      pairs: z.array(z.object({ a: z.uuid(), b: z.uuid(), summary: evaluationSummary })),
    }),
  ),
});
export type EvaluationResults = z.infer<typeof evaluationResults>;

const entrantView = z.object({
  id: z.uuid(),
  n: z.int(),
  kind: z.enum(['model', 'provider', 'uploaded']),
  name: z.string(),
  modelId: z.uuid().nullable(),
  providerId: z.uuid().nullable(),
  author: z.string().nullable(),
  answered: z.int(),
  /** What kinds of answers these are; only complete ones say what the entrant can do. */
  answerTypes: z.array(z.object({ type: answerType, count: z.int() })),
  /** Questions it was asked and has no answer to. */
  failed: z.int(),
});
export type EntrantView = z.infer<typeof entrantView>;

const personAtIt = z.object({ id: z.uuid(), name: z.string(), answered: z.int(), waiting: z.int() });

const judgeView = z.object({
  id: z.uuid(),
  n: z.int(),
  kind: z.enum(['model', 'doctors']),
  providerId: z.uuid().nullable(),
  model: z.string().nullable(),
  /** Where doctors are asked; null until there are pairs. */
  taskSetId: z.uuid().nullable(),
  /** Verdicts in and wanted. */
  done: z.int(),
  wanted: z.int(),
  /** Who may judge, with what each has done and what still waits for them. */
  people: z.array(personAtIt),
});
export type JudgeView = z.infer<typeof judgeView>;

const head = {
  id: z.uuid(),
  name: z.string(),
  suite: z.object({ id: z.uuid(), name: z.string(), version: z.int() }),
  baseline: z.int().nullable(),
  state: evaluationState,
  failure: z.string().nullable(),
  /** Some answer or verdict was written by the rehearsal model, or by one trained on its text. */
  rehearsal: z.boolean(),
  /** Calls answered and stored and doctors' verdicts in, of all this evaluation needs. */
  done: z.int(),
  total: z.int(),
  createdAt: when,
  endedAt: when.nullable(),
};

export const evaluationListItem = z
  .object({
    ...head,
    entrants: z.array(z.string()),
    judges: z.array(z.string()),
    results: evaluationResults.nullable(),
  })
  .meta({ id: 'EvaluationListItem' });
export type EvaluationListItem = z.infer<typeof evaluationListItem>;
export const evaluationList = listOf(evaluationListItem).meta({ id: 'EvaluationList' });
export const evaluationQuery = listQuery({ sort: ['createdAt'] }).extend({ state: evaluationState.optional() });
export type EvaluationQuery = z.infer<typeof evaluationQuery>;

export const evaluationView = z
  .object({
    ...head,
    entrants: z.array(entrantView),
    judges: z.array(judgeView),
    /** As verdicts stand now. */
    results: evaluationResults,
  })
  .meta({ id: 'Evaluation' });
export type EvaluationView = z.infer<typeof evaluationView>;

const verdictView = z.object({
  judgeId: z.uuid(),
  /** The doctor, where one judged. */
  person: z.string().nullable(),
  /** Whose answer stood first. */
  first: z.enum(['a', 'b']),
  outcome: z.enum(['a', 'b', 'tie', 'both_bad']),
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
    /** Null where there is none, and once erased. */
    answerA: z.array(answerTurn).nullable(),
    answerB: z.array(answerTurn).nullable(),
    /** What kind of answer each is; null where there is none, and for those from before answers had types. */
    typeA: answerType.nullable(),
    typeB: answerType.nullable(),
    rehearsal: z.boolean(),
    verdicts: z.array(verdictView),
    /** What the chosen judge says. */
    outcome: evaluationOutcome.nullable(),
    flipped: z.boolean(),
  })
  .meta({ id: 'EvaluationItem' });
export type EvaluationItemView = z.infer<typeof evaluationItemView>;
export const evaluationItemList = listOf(evaluationItemView).meta({ id: 'EvaluationItemList' });
export const evaluationItemQuery = listQuery({ sort: ['n'], order: 'asc' }).extend({
  /** Two entrants by their numbers; the first two unless named. */
  a: z.coerce.number().int().min(1).default(1),
  b: z.coerce.number().int().min(1).default(2),
  /** By its number; whose outcome is meant. */
  judge: z.coerce.number().int().min(1).default(1),
  outcome: z.enum(['win', 'tie', 'loss', 'flip', 'both_bad', 'missing']).optional(),
  category: z.string().max(60).optional(),
});
export type EvaluationItemQuery = z.infer<typeof evaluationItemQuery>;
