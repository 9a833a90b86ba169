import type { ApprovalRule, ApprovalRuleDetail, RuleBlock, RuleEvidence } from '@qingnang/contracts';
import type { Queryable } from '@qingnang/database';
import { notFound } from '@qingnang/kernel';
import type { EntityManager } from 'typeorm';
import { ApprovalRuleEntity } from './approval-rule.entity.js';
import { readChecks, readSample } from './read-figures.js';
import { evidenceOf, figuresOf, goneOf, isAboveBar, unreadOf } from './rule-figures.js';

export const RULE_COLUMNS = `a.id, a.name, a.state, a.filter, a.unpolished, a.bar, a.seed, a.size, a.population, a.drawn,
  a.sample_task_set_id as "sampleTaskSetId", a.bulk_job_id as "bulkJobId", a.reason, by.display_name as "approvedBy",
  a.approved_at as "approvedAt", a.stopped_why as "stoppedWhy", a.stop_reason as "stopReason",
  a.stopped_at as "stoppedAt", maker.display_name as "createdBy", a.created_at as "createdAt"`;
export const RULE_FROM = `approval_rule a left join person by on by.id = a.approved_by
  left join person maker on maker.id = a.created_by`;

/** A rule with what people have found so far, and what keeps it from being approved. */
export async function readRuleDetail(tx: EntityManager, projectId: string, id: string): Promise<ApprovalRuleDetail> {
  const rule = await tx.findOneBy(ApprovalRuleEntity, { projectId, id });
  if (!rule) throw notFound('approval rule', id);
  const [head] = await tx.query<ApprovalRule[]>(`select ${RULE_COLUMNS} from ${RULE_FROM} where a.id = $1`, [id]);
  const sample = await readSample(tx, rule);
  const evidence = rule.evidence ?? evidenceOf(rule, sample);
  const { taskSetIds, readings } = await readChecks(tx, rule);
  const checks = { ...figuresOf(readings), unread: unreadOf(readings), taskSetIds };
  const [unread, gone] = [unreadOf(sample), goneOf(sample)];
  return {
    ...head!,
    evidence,
    unread,
    gone,
    checks,
    aboveBar: isAboveBar(rule.bar, evidence.all, checks),
    block: blockOf(rule, evidence, { unread, gone }),
    promptNames: await namesOf(
      tx,
      evidence.promptVersions.flatMap(({ value }) => value ?? []),
    ),
  };
}

/** All that was drawn has to be read: what readers put off may be what is wrong. */
function blockOf(
  { state, drawnAt, drawn, bar }: ApprovalRuleEntity,
  { all }: RuleEvidence,
  { unread, gone }: { unread: number; gone: number },
): RuleBlock | null {
  if (state !== 'sampling') return 'not_sampling';
  if (drawnAt === null || drawn === null) return 'not_drawn';
  if (drawn === gone) return 'nothing_drawn';
  if (unread > 0 || all.read + gone < drawn) return 'unread';
  return all.atMost! > bar ? 'above_bar' : null;
}

async function namesOf(db: Queryable, promptVersionIds: readonly string[]): Promise<Record<string, string>> {
  const rows = await db.query<{ id: string; name: string }[]>(
    `select p.id, t.name || ' v' || p.number as name from prompt_version p join prompt_template t on t.id = p.template_id
     where p.id = any($1::uuid[])`,
    [promptVersionIds],
  );
  return Object.fromEntries(rows.map(({ id, name }) => [id, name]));
}
