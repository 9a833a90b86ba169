import { randomInt } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { writeAudit } from '@qingnang/audit';
import {
  type Actor,
  type ApplyApprovalRule,
  type ApprovalRule,
  type ApprovalRuleDetail,
  type ApprovalRuleQuery,
  type ApprovalRuleSizes,
  type CheckApprovalRule,
  type CreateApprovalRule,
  type ListReply,
  PAGED_ROWS,
  type ProposedSizes,
  type StopApprovalRule,
} from '@qingnang/contracts';
import { cancelBulkJob, orderBulkJob } from '@qingnang/corpus';
import { listPage, type Queryable } from '@qingnang/database';
import { notFound, uuidv7 } from '@qingnang/kernel';
import { notify } from '@qingnang/queue';
import { sizeFor } from '@qingnang/stats';
import { insertTaskSet } from '../make-tasks.js';
import { ApprovalRuleEntity } from './approval-rule.entity.js';
import { drawCheck } from './draw-sample.js';
import { readRuleDetail, RULE_COLUMNS, RULE_FROM } from './rule-detail.js';
import { rulePopulation } from './rule-population.js';
import { nothingToCheck, ruleBlocked, ruleEmpty, ruleNotInForce, ruleStopped } from './rules.errors.js';
import { lockRule } from './stop-rules.js';

/** Faults that a sample may show and still be small enough. */
const FAULTS_PROPOSED = [0, 1, 2, 3];

/** Rules by which texts are approved unread, each on what people found in a sample of its own. */
@Injectable()
export class ApprovalRuleService {
  constructor(private readonly dataSource: DataSource) {}

  list(actor: Actor, query: ApprovalRuleQuery): Promise<ListReply<ApprovalRule>> {
    const params: unknown[] = [actor.projectId];
    return listPage<ApprovalRule, ApprovalRule>(this.dataSource, {
      select: RULE_COLUMNS,
      from: RULE_FROM,
      where: ['a.project_id = $1', ...(query.state ? [`a.state = $${params.push(query.state)}`] : [])],
      params,
      sortable: { createdAt: { sql: 'a.created_at', type: 'timestamptz' } },
      id: { sql: 'a.id', type: 'uuid' },
      query,
      map: (row) => row,
    });
  }

  get(actor: Actor, id: string, tx: EntityManager = this.dataSource.manager): Promise<ApprovalRuleDetail> {
    return readRuleDetail(tx, actor.projectId, id);
  }

  /** How many texts a rule would speak of, and what a sample of which size can show. */
  async sizes(actor: Actor, wish: ApprovalRuleSizes): Promise<ProposedSizes> {
    const n = await countPopulation(this.dataSource, actor.projectId, wish, PAGED_ROWS + 1);
    return {
      population: Math.min(n, PAGED_ROWS),
      populationIs: n > PAGED_ROWS ? 'at_least' : 'exact',
      sizes: FAULTS_PROPOSED.map((faults) => ({ faults, size: sizeFor(wish.bar, faults) })),
    };
  }

  /** Has a sample drawn for people to read. @throws `approval_rule.empty` (422) */
  create(actor: Actor, input: CreateApprovalRule): Promise<ApprovalRuleDetail> {
    return this.dataSource.transaction(async (tx) => {
      if ((await countPopulation(tx, actor.projectId, input, 1)) === 0) throw ruleEmpty();
      const id = uuidv7();
      const { name, filter, unpolished, bar, size, checkSize, roles } = input;
      const sampleTaskSetId = await insertTaskSet(tx, actor, {
        ...{ name, kind: 'polish_review', filter, overlap: 1, roles, departments: [], deadline: null },
        settings: { ruleId: id },
      });
      const seed = input.seed ?? randomInt(2 ** 31);
      await tx.insert(ApprovalRuleEntity, {
        ...{ id, projectId: actor.projectId, name, filter, unpolished, bar, size, checkSize, seed },
        ...{ sampleTaskSetId, createdBy: actor.personId },
      });
      await orderBulkJob(tx, actor, {
        kind: 'make_task_set',
        filter,
        settings: { draw: 'sample', limit: size },
        aboutId: sampleTaskSetId,
      });
      await this.note(tx, actor, id, 'create', { bar, size, seed, unpolished, filteredBy: Object.keys(filter) });
      return this.get(actor, id, tx);
    });
  }

  /**
   * Puts a rule in force on what people found: it is kept with the rule as it stands now, and a job approves.
   * @throws `approval_rule.unread`, `approval_rule.above_bar` … (409): what is missing
   */
  approve(actor: Actor, id: string, { reason }: ApplyApprovalRule): Promise<ApprovalRuleDetail> {
    return this.dataSource.transaction(async (tx) => {
      const rule = await this.hold(tx, actor, id);
      const { evidence, block } = await this.get(actor, id, tx);
      if (block) throw ruleBlocked(block);
      const settings = { unpolished: rule.unpolished };
      const job = { kind: 'approve', filter: rule.filter, reason, settings, aboutId: id } as const;
      const bulkJobId = await orderBulkJob(tx, actor, job);
      await tx.query(
        `update approval_rule set state = 'in_force', evidence = $2, bulk_job_id = $3, reason = $4, approved_by = $5,
           approved_at = now() where id = $1`,
        [id, JSON.stringify(evidence), bulkJobId, reason, actor.personId],
      );
      const { bar, seed, population, drawn, all } = evidence;
      await this.note(tx, actor, id, 'approve', { bulkJobId, bar, seed, population, drawn, ...all });
      return this.get(actor, id, tx);
    });
  }

  /** Lets in nothing more, and asks for no more reading. @throws `approval_rule.stopped` (409) */
  stop(actor: Actor, id: string, { reason }: StopApprovalRule): Promise<ApprovalRuleDetail> {
    return this.dataSource.transaction(async (tx) => {
      const rule = await this.hold(tx, actor, id);
      if (rule.state === 'stopped') throw ruleStopped();
      await tx.query(
        `update approval_rule set state = 'stopped', stopped_why = 'person', stopped_by = $2, stop_reason = $3,
           stopped_at = now() where id = $1`,
        [id, actor.personId, reason],
      );
      if (rule.bulkJobId) await cancelBulkJob(tx, { projectId: actor.projectId, id: rule.bulkJobId });
      else await closeSample(tx, rule);
      await this.note(tx, actor, id, 'stop', { why: 'person', state: rule.state });
      return this.get(actor, id, tx);
    });
  }

  /** Has more of what was let in read. @throws `approval_rule.not_in_force`, `approval_rule.nothing_to_check` (409) */
  check(actor: Actor, id: string, { size }: CheckApprovalRule): Promise<ApprovalRuleDetail> {
    return this.dataSource.transaction(async (tx) => {
      const rule = await this.hold(tx, actor, id);
      if (rule.state !== 'in_force') throw ruleNotInForce();
      const taskSetId = await drawCheck(tx, rule, size, actor.personId);
      if (taskSetId === null) throw nothingToCheck();
      await this.note(tx, actor, id, 'check', { size, taskSetId });
      return this.get(actor, id, tx);
    });
  }

  private async hold(tx: EntityManager, actor: Actor, id: string): Promise<ApprovalRuleEntity> {
    const rule = await lockRule(tx, { projectId: actor.projectId, id });
    if (!rule) throw notFound('approval rule', id);
    return rule;
  }

  private async note(
    tx: EntityManager,
    actor: Actor,
    id: string,
    act: 'create' | 'approve' | 'stop' | 'check',
    after: Record<string, unknown>,
  ): Promise<void> {
    await notify(tx, actor.projectId, 'approval-rules', id);
    await writeAudit(tx, actor, { action: `approval_rule.${act}`, subjectType: 'approval_rule', subjectId: id, after });
  }
}

async function countPopulation(
  db: Queryable,
  projectId: string,
  rule: Pick<ApprovalRuleSizes, 'filter' | 'unpolished'>,
  most: number,
): Promise<number> {
  const params: unknown[] = [projectId];
  const from = rulePopulation(rule, params);
  const [row] = await db.query<{ n: number }[]>(
    `select count(*)::int as n from (select from ${from} limit $${params.push(most)}) counted`,
    params,
  );
  return row!.n;
}

/** Nobody need read on, and its texts wait as before. */
async function closeSample(tx: EntityManager, { projectId, sampleTaskSetId }: ApprovalRuleEntity): Promise<void> {
  await tx.query(`update task_set set state = 'closed', revision = revision + 1 where id = $1 and state = 'open'`, [
    sampleTaskSetId,
  ]);
  const drawing = await tx.query<{ id: string }[]>('select id from bulk_job where about_id = $1', [sampleTaskSetId]);
  for (const { id } of drawing) await cancelBulkJob(tx, { projectId, id });
  await notify(tx, projectId, 'task-sets', sampleTaskSetId);
}
