import type { DataSource, EntityManager } from 'typeorm';
import { writeAudit } from '@qingnang/audit';
import { systemActor } from '@qingnang/contracts';
import { cancelBulkJob } from '@qingnang/corpus';
import { notify } from '@qingnang/queue';
import { ApprovalRuleEntity } from './approval-rule.entity.js';
import { checkFigures } from './read-figures.js';
import { isAboveBar } from './rule-figures.js';

const ABOVE_BAR =
  'approval_rule.spot_checks_above: Spot checks found more faults than the bar allows, so nothing more is let in. What was let in stands below: hand it back, or have it read.';

/** Of one look; the next takes the others. */
const MOST = 50;

/** Rules in force with a spot check on which something was decided since the last look, or at its very moment. */
const TO_LOOK_AT = `select r.id from approval_rule r where r.state = 'in_force' and exists (
    select from approval_check c join task t on t.task_set_id = c.task_set_id
    where c.rule_id = r.id and t.state = 'decided'
      and (r.checked_at is null or t.updated_at > r.checked_at - interval '1 minute'))
  order by r.checked_at nulls first limit ${MOST}`;

/** Looks at what spot checks have found, and stops the rules that they speak against. */
export async function stopFaultyRules(dataSource: DataSource): Promise<void> {
  const rows = await dataSource.query<{ id: string }[]>(TO_LOOK_AT);
  for (const { id } of rows) {
    await dataSource.transaction(async (tx) => {
      const rule = await lockRule(tx, { id });
      if (rule?.state !== 'in_force') return;
      await tx.query('update approval_rule set checked_at = now() where id = $1', [id]);
      await stopIfFaulty(tx, rule);
    });
  }
}

/** Holds a rule while something is done by it; its job first, as whoever does the job has it. */
export async function lockRule(
  tx: EntityManager,
  where: { id: string; projectId?: string },
): Promise<ApprovalRuleEntity | null> {
  await tx.query('select from bulk_job where id = (select bulk_job_id from approval_rule where id = $1) for update', [
    where.id,
  ]);
  return tx.findOne(ApprovalRuleEntity, { where, lock: { mode: 'pessimistic_write' } });
}

/** Stops a rule in force, which the caller holds, where spot checks show more faults than its bar allows. */
export async function stopIfFaulty(tx: EntityManager, rule: ApprovalRuleEntity): Promise<boolean> {
  const checks = await checkFigures(tx, rule);
  if (!isAboveBar(rule.bar, rule.evidence!.all, checks)) return false;
  await tx.query(
    `update approval_rule set state = 'stopped', stopped_why = 'spot_checks', stopped_at = now() where id = $1`,
    [rule.id],
  );
  await cancelBulkJob(tx, { projectId: rule.projectId, id: rule.bulkJobId! }, ABOVE_BAR);
  await notify(tx, rule.projectId, 'approval-rules', rule.id);
  await writeAudit(tx, systemActor(rule.projectId, 'approval_rule.checks'), {
    action: 'approval_rule.stop',
    subjectType: 'approval_rule',
    subjectId: rule.id,
    after: { why: 'spot_checks', bar: rule.bar, read: checks.read, faults: checks.faults, atLeast: checks.atLeast },
  });
  return true;
}
