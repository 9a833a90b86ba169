import { z } from 'zod';
import { recordFilter } from '../corpus/record-filter.js';
import { listOf, listQuery } from '../platform/lists.js';
import { jsonObject, llmPurposeName } from './llm.js';

export const llmJobState = z.enum(['draft', 'estimated', 'running', 'paused', 'done', 'cancelled', 'failed']);
export type LlmJobState = z.infer<typeof llmJobState>;

export const llmItemState = z.enum(['waiting', 'in_flight', 'in_doubt', 'answered', 'stored', 'failed', 'skipped']);
export type LlmItemState = z.infer<typeof llmItemState>;

export const llmCallState = z.enum(['sending', 'answered', 'failed', 'in_doubt', 'cached']);
export type LlmCallState = z.infer<typeof llmCallState>;

/**
 * What kind of answer a model gave. `truncated`: broke off at its cap; `filtered`: cut by the provider's filter; `refused`:
 * declined; `unparsable`: not in the form asked for. Only `complete` becomes text, a candidate or a label.
 */
export const answerType = z.enum(['complete', 'truncated', 'filtered', 'refused', 'empty', 'unparsable']);
export type AnswerType = z.infer<typeof answerType>;

/**
 * What a job would ask and cost. Tokens by rule: one a Chinese character, one per four other characters; answers by the
 * rule of the purpose. A guide, not a promise: what is reserved and paid is counted call by call.
 */
export const llmEstimate = z
  .object({
    subjects: z.int(),
    calls: z.int(),
    inputTokens: z.int(),
    outputTokens: z.int(),
    cost: z.number(),
    currency: z.string(),
    /** Chosen, but their text may not go to this provider; they end as skipped. */
    egressRefused: z.int(),
    /** Chosen, and holding such a result already. */
    alreadyDone: z.int(),
    /** Chosen, but lacking what would be asked about, such as candidates. Estimates from before did not tell. */
    lacking: z.int().default(0),
    /** Too long for the model's context; they would fail. */
    tooLong: z.int(),
  })
  .meta({ id: 'LlmEstimate' });
export type LlmEstimate = z.infer<typeof llmEstimate>;

/** Settings of a polish job. */
export const polishSettings = z.object({
  /** Which words are polished: the masked (else imported) ones, or the approved ones. */
  from: z.enum(['original', 'approved']).default('original'),
  /** Leave out records that have a polish already. */
  skipPolished: z.boolean().default(true),
  /** Buy anew even where the very same question was answered before. */
  again: z.boolean().default(false),
});
export type PolishSettings = z.infer<typeof polishSettings>;

export const createLlmJobBody = z
  .object({
    purpose: z.literal('polish'),
    name: z.string().trim().min(1).max(200),
    filter: recordFilter.default({}),
    promptVersionIds: z.array(z.uuid()).min(1).max(5),
    providerId: z.uuid(),
    model: z.string().min(1).max(200),
    settings: polishSettings.default({ from: 'original', skipPolished: true, again: false }),
    /** Hard stop, in the provider's currency. */
    budgetLimit: z.number().positive().max(10_000_000).nullable().default(null),
  })
  .meta({ id: 'CreateLlmJob' });
export type CreateLlmJobBody = z.infer<typeof createLlmJobBody>;

/** A raised limit lets a job that stopped at its budget go on. */
export const updateLlmJob = z
  .object({
    name: z.string().trim().min(1).max(200),
    budgetLimit: z.number().positive().max(10_000_000).nullable(),
  })
  .partial()
  .meta({ id: 'UpdateLlmJob' });
export type UpdateLlmJob = z.infer<typeof updateLlmJob>;

export const llmJobCounts = z.object({
  waiting: z.int(),
  in_flight: z.int(),
  in_doubt: z.int(),
  answered: z.int(),
  stored: z.int(),
  failed: z.int(),
  skipped: z.int(),
});
export type LlmJobCounts = z.infer<typeof llmJobCounts>;

/** One voice of a job: `answer` where there is only one. */
export const llmJobRole = z
  .object({
    role: z.string(),
    providerId: z.uuid(),
    providerName: z.string(),
    model: z.string(),
    rehearsal: z.boolean(),
    promptVersionIds: z.array(z.uuid()),
  })
  .meta({ id: 'LlmJobRole' });
export type LlmJobRole = z.infer<typeof llmJobRole>;

/** A running job that cannot ask at present: the model failed several times or told us to wait, or its server sleeps. */
export const llmJobWait = z
  .object({ reason: z.enum(['failing', 'rate_limited', 'asleep']), model: z.string(), until: z.string().nullable() })
  .meta({ id: 'LlmJobWait' });
export type LlmJobWait = z.infer<typeof llmJobWait>;

export const llmJobView = z
  .object({
    id: z.uuid(),
    purpose: llmPurposeName,
    name: z.string(),
    state: llmJobState,
    failure: z.string().nullable(),
    /** What the provider says of the fault that stopped the job; never words of what was asked. */
    failureSaid: z.string().nullable(),
    /** The setting at fault, where the provider names one. */
    failureParam: z.string().nullable(),
    /** Who is asked, by role. */
    roles: z.array(llmJobRole),
    providerId: z.uuid(),
    providerName: z.string(),
    rehearsal: z.boolean(),
    model: z.string(),
    promptVersionIds: z.array(z.uuid()),
    filter: jsonObject,
    settings: jsonObject,
    budgetLimit: z.number().nullable(),
    currency: z.string(),
    estimate: llmEstimate.nullable(),
    total: z.int(),
    parentType: z.string().nullable(),
    parentId: z.uuid().nullable(),
    createdBy: z.uuid().nullable(),
    createdAt: z.string(),
    startedAt: z.string().nullable(),
    endedAt: z.string().nullable(),
    revision: z.int(),
  })
  .meta({ id: 'LlmJob' });
export type LlmJobView = z.infer<typeof llmJobView>;

/** One stage of a job of several roles. */
export const llmJobStage = z
  .object({ role: z.string(), asked: z.int(), open: z.int(), stored: z.int(), failed: z.int(), skipped: z.int() })
  .meta({ id: 'LlmJobStage' });
export type LlmJobStage = z.infer<typeof llmJobStage>;

export const llmJobDetail = llmJobView
  .extend({
    counts: llmJobCounts,
    /** How often a call was in doubt, over all items. */
    inDoubtTotal: z.int(),
    inputTokens: z.int(),
    outputTokens: z.int(),
    /** By the server's word; where it said nothing of its usage, by our estimate. */
    cost: z.number(),
    /** The part of the cost that is our estimate, since the server did not say. */
    estimatedCost: z.number(),
    /** Calls that are out or in doubt, at their estimate. */
    reserved: z.number(),
    /** How far each role is, where a job has several: what goes into each stage, and what comes out. */
    stages: z.array(llmJobStage),
    /** What was kept, by kind: records, and such as said what an earlier record says. */
    results: z.array(z.object({ type: z.string(), count: z.int() })),
    /** Calls out at this moment, and the most they may cost: by so much a budget can be overrun if it is lowered now. */
    inFlight: z.object({ calls: z.int(), atMost: z.number() }),
    /** Why it stands still though it runs; null while it asks. */
    waitsFor: llmJobWait.nullable(),
    /** Late answers nobody could use. */
    secondCharges: z.number(),
    cachedCalls: z.int(),
    /** Items ended per second over the last minute. */
    rate: z.number(),
    secondsLeft: z.int().nullable(),
  })
  .meta({ id: 'LlmJobDetail' });
export type LlmJobDetail = z.infer<typeof llmJobDetail>;

export const llmItemView = z
  .object({
    id: z.uuid(),
    role: z.string(),
    subjectType: z.string(),
    subjectId: z.uuid(),
    turnN: z.int(),
    sampleIndex: z.int(),
    promptVersionId: z.uuid().nullable(),
    state: llmItemState,
    attempts: z.int(),
    inDoubtCount: z.int(),
    resultType: z.string().nullable(),
    resultId: z.uuid().nullable(),
    errorCode: z.string().nullable(),
    errorDetail: z.string().nullable(),
    inputTokens: z.int(),
    outputTokens: z.int(),
    cost: z.number(),
    updatedAt: z.string(),
  })
  .meta({ id: 'LlmItem' });
export type LlmItemView = z.infer<typeof llmItemView>;

export const llmCallView = z
  .object({
    id: z.uuid(),
    attempt: z.int(),
    state: llmCallState,
    statusCode: z.int().nullable(),
    inputTokens: z.int(),
    outputTokens: z.int(),
    cost: z.number(),
    /** Counted by our estimate: the server did not say, or the call is in doubt. */
    estimated: z.boolean(),
    secondCharge: z.boolean(),
    rehearsal: z.boolean(),
    latencyMs: z.int().nullable(),
    errorCode: z.string().nullable(),
    /** Null while there is no answer, and for those bought before answers had types. */
    answerType: answerType.nullable(),
    createdAt: z.string(),
    answeredAt: z.string().nullable(),
  })
  .meta({ id: 'LlmCall' });
export type LlmCallView = z.infer<typeof llmCallView>;

export const llmItemDetail = llmItemView.extend({ calls: z.array(llmCallView) }).meta({ id: 'LlmItemDetail' });
export type LlmItemDetail = z.infer<typeof llmItemDetail>;

export const llmJobList = listOf(llmJobView).meta({ id: 'LlmJobList' });
export const llmJobQuery = listQuery({ sort: ['createdAt'] }).extend({
  state: llmJobState.optional(),
  purpose: llmPurposeName.optional(),
});
export type LlmJobQuery = z.infer<typeof llmJobQuery>;

export const llmItemList = listOf(llmItemView).meta({ id: 'LlmItemList' });
export const llmItemQuery = listQuery({ sort: ['id', 'updatedAt'], order: 'asc' }).extend({
  state: llmItemState.optional(),
});
export type LlmItemQuery = z.infer<typeof llmItemQuery>;
