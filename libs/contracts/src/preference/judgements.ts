import { z } from 'zod';
import { listOf, listQuery } from '../platform/lists.js';
import { promptFilter, promptHead, referenceGrade, referenceView } from './prompts.js';

/** In the form of the `dimensions` column. */
export const rubricDimension = z.object({
  key: z.string().regex(/^[a-z][a-z0-9_]{1,40}$/),
  name_zh: z.string(),
  name_en: z.string(),
  /** What the judge is told to look for. */
  hint_zh: z.string(),
  min: z.int(),
  max: z.int(),
  weight: z.number().positive(),
});
export type RubricDimension = z.infer<typeof rubricDimension>;

export const rubricView = z
  .object({
    id: z.uuid(),
    key: z.string(),
    number: z.int(),
    dimensions: z.array(rubricDimension),
    promptVersionId: z.uuid().nullable(),
    /** Whether judges first grade the doctor's answer; rubrics from before do not. */
    gradesReference: z.boolean(),
    createdAt: z.iso.datetime(),
  })
  .meta({ id: 'Rubric' });
export type RubricView = z.infer<typeof rubricView>;
export const rubricList = z.object({ items: z.array(rubricView) }).meta({ id: 'RubricList' });

export const candidateView = z
  .object({
    id: z.uuid(),
    promptId: z.uuid(),
    model: z.string(),
    modelId: z.uuid().nullable(),
    providerName: z.string().nullable(),
    sampleIndex: z.int(),
    settings: z.record(z.string(), z.unknown()),
    checkpointHash: z.string().nullable(),
    text: z.string().nullable(),
    rehearsal: z.boolean(),
    createdAt: z.iso.datetime(),
  })
  .meta({ id: 'Candidate' });
export type CandidateView = z.infer<typeof candidateView>;
/** A row of the list: with the question it answers, and what the judge's newest word on it was, else a person's. */
export const candidateSummary = candidateView
  .extend({
    question: z.string(),
    /** `of` is among how many it was judged; no total where somebody only put them in order. */
    judged: z.object({ total: z.number().nullable(), rank: z.int(), of: z.int() }).nullable(),
  })
  .meta({ id: 'CandidateSummary' });
export type CandidateSummary = z.infer<typeof candidateSummary>;
export const candidateList = listOf(candidateSummary).meta({ id: 'CandidateList' });
export const candidateQuery = listQuery({ sort: ['createdAt'] }).extend({
  promptId: z.uuid().optional(),
  model: z.string().max(200).optional(),
});
export type CandidateQuery = z.infer<typeof candidateQuery>;

export const judgementItem = z.object({
  candidateId: z.uuid(),
  /** Place before the judge's eyes, from 1. */
  positionShown: z.int(),
  /** By dimension, and `agreement` with the doctor's answer; empty where somebody only put them in order. */
  scores: z.record(z.string(), z.number()),
  total: z.number().nullable(),
  /** 1 is best; equals share a rank and the next one is skipped. */
  rank: z.int(),
  /** 0 for one that stands alone, else the number of its group of equals. */
  tieGroup: z.int(),
  bad: z.boolean(),
});
export type JudgementItem = z.infer<typeof judgementItem>;

export const judgementOrigin = z.enum(['ai', 'doctor', 'lay']);
export type JudgementOrigin = z.infer<typeof judgementOrigin>;

export const judgementView = z
  .object({
    id: z.uuid(),
    promptId: z.uuid(),
    referenceId: z.uuid().nullable(),
    rubricVersionId: z.uuid(),
    origin: judgementOrigin,
    /** Who or which model judged. */
    by: z.string().nullable(),
    aiOrderShown: z.boolean(),
    rehearsal: z.boolean(),
    synthetic: z.boolean(),
    reason: z.string().nullable(),
    /** What the judge thought of the doctor's answer; null without one, by people, and by rubrics that do not ask. */
    referenceGrade: referenceGrade.nullable(),
    /** What agreement with it counted beside the dimensions: 0 where it is wrong or unsafe. */
    referenceWeight: z.number().nullable(),
    referenceReason: z.string().nullable(),
    createdAt: z.iso.datetime(),
    items: z.array(judgementItem),
  })
  .meta({ id: 'Judgement' });
export type JudgementView = z.infer<typeof judgementView>;
/** A row of the list: with the question, and the beginnings of what stands first (several where they are equal). */
export const judgementSummary = judgementView
  .extend({ question: z.string(), winners: z.array(z.string()) })
  .meta({ id: 'JudgementSummary' });
export type JudgementSummary = z.infer<typeof judgementSummary>;
export const judgementList = listOf(judgementSummary).meta({ id: 'JudgementList' });
export const judgementQuery = listQuery({ sort: ['createdAt'] }).extend({
  promptId: z.uuid().optional(),
  origin: judgementOrigin.optional(),
  aiOrderShown: z.stringbool().or(z.boolean()).optional(),
  referenceGrade: referenceGrade.optional(),
});
export type JudgementQuery = z.infer<typeof judgementQuery>;

/** Whose word a pair rests on; `…_confirmed`: only that of people who had seen the AI's order before. */
export const pairEvidence = z.enum(['ai', 'doctor', 'lay', 'doctor_confirmed', 'lay_confirmed']);
export type PairEvidence = z.infer<typeof pairEvidence>;

export const derivedPair = z.object({
  chosenId: z.uuid(),
  rejectedId: z.uuid(),
  evidence: pairEvidence,
  /** Difference of the AI's mean totals; null where only people's order is known, or where they turned the AI's. */
  margin: z.number().nullable(),
});
export type DerivedPair = z.infer<typeof derivedPair>;

export const promptDetail = promptHead
  .extend({
    references: z.array(referenceView),
    candidates: z.array(candidateView),
    /** Newest first. */
    judgements: z.array(judgementView),
    pairs: z.array(derivedPair),
    rubrics: z.array(rubricView),
  })
  .meta({ id: 'PromptDetail' });
export type PromptDetail = z.infer<typeof promptDetail>;

/** How candidates are drawn. */
export const candidateSettings = z.object({
  /** Candidates wanted a prompt. */
  k: z.int().min(1).max(16).default(4),
  temperature: z.number().min(0).max(2).default(0.8),
  topP: z.number().gt(0).max(1).optional(),
  /** The n-th sample is drawn with this plus n. */
  seed: z.int().min(0).max(2_000_000_000).default(1),
  maxOutputTokens: z.int().min(16).max(8192).default(512),
  /** Prompts that hold k candidates of this model already are left out. */
  skipExisting: z.boolean().default(true),
});
export type CandidateSettings = z.infer<typeof candidateSettings>;

const jobFields = {
  name: z.string().trim().min(1).max(200),
  filter: promptFilter.default({}),
  providerId: z.uuid(),
  model: z.string().min(1).max(200),
  budgetLimit: z.number().positive().max(10_000_000).nullable().default(null),
};

export const createCandidateJob = z
  .object({
    ...jobFields,
    /** A template of purpose `candidate` around the question; without one the dialogue is sent as it is. */
    promptVersionId: z.uuid().nullable().default(null),
    settings: candidateSettings.prefault({}),
  })
  .meta({ id: 'CreateCandidateJob' });
export type CreateCandidateJob = z.infer<typeof createCandidateJob>;

export const judgeSettings = z.object({
  /** Prompts all of whose candidates were scored under this rubric already are left out. */
  skipJudged: z.boolean().default(true),
});
export type JudgeSettings = z.infer<typeof judgeSettings>;

export const createJudgeJob = z
  .object({
    ...jobFields,
    /** The newest rubric where left out. */
    rubricVersionId: z.uuid().optional(),
    settings: judgeSettings.prefault({}),
  })
  .meta({ id: 'CreateJudgeJob' });
export type CreateJudgeJob = z.infer<typeof createJudgeJob>;

/** The job that was written, waiting as `estimated` for its start. */
export const startedJob = z.object({ id: z.uuid(), state: z.string() }).meta({ id: 'WrittenLlmJob' });

const agreement = z.object({
  /** Blind judgements by doctors that can be held against the AI's. */
  judgements: z.int(),
  /** Mean of Kendall's tau-b, a judgement; null without any that can be computed. */
  meanTauB: z.number().nullable(),
  /** Pairs that the doctor did not tie. */
  pairs: z.int(),
  agreed: z.int(),
  disagreed: z.int(),
  /** Pairs in which the AI saw no difference. */
  aiTied: z.int(),
});

/** How far the AI's order is that of doctors who did not see it. */
export const calibration = agreement
  .extend({
    prompts: z.int(),
    doctors: z.int(),
    /** By what the AI scored: which dimension carries the agreement. */
    dimensions: z.array(
      z.object({ key: z.string(), meanTauB: z.number().nullable(), pairs: z.int(), agreed: z.int() }),
    ),
    /** Pairs that the AI saw in both orders, and those it turned over with the order. */
    orderPairs: z.int(),
    orderFlips: z.int(),
    rehearsal: z.boolean(),
  })
  .meta({ id: 'Calibration' });
export type Calibration = z.infer<typeof calibration>;
