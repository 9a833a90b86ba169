import {
  type BulkJobEntity,
  backToWork,
  type BulkStep,
  approveAll,
  endApprovals,
  keptUnless,
  recordStep,
} from '@qingnang/corpus';
import type { EntityManager } from 'typeorm';
import type { ApprovalRuleEntity } from './approval-rule.entity.js';
import { drawCheck } from './draw-sample.js';
import { ruleLeaves } from './rule-population.js';
import { lockRule, stopIfFaulty } from './stop-rules.js';

/** What stands at an approval that a rule gave: people read a sample of its like. */
const RULE = 'sampled_rule';

const letIn = recordStep({
  kind: 'approve',
  leave: ({ settings, aboutId }, bind) => [
    ...ruleLeaves({ unpolished: settings.unpolished === true }),
    [
      'newer_than_sample',
      `greatest(v.created_at, r.created_at) > (select x.drawn_at from approval_rule x where x.id = ${bind(aboutId)}::uuid)`,
    ],
  ],
  async act(tx, { id, projectId, createdBy, reason }, chosen) {
    const by = { projectId, approvedBy: createdBy, rule: RULE, reason: reason ?? '', bulkJobId: id };
    const ids = await approveAll(tx, by, chosen);
    return chosen.map(({ recordId }, i) => ({ recordId, approvalId: ids[i] }));
  },
  async undo(tx, { projectId }, traces) {
    const kept = await keptUnless(
      tx,
      traces,
      'exists (select from approval a where a.id = x.approval_id and a.until_at is null)',
    );
    const back = traces.flatMap(({ recordId }) => (kept.has(recordId) ? [] : recordId));
    await endApprovals(tx, back);
    await backToWork(tx, projectId, back);
    return kept;
  },
});

/**
 * Approves what a rule speaks of, as long as it is in force; what it let in is then drawn for a spot check. Spot checks made
 * while it is at work are looked at before every batch.
 */
export const approveStep: BulkStep = {
  ...letIn,
  async batch(tx, job) {
    const rule = await ruleOf(tx, job);
    if (rule.state !== 'in_force' || (await stopIfFaulty(tx, rule)))
      return {
        afterId: null,
        done: 0,
        left: {},
        stopped: 'approval_rule.stopped: This rule was stopped, so it lets in nothing more.',
      };
    return letIn.batch(tx, job);
  },
  async finish(tx, job) {
    const rule = await ruleOf(tx, job);
    if (rule.checkSize > 0) await drawCheck(tx, rule, rule.checkSize, job.createdBy);
  },
};

async function ruleOf(tx: EntityManager, { projectId, aboutId }: BulkJobEntity): Promise<ApprovalRuleEntity> {
  return (await lockRule(tx, { projectId, id: aboutId! }))!;
}
