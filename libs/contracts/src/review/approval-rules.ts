import { z } from 'zod';
import { role } from '../platform/access.js';
import { listOf, listQuery } from '../platform/lists.js';
import { recordFilter } from '../corpus/record-filter.js';
import { dataSet } from '../vocabulary.js';

/**
 * sampling: people read a sample of what it would let in. in_force: it was approved on what they found. stopped: it lets in
 * nothing more; what it let in stands until it is taken back.
 */
export const ruleState = z.enum(['sampling', 'in_force', 'stopped']);
export type RuleState = z.infer<typeof ruleState>;

/** Of the claim "at most": one-sided, as in "0 faults of 299: at most 1 %". */
export const RULE_CONFIDENCE = 0.95;
export const MOST_SAMPLED = 5_000;

/**
 * What people found in the texts they read. A fault is a text that its reader rejected or handed in with other words; one
 * that went to a doctor or a lead is a fault unless it was let stand word for word.
 */
export const ruleFigures = z.object({
  read: z.int(),
  faults: z.int(),
  /** Share of faults, with its exact interval (Clopper–Pearson, two-sided 95 %); null where nothing was read. */
  rate: z.number().nullable(),
  low: z.number().nullable(),
  high: z.number().nullable(),
  /** One-sided exact limits at 95 %. What lets a rule in force is that `atMost` is not above the bar. */
  atMost: z.number().nullable(),
  atLeast: z.number().nullable(),
});
export type RuleFigures = z.infer<typeof ruleFigures>;

const figuresOf = <T extends z.ZodType>(value: T) => z.array(ruleFigures.extend({ value }));

/** The sample as it was read, in all and by where the texts come from. */
export const ruleEvidence = z.object({
  bar: z.number(),
  confidence: z.number(),
  seed: z.int(),
  /** Texts that the rule spoke of when the sample was drawn, and how many were drawn. */
  population: z.int(),
  drawn: z.int(),
  all: ruleFigures,
  dataSets: figuresOf(dataSet),
  sources: figuresOf(z.string()),
  /** Ids; null for texts that no prompt made. */
  promptVersions: figuresOf(z.string().nullable()),
});
export type RuleEvidence = z.infer<typeof ruleEvidence>;

const wish = {
  filter: recordFilter,
  /** Texts that nobody has polished, too. */
  unpolished: z.boolean().default(false),
  /** The largest share of faults to let in. */
  bar: z.number().min(0.001).max(0.5).default(0.01),
};

/** How many texts a rule would speak of, and how large a sample shows what. */
export const approvalRuleSizes = z.object(wish).meta({ id: 'ApprovalRuleSizes' });
export type ApprovalRuleSizes = z.infer<typeof approvalRuleSizes>;
export const proposedSizes = z
  .object({
    population: z.int(),
    populationIs: z.enum(['exact', 'at_least']),
    /** So many read with no more than so many faults say that the share is at most the bar. */
    sizes: z.array(z.object({ faults: z.int(), size: z.int() })),
  })
  .meta({ id: 'ProposedSizes' });
export type ProposedSizes = z.infer<typeof proposedSizes>;

export const createApprovalRule = z
  .object({
    ...wish,
    name: z.string().trim().min(1).max(200),
    size: z.int().min(1).max(MOST_SAMPLED),
    /** The same seed draws the same texts of the same records. */
    seed: z.int().min(0).max(2_147_483_647).optional(),
    /** Who reads the sample and the spot checks. */
    roles: z.array(role).min(1).default(['annotator']),
    /** Texts drawn for a spot check once it has let everything in. */
    checkSize: z.int().min(0).max(500).default(50),
  })
  .meta({ id: 'CreateApprovalRule' });
export type CreateApprovalRule = z.infer<typeof createApprovalRule>;

export const applyApprovalRule = z
  .object({ reason: z.string().trim().min(1).max(500) })
  .meta({ id: 'ApplyApprovalRule' });
export type ApplyApprovalRule = z.infer<typeof applyApprovalRule>;

export const stopApprovalRule = z
  .object({ reason: z.string().trim().min(1).max(500) })
  .meta({ id: 'StopApprovalRule' });
export type StopApprovalRule = z.infer<typeof stopApprovalRule>;

export const checkApprovalRule = z.object({ size: z.int().min(1).max(500) }).meta({ id: 'CheckApprovalRule' });
export type CheckApprovalRule = z.infer<typeof checkApprovalRule>;

/** What keeps a rule from being approved. */
export const ruleBlock = z.enum(['not_drawn', 'nothing_drawn', 'unread', 'above_bar', 'not_sampling']);
export type RuleBlock = z.infer<typeof ruleBlock>;

export const approvalRule = z
  .object({
    id: z.uuid(),
    name: z.string(),
    state: ruleState,
    filter: z.record(z.string(), z.unknown()),
    unpolished: z.boolean(),
    bar: z.number(),
    seed: z.int(),
    size: z.int(),
    /** Null until the sample is drawn. */
    population: z.int().nullable(),
    drawn: z.int().nullable(),
    sampleTaskSetId: z.uuid(),
    /** The job that approves. */
    bulkJobId: z.uuid().nullable(),
    reason: z.string().nullable(),
    approvedBy: z.string().nullable(),
    approvedAt: z.iso.datetime().nullable(),
    stoppedWhy: z.enum(['spot_checks', 'person']).nullable(),
    stopReason: z.string().nullable(),
    stoppedAt: z.iso.datetime().nullable(),
    createdBy: z.string().nullable(),
    createdAt: z.iso.datetime(),
  })
  .meta({ id: 'ApprovalRule' });
export type ApprovalRule = z.infer<typeof approvalRule>;

export const approvalRuleDetail = approvalRule
  .extend({
    /** The sample as it is read today; once in force, as it stood then. */
    evidence: ruleEvidence,
    /** Drawn and neither read nor put aside meanwhile. */
    unread: z.int(),
    /** Drawn, then put aside, withdrawn or changed before anybody read it. */
    gone: z.int(),
    /** Texts that were let in and read since. */
    checks: ruleFigures.extend({ unread: z.int(), taskSetIds: z.array(z.uuid()) }),
    /** More faults than the bar allows: in all that was read, or shown by the spot checks alone. */
    aboveBar: z.boolean(),
    /** Null where it can be approved. */
    block: ruleBlock.nullable(),
    /** Names of the prompt versions of the evidence. */
    promptNames: z.record(z.string(), z.string()),
  })
  .meta({ id: 'ApprovalRuleDetail' });
export type ApprovalRuleDetail = z.infer<typeof approvalRuleDetail>;

export const approvalRuleList = listOf(approvalRule).meta({ id: 'ApprovalRuleList' });
export const approvalRuleQuery = listQuery({ sort: ['createdAt'] }).extend({ state: ruleState.optional() });
export type ApprovalRuleQuery = z.infer<typeof approvalRuleQuery>;
