import type { EntityManager } from 'typeorm';
import { createLlmJob, startLlmJob } from '@qingnang/llm';
import { notify } from '@qingnang/queue';
import { EvaluationEntity } from './evaluation.entity.js';
import { summarise } from './summarise.js';

/** Lets both models answer. */
export async function startAnswers(tx: EntityManager, evaluation: EvaluationEntity): Promise<void> {
  for (const modelId of [evaluation.modelAId, evaluation.modelBId]) {
    const [provider] = await tx.query<{ id: string; model: string }[]>(
      `select id, models -> 0 ->> 'name' as model from provider where project_id = $1 and model_id = $2`,
      [evaluation.projectId, modelId],
    );
    await startStage(tx, evaluation, {
      providerId: provider!.id,
      model: provider!.model,
      settings: { stage: 'answer', evaluationId: evaluation.id, modelId },
    });
  }
  await enter(tx, evaluation, 'answering');
}

/** Called in the transaction that ends a job of the evaluation: goes on to the verdicts, or to the end. */
export async function stageEnded(tx: EntityManager, evaluationId: string): Promise<void> {
  // Both models may finish at once: the one that comes second sees the other done.
  const evaluation = await tx.findOneOrFail(EvaluationEntity, {
    where: { id: evaluationId },
    lock: { mode: 'pessimistic_write' },
  });
  const [left] = await tx.query<{ n: number }[]>(
    `select count(*)::int as n from llm_job where parent_type = 'evaluation' and parent_id = $1 and state <> 'done'`,
    [evaluationId],
  );
  if (left!.n > 0) return;
  if (evaluation.state === 'answering') {
    await startStage(tx, evaluation, {
      providerId: evaluation.judgeProviderId,
      model: evaluation.judgeModel,
      promptVersionIds: [evaluation.promptVersionId!],
      settings: { stage: 'verdict', evaluationId },
    });
    await enter(tx, evaluation, 'judging');
  } else if (evaluation.state === 'judging') {
    const summary = await summarise(tx, evaluationId);
    await tx.query(`update evaluation set summary = $2, ended_at = now() where id = $1`, [
      evaluationId,
      JSON.stringify(summary),
    ]);
    await enter(tx, evaluation, 'done');
  }
}

async function startStage(
  tx: EntityManager,
  evaluation: EvaluationEntity,
  stage: {
    providerId: string;
    model: string;
    promptVersionIds?: string[];
    settings: Record<string, string>;
  },
): Promise<void> {
  const who = { projectId: evaluation.projectId, personId: evaluation.createdBy };
  const job = await createLlmJob(tx, who, {
    ...stage,
    purpose: 'evaluate',
    name: evaluation.name,
    parentType: 'evaluation',
    parentId: evaluation.id,
  });
  await startLlmJob(tx, who, job.id);
}

async function enter(tx: EntityManager, evaluation: EvaluationEntity, state: EvaluationEntity['state']): Promise<void> {
  await tx.query('update evaluation set state = $2 where id = $1', [evaluation.id, state]);
  await notify(tx, evaluation.projectId, 'evaluations', evaluation.id);
}
