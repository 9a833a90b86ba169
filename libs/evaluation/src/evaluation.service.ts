import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { writeAudit } from '@qingnang/audit';
import type {
  Actor,
  CreateEvaluation,
  EvaluationItemQuery,
  EvaluationItemView,
  EvaluationQuery,
  EvaluationView,
  ListReply,
} from '@qingnang/contracts';
import { ensurePairwisePrompt } from '@qingnang/judge';
import { DomainError, notFound, uuidv7 } from '@qingnang/kernel';
import { LlmJobService, modelOf, ProviderEntity } from '@qingnang/llm';
import { EvaluationEntity } from './evaluation.entity.js';
import { startAnswers } from './evaluation-stages.js';
import { listEvaluationItems, listEvaluations, readEvaluation } from './evaluation.views.js';

const REHEARSAL_JUDGE = 'rehearsal-judge';

/** Comparisons of two models on one suite. */
@Injectable()
export class EvaluationService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly jobs: LlmJobService,
  ) {}

  list(actor: Actor, query: EvaluationQuery): Promise<ListReply<EvaluationView>> {
    return listEvaluations(this.dataSource, actor.projectId, query);
  }

  get(actor: Actor, id: string): Promise<EvaluationView> {
    return readEvaluation(this.dataSource, actor.projectId, id);
  }

  async items(actor: Actor, id: string, query: EvaluationItemQuery): Promise<ListReply<EvaluationItemView>> {
    await this.get(actor, id);
    return listEvaluationItems(this.dataSource, id, query);
  }

  /**
   * Starts an evaluation: both models answer, then the judge compares in both orders.
   * @throws DomainError 422 naming suite, model or judge at fault
   */
  create(actor: Actor, input: CreateEvaluation): Promise<EvaluationView> {
    const id = uuidv7();
    return this.dataSource.transaction(async (tx) => {
      await checkSuite(tx, actor, input.suiteId);
      await checkModel(tx, actor, 'modelA', input.modelA);
      await checkModel(tx, actor, 'modelB', input.modelB);
      const judge = await chooseJudge(tx, actor, input);
      await tx.insert(EvaluationEntity, {
        id,
        projectId: actor.projectId,
        name: input.name,
        suiteId: input.suiteId,
        modelAId: input.modelA,
        modelBId: input.modelB,
        judgeProviderId: judge.providerId,
        judgeModel: judge.model,
        promptVersionId: await ensurePairwisePrompt(tx, actor.projectId),
        settings: { maxTokens: input.maxTokens, temperature: input.temperature },
        createdBy: actor.personId,
      });
      await startAnswers(tx, await tx.findOneByOrFail(EvaluationEntity, { id }));
      await writeAudit(tx, actor, {
        action: 'evaluation.create',
        subjectType: 'evaluation',
        subjectId: id,
        after: { suiteId: input.suiteId, modelA: input.modelA, modelB: input.modelB, judge: judge.model },
      });
      return readEvaluation(tx, actor.projectId, id);
    });
  }

  /** Ends it with its jobs; what was answered stays. @throws DomainError `evaluation.ended` (409) */
  cancel(actor: Actor, id: string): Promise<EvaluationView> {
    return this.dataSource.transaction(async (tx) => {
      const evaluation = await tx.findOne(EvaluationEntity, {
        where: { projectId: actor.projectId, id },
        lock: { mode: 'pessimistic_write' },
      });
      if (!evaluation) throw notFound('evaluation', id);
      if (!['queued', 'answering', 'judging'].includes(evaluation.state)) throw ended(evaluation.state);
      await tx.update(EvaluationEntity, { id }, { state: 'cancelled', endedAt: new Date() });
      const jobs = await tx.query<{ id: string }[]>(
        `select id from llm_job where parent_type = 'evaluation' and parent_id = $1 and state in ('running', 'paused')`,
        [id],
      );
      for (const job of jobs) await this.jobs.cancel(tx, actor, job.id);
      await writeAudit(tx, actor, { action: 'evaluation.cancel', subjectType: 'evaluation', subjectId: id });
      return readEvaluation(tx, actor.projectId, id);
    });
  }
}

async function checkSuite(tx: EntityManager, actor: Actor, id: string): Promise<void> {
  const [suite] = await tx.query<{ state: string }[]>('select state from suite where project_id = $1 and id = $2', [
    actor.projectId,
    id,
  ]);
  if (!suite) throw unsuitable('suiteId', 'There is no such suite in this project: choose one of the list.');
  if (suite.state !== 'frozen') {
    throw unsuitable('suiteId', 'This suite is still a draft: freeze it first, so that the questions stay the same.');
  }
}

async function checkModel(tx: EntityManager, actor: Actor, field: string, id: string): Promise<void> {
  const [model] = await tx.query<{ state: string; speaks: boolean }[]>(
    `select state, exists (select from provider p where p.model_id = m.id) as speaks from model m
     where project_id = $1 and id = $2`,
    [actor.projectId, id],
  );
  if (!model) throw unsuitable(field, 'There is no such model in this project: choose one of the list.');
  if (!model.speaks) throw unsuitable(field, 'A reward model does not speak: choose an SFT or PPO model.');
  if (model.state === 'withdrawn') throw unsuitable(field, 'This model has been withdrawn: choose another.');
}

async function chooseJudge(
  tx: EntityManager,
  actor: Actor,
  input: CreateEvaluation,
): Promise<{ providerId: string; model: string }> {
  const { judgeProviderId: id, judgeModel = REHEARSAL_JUDGE } = input;
  const where = { projectId: actor.projectId, ...(id === undefined ? { kind: 'rehearsal' as const } : { id }) };
  const provider = await tx.findOneBy(ProviderEntity, where);
  if (!provider) throw unsuitable('judgeProviderId', 'There is no such provider in this project: choose a judge.');
  modelOf(provider, judgeModel);
  return { providerId: provider.id, model: judgeModel };
}

function unsuitable(field: string, detail: string): DomainError {
  return new DomainError({ code: 'evaluation.unsuitable', status: 422, field, detail });
}

function ended(state: string): DomainError {
  return new DomainError({
    code: 'evaluation.ended',
    status: 409,
    detail: `This evaluation is ${state} already: there is nothing to cancel.`,
  });
}
