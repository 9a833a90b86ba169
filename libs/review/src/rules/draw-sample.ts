import type { EntityManager } from 'typeorm';
import type { Role } from '@qingnang/contracts';
import { sampleSql } from '@qingnang/corpus';
import { countSubjects, makeTasks, makeTaskSet, type TaskSubjects } from '../make-tasks.js';
import type { TaskSetEntity } from '../task-set.entity.js';
import { ApprovalCheckEntity, ApprovalRuleEntity } from './approval-rule.entity.js';
import { drawnBy, IN_REVIEW, rulePopulation } from './rule-population.js';

/**
 * Draws a rule's sample, all of it at one moment, and notes of how many. Each is shown as it would be approved.
 * Returns how many were drawn.
 */
export async function drawSample(tx: EntityManager, set: TaskSetEntity): Promise<number> {
  const rule = await tx.findOneByOrFail(ApprovalRuleEntity, { projectId: set.projectId, sampleTaskSetId: set.id });
  if (rule.drawnAt !== null || rule.state !== 'sampling') return 0;
  const counted: unknown[] = [rule.projectId];
  const [{ n }] = (await tx.query(`select count(*)::int as n from ${rulePopulation(rule, counted)}`, counted)) as [
    { n: number },
  ];
  const params: unknown[] = [rule.projectId, set.id];
  const from = rulePopulation(rule, params);
  const [seed, size] = [rule.seed, rule.size].map((value) => `$${params.push(value)}`);
  const { made } = await makeTasks(
    tx,
    set,
    {
      params,
      shows: true,
      sql: `select r.id as subject_id, r.id as record_id, v.id as shown_id from ${from}
        order by ${drawnBy(seed!, 'r.id')} limit ${size}`,
    },
    { after: null, limit: null },
  );
  await tx.query('update approval_rule set drawn_at = now(), population = $2, drawn = $3 where id = $1', [
    rule.id,
    n,
    made,
  ]);
  return made;
}

/** Above so many, only about as many as are wanted are looked at: drawn by chance, too, and never the whole of them. */
const LOOK_AT_ALL = 10_000;

/** A task set of texts that a rule let in, that stand as it let them in and are in nobody's review; null where there are none. */
export async function drawCheck(
  tx: EntityManager,
  rule: ApprovalRuleEntity,
  size: number,
  personId: string | null,
): Promise<string | null> {
  const { projectId, id: ruleId } = rule;
  const [sample] = await tx.query<{ roles: Role[]; departments: string[]; checks: number; done: number }[]>(
    `select ts.roles, ts.departments, j.done, (select count(*)::int from approval_check c where c.rule_id = $2) as checks
     from task_set ts, bulk_job j where ts.id = $1 and j.id = $3`,
    [rule.sampleTaskSetId, ruleId, rule.bulkJobId],
  );
  const { roles, departments, checks, done } = sample!;
  const letIn = letInBy(rule, { n: checks + 1, size, done });
  if ((await countSubjects(tx, letIn(ruleId), 1)) === 0) return null;
  const { id } = await makeTaskSet(
    tx,
    { projectId, personId },
    {
      ...{ name: `${rule.name} · ${checks + 1}`, kind: 'polish_review', filter: {}, overlap: 1, deadline: null },
      ...{ roles, departments, settings: { ruleId } },
    },
    letIn,
  );
  await tx.insert(ApprovalCheckEntity, { taskSetId: id, projectId, ruleId });
  return id;
}

const letInBy =
  (rule: ApprovalRuleEntity, check: { n: number; size: number; done: number }) =>
  (taskSetId: string): TaskSubjects => ({
    params: [rule.projectId, taskSetId, rule.bulkJobId, `${rule.seed}:${check.n}`, check.size],
    shows: true,
    sql: `select r.id as subject_id, r.id as record_id, a.version_id as shown_id
      from bulk_item i join approval a on a.id = i.approval_id join record r on r.id = i.record_id
      where i.project_id = $1 and i.bulk_job_id = $3 and i.outcome = 'done' and a.until_at is null and not ${IN_REVIEW}
        and ${sampleSql('i.record_id', check.done > LOOK_AT_ALL ? (4 * check.size + 200) / check.done : 1, check.n)}
      order by ${drawnBy('$4', 'r.id')} limit $5`,
  });
