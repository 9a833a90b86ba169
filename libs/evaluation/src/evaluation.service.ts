import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { writeAudit } from '@qingnang/audit';
import type {
  Actor,
  CreateEvaluation,
  EvaluationItemQuery,
  EvaluationItemView,
  EvaluationListItem,
  EvaluationQuery,
  EvaluationView,
  ListReply,
} from '@qingnang/contracts';
import { DomainError, notFound } from '@qingnang/kernel';
import { LlmJobService } from '@qingnang/llm';
import { notify } from '@qingnang/queue';
import { EvaluationEntity } from './evaluation.entity.js';
import { insertEvaluation } from './making/insert-evaluation.js';
import { listEvaluationItems } from './results/evaluation-items.js';
import { listEvaluations, readEvaluation } from './results/evaluation.views.js';
import { settleEvaluation, startAnswers } from './stages/evaluation-stages.js';

const UNDER_WAY: readonly string[] = ['queued', 'answering', 'judging'];

/** Comparisons of entrants on one suite, by judges. */
@Injectable()
export class EvaluationService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly jobs: LlmJobService,
  ) {}

  list(actor: Actor, query: EvaluationQuery): Promise<ListReply<EvaluationListItem>> {
    return listEvaluations(this.dataSource, actor.projectId, query);
  }

  get(actor: Actor, id: string): Promise<EvaluationView> {
    return readEvaluation(this.dataSource, actor.projectId, id);
  }

  async items(actor: Actor, id: string, query: EvaluationItemQuery): Promise<ListReply<EvaluationItemView>> {
    const known = await this.dataSource.manager.existsBy(EvaluationEntity, { projectId: actor.projectId, id });
    if (!known) throw notFound('evaluation', id);
    return listEvaluationItems(this.dataSource, id, query);
  }

  /**
   * Starts an evaluation: the entrants that are models answer, then judges compare, models in both orders and doctors blind.
   * @throws DomainError 422 naming suite, entrant or judge at fault
   */
  create(actor: Actor, input: CreateEvaluation): Promise<EvaluationView> {
    return this.dataSource.transaction(async (tx) => {
      const evaluation = await insertEvaluation(tx, actor, input);
      await startAnswers(tx, evaluation);
      await writeAudit(tx, actor, {
        action: 'evaluation.create',
        subjectType: 'evaluation',
        subjectId: evaluation.id,
        after: {
          suiteId: input.suiteId,
          entrants: input.entrants.map((entrant) => (entrant.kind === 'model' ? entrant.modelId : entrant.kind)),
          judges: input.judges.map((judge) => (judge.kind === 'model' ? judge.model : judge.kind)),
        },
      });
      return readEvaluation(tx, actor.projectId, evaluation.id);
    });
  }

  /** Ends it with its jobs and tasks; what was answered stays. @throws DomainError `evaluation.ended` (409) */
  cancel(actor: Actor, id: string): Promise<EvaluationView> {
    return this.act(actor, id, 'cancel', async (tx, evaluation) => {
      if (!UNDER_WAY.includes(evaluation.state)) throw ended(evaluation.state);
      await tx.update(EvaluationEntity, { id }, { state: 'cancelled', endedAt: new Date() });
      const jobs = await tx.query<{ id: string }[]>(
        `select id from llm_job where parent_type = 'evaluation' and parent_id = $1 and state in ('running', 'paused')`,
        [id],
      );
      for (const job of jobs) await this.jobs.cancel(tx, actor, job.id);
      await turnDoctorsTo(tx, id, 'closed');
    });
  }

  /** Asks doctors no more; the figures are those of the verdicts that are in. @throws DomainError `evaluation.no_doctors` (409) */
  finishDoctors(actor: Actor, id: string): Promise<EvaluationView> {
    return this.act(actor, id, 'finish_doctors', (tx) => turn(tx, id, 'closed'));
  }

  /** Asks them again for what is missing. @throws DomainError `evaluation.no_doctors` (409) */
  askDoctorsAgain(actor: Actor, id: string): Promise<EvaluationView> {
    return this.act(actor, id, 'ask_doctors_again', async (tx, evaluation) => {
      if (evaluation.state === 'cancelled') throw ended(evaluation.state);
      await turn(tx, id, 'open');
    });
  }

  /** Before its doctors' set is opened elsewhere: one that was cancelled asks nobody. @throws DomainError `evaluation.ended` (409) */
  async mayAskDoctors({ projectId }: Actor, id: string): Promise<void> {
    const { state } = await this.dataSource.manager.findOneByOrFail(EvaluationEntity, { projectId, id });
    if (state === 'cancelled') throw ended(state);
  }

  /** After its doctors' set was opened or closed elsewhere. */
  settle(id: string): Promise<void> {
    return this.dataSource.transaction((tx) => settleEvaluation(tx, id));
  }

  private act(
    actor: Actor,
    id: string,
    what: string,
    run: (tx: EntityManager, evaluation: EvaluationEntity) => Promise<void>,
  ): Promise<EvaluationView> {
    return this.dataSource.transaction(async (tx) => {
      const evaluation = await tx.findOne(EvaluationEntity, {
        where: { projectId: actor.projectId, id },
        lock: { mode: 'for_no_key_update' },
      });
      if (!evaluation) throw notFound('evaluation', id);
      await run(tx, evaluation);
      await notify(tx, actor.projectId, 'evaluations', id);
      await writeAudit(tx, actor, { action: `evaluation.${what}`, subjectType: 'evaluation', subjectId: id });
      return readEvaluation(tx, actor.projectId, id);
    });
  }
}

async function turn(tx: EntityManager, id: string, state: 'open' | 'closed'): Promise<void> {
  const turned = await turnDoctorsTo(tx, id, state);
  if (turned === 0) {
    throw new DomainError({
      code: 'evaluation.no_doctors',
      status: 409,
      detail: 'No doctor is asked in this evaluation, or not yet: there is nothing to end or to take up again.',
    });
  }
  await settleEvaluation(tx, id);
}

/** The doctors' sets of an evaluation, opened or closed; their number. */
async function turnDoctorsTo(tx: EntityManager, id: string, state: 'open' | 'closed'): Promise<number> {
  // TypeORM answers an UPDATE with [rows, count].
  const [sets]: [{ id: string; project_id: string }[], number] = await tx.query(
    `update task_set ts set state = $2, revision = revision + 1 from evaluation_judge j
     where j.evaluation_id = $1 and ts.id = j.task_set_id returning ts.id, ts.project_id`,
    [id, state],
  );
  for (const set of sets) await notify(tx, set.project_id, 'task-sets', set.id);
  return sets.length;
}

function ended(state: string): DomainError {
  return new DomainError({
    code: 'evaluation.ended',
    status: 409,
    detail: `This evaluation is ${state} already: there is nothing to cancel or to take up.`,
  });
}
