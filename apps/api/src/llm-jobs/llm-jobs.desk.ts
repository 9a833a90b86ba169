import { Injectable } from '@nestjs/common';
import { writeAudit } from '@qingnang/audit';
import type {
  Actor,
  LlmEstimate,
  LlmItemQuery,
  LlmJobDetail,
  LlmJobQuery,
  NewLlmJobBody,
  UpdateLlmJob,
} from '@qingnang/contracts';
import { newDistilJob } from '@qingnang/distill';
import {
  getLlmItem,
  getLlmJob,
  listLlmItems,
  listLlmJobs,
  type LlmJobEntity,
  LlmJobService,
  type NewLlmJob,
} from '@qingnang/llm';
import { DataSource, type EntityManager } from 'typeorm';

/** What people ask for, as the gate takes it. */
async function jobOf(tx: EntityManager, actor: Actor, input: NewLlmJobBody): Promise<NewLlmJob> {
  return input.purpose === 'distil' ? newDistilJob(tx, actor, input) : input;
}

export type JobStep = 'start' | 'pause' | 'resume' | 'cancel' | 'retryFailed';

/** Joins what the gate does with the log it stands below: one transaction for the act and its entry. */
@Injectable()
export class LlmJobsDesk {
  constructor(
    private readonly dataSource: DataSource,
    private readonly jobs: LlmJobService,
  ) {}

  list(actor: Actor, query: LlmJobQuery) {
    return listLlmJobs(this.dataSource.manager, actor, query);
  }

  get(actor: Actor, id: string): Promise<LlmJobDetail> {
    return getLlmJob(this.dataSource.manager, actor, id);
  }

  items(actor: Actor, id: string, query: LlmItemQuery) {
    return listLlmItems(this.dataSource.manager, actor, id, query);
  }

  item(actor: Actor, id: string, itemId: string) {
    return getLlmItem(this.dataSource.manager, actor, id, itemId);
  }

  /** What such a job would do, without making it. */
  async estimate(actor: Actor, input: NewLlmJobBody): Promise<LlmEstimate> {
    const runner = this.dataSource.createQueryRunner();
    await runner.startTransaction();
    try {
      return await this.jobs.preview(runner.manager, actor, await jobOf(runner.manager, actor, input));
    } finally {
      await runner.rollbackTransaction();
      await runner.release();
    }
  }

  create(actor: Actor, input: NewLlmJobBody): Promise<LlmJobDetail> {
    return this.act(actor, 'create', async (tx) => this.jobs.create(tx, actor, await jobOf(tx, actor, input)));
  }

  update(actor: Actor, id: string, revision: number, input: UpdateLlmJob): Promise<LlmJobDetail> {
    return this.act(actor, 'update', (tx) => this.jobs.update(tx, actor, id, revision, input));
  }

  step(actor: Actor, id: string, step: JobStep): Promise<LlmJobDetail> {
    return this.act(actor, step, (tx) => this.jobs[step](tx, actor, id));
  }

  private act(actor: Actor, verb: string, work: (tx: EntityManager) => Promise<LlmJobEntity>): Promise<LlmJobDetail> {
    return this.dataSource.transaction(async (tx) => {
      const { id, state, model, providerId, purpose, budgetLimit, settings } = await work(tx);
      await writeAudit(tx, actor, {
        action: `llm_job.${verb === 'retryFailed' ? 'retry' : verb}`,
        subjectType: 'llm_job',
        subjectId: id,
        after: { state, model, providerId, purpose, budgetLimit, sourceId: settings.sourceId },
      });
      return getLlmJob(tx, actor, id);
    });
  }
}
