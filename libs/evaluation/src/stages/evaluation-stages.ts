import type { EntityManager } from 'typeorm';
import { DomainError } from '@qingnang/kernel';
import { createLlmJob, startLlmJob } from '@qingnang/llm';
import { notify } from '@qingnang/queue';
import { makeTaskSet } from '@qingnang/review';
import { EntrantEntity } from '../entrant.entity.js';
import { EvaluationJudgeEntity } from '../evaluation-judge.entity.js';
import { EvaluationEntity } from '../evaluation.entity.js';
import { summarise } from '../results/summarise.js';
import { makePairs } from './make-pairs.js';
import type { StageSettings } from './stage-settings.js';

/** Lets every entrant that is a model answer. Where none is, the answers are there, and judging begins. */
export async function startAnswers(tx: EntityManager, evaluation: EvaluationEntity): Promise<void> {
  const entrants = await tx.find(EntrantEntity, { where: { evaluationId: evaluation.id }, order: { n: 'ASC' } });
  const asked = entrants.filter(({ kind }) => kind !== 'uploaded');
  await enter(tx, evaluation, 'answering');
  for (const entrant of asked) {
    const { id: entrantId } = entrant;
    const settings = { stage: 'answer' as const, evaluationId: evaluation.id, entrantId };
    await startStage(tx, evaluation, { ...(await speakerOf(tx, entrant)), settings });
  }
  if (asked.length === 0) await startJudging(tx, evaluation);
}

/** Called in the transaction that ends a job of the evaluation: goes on to the verdicts, or to the end. */
export async function stageEnded(tx: EntityManager, evaluationId: string): Promise<void> {
  const evaluation = await lockEvaluation(tx, evaluationId);
  if (evaluation.state !== 'answering') return settle(tx, evaluation);
  if (!(await jobsAreDone(tx, evaluationId))) return;
  try {
    await tx.transaction((inner) => startJudging(inner, evaluation));
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    // A judge that was there when the evaluation was made is gone: the answers stay, and the reason is said.
    await tx.update(EvaluationEntity, { id: evaluationId }, { failure: error.code, endedAt: new Date() });
    await enter(tx, evaluation, 'failed');
  }
}

/** A stage that cannot be finished ends the evaluation; one that was cancelled, or is done, is left as it is. */
export async function stageFailed(tx: EntityManager, evaluationId: string, failure: string): Promise<void> {
  const evaluation = await lockEvaluation(tx, evaluationId);
  if (evaluation.state !== 'answering' && evaluation.state !== 'judging') return;
  const id = evaluationId;
  await tx.update(EvaluationEntity, { id }, { state: 'failed', failure, endedAt: new Date() });
  await notify(tx, evaluation.projectId, 'evaluations', id);
}

/** Ends an evaluation whose verdicts are all in, and takes one up again that waits for a verdict once more. */
export async function settleEvaluation(tx: EntityManager, evaluationId: string): Promise<void> {
  await settle(tx, await lockEvaluation(tx, evaluationId));
}

async function settle(tx: EntityManager, evaluation: EvaluationEntity): Promise<void> {
  const { id, state } = evaluation;
  if (state !== 'judging' && state !== 'done') return;
  const complete = (await jobsAreDone(tx, id)) && !(await doctorsAreAsked(tx, id));
  if (!complete && state === 'judging') return notify(tx, evaluation.projectId, 'evaluations', id);
  // Figures of an ended evaluation follow a verdict that comes or goes later.
  const summary = complete ? JSON.stringify(await summarise(tx, id)) : null;
  await tx.query(
    `update evaluation set summary = $2, ended_at = case when $2::jsonb is null then null else coalesce(ended_at, now()) end
     where id = $1`,
    [id, summary],
  );
  await enter(tx, evaluation, complete ? 'done' : 'judging');
}

/**
 * Two entrants, or two doctors, may finish at once: the one that comes second sees the other done. No stronger lock: a
 * verdict just written holds the evaluation's key.
 */
function lockEvaluation(tx: EntityManager, id: string): Promise<EvaluationEntity> {
  return tx.findOneOrFail(EvaluationEntity, { where: { id }, lock: { mode: 'for_no_key_update' } });
}

async function jobsAreDone(tx: EntityManager, evaluationId: string): Promise<boolean> {
  const [left]: unknown[] = await tx.query(
    `select from llm_job where parent_type = 'evaluation' and parent_id = $1 and state <> 'done' limit 1`,
    [evaluationId],
  );
  return left === undefined;
}

async function doctorsAreAsked(tx: EntityManager, evaluationId: string): Promise<boolean> {
  const [left]: unknown[] = await tx.query(
    `select from evaluation_judge j join task_set ts on ts.id = j.task_set_id and ts.state = 'open'
     join slot s on s.task_set_id = ts.id and s.state not in ('answered', 'accepted')
     where j.evaluation_id = $1 limit 1`,
    [evaluationId],
  );
  return left !== undefined;
}

async function startJudging(tx: EntityManager, evaluation: EvaluationEntity): Promise<void> {
  const pairs = await makePairs(tx, evaluation.id);
  const judges = await tx.find(EvaluationJudgeEntity, { where: { evaluationId: evaluation.id }, order: { n: 'ASC' } });
  await enter(tx, evaluation, 'judging');
  for (const judge of judges) {
    if (judge.kind === 'doctors' && pairs > 0) await askDoctors(tx, evaluation, judge);
    if (judge.kind === 'doctors') continue;
    await startStage(tx, evaluation, {
      providerId: judge.providerId!,
      model: judge.model!,
      promptVersionIds: [judge.promptVersionId!],
      settings: { stage: 'verdict', evaluationId: evaluation.id, judgeId: judge.id },
    });
  }
  await settle(tx, { ...evaluation, state: 'judging' });
}

async function askDoctors(
  tx: EntityManager,
  evaluation: EvaluationEntity,
  judge: EvaluationJudgeEntity,
): Promise<void> {
  const { overlap = 1, departments = [], deadline = null } = judge.settings;
  // Doctors see the name of a set; that of the evaluation may tell who is compared.
  const [suite] = await tx.query<{ name: string }[]>(
    `select name || ' v' || version as name from suite where id = $1`,
    [evaluation.suiteId],
  );
  const set = await makeTaskSet(
    tx,
    { projectId: evaluation.projectId, personId: evaluation.createdBy },
    {
      name: suite!.name,
      kind: 'blind_pair',
      filter: {},
      settings: { evaluationId: evaluation.id },
      roles: ['doctor'],
      ...{ overlap, departments, deadline },
    },
    (taskSetId) => ({
      params: [evaluation.projectId, taskSetId, evaluation.id],
      sql: `select p.id as subject_id, null::uuid as record_id from answer_pair p
        where p.project_id = $1 and p.evaluation_id = $3`,
    }),
  );
  await tx.update(EvaluationJudgeEntity, { id: judge.id }, { taskSetId: set.id });
}

/** Where an entrant is asked. A registered model answers at a provider of its own. */
async function speakerOf(tx: EntityManager, entrant: EntrantEntity): Promise<{ providerId: string; model: string }> {
  if (entrant.kind === 'provider') return { providerId: entrant.providerId!, model: entrant.providerModel! };
  const [provider] = await tx.query<{ providerId: string; model: string }[]>(
    `select id as "providerId", models -> 0 ->> 'name' as model from provider where project_id = $1 and model_id = $2`,
    [entrant.projectId, entrant.modelId],
  );
  return provider!;
}

async function startStage(
  tx: EntityManager,
  evaluation: EvaluationEntity,
  stage: { providerId: string; model: string; promptVersionIds?: string[]; settings: StageSettings },
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
