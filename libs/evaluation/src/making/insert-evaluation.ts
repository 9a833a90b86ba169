import type { EntityManager } from 'typeorm';
import type { Actor, CreateEvaluation } from '@qingnang/contracts';
import { ensurePairwisePrompt } from '@qingnang/judge';
import { uuidv7 } from '@qingnang/kernel';
import { EntrantEntity } from '../entrant.entity.js';
import { EvaluationJudgeEntity } from '../evaluation-judge.entity.js';
import { EvaluationEntity } from '../evaluation.entity.js';
import { ModelAnswerEntity } from '../model-answer.entity.js';
import { checkEntrant, checkProvider, checkSuite } from './check-entrants.js';

/** Writes an evaluation with its entrants, their uploaded answers and its judges. @throws `evaluation.unsuitable` (422) */
export async function insertEvaluation(
  tx: EntityManager,
  actor: Actor,
  input: CreateEvaluation,
): Promise<EvaluationEntity> {
  const { questions } = await checkSuite(tx, actor, input.suiteId);
  const id = uuidv7();
  const { name, suiteId, baseline: baselineN, maxTokens, temperature } = input;
  await tx.insert(EvaluationEntity, {
    ...{ id, name, suiteId, baselineN },
    projectId: actor.projectId,
    settings: { maxTokens, temperature },
    total: callsOf(input, questions),
    createdBy: actor.personId,
  });
  for (const index of input.entrants.keys()) await insertEntrant(tx, actor, id, input, index, questions);
  for (const index of input.judges.keys()) await insertJudge(tx, actor, id, input, index);
  return tx.findOneByOrFail(EvaluationEntity, { id });
}

/** Calls to models: each asked entrant a question, each model judge a pair of entrants and a question, in both orders. */
function callsOf({ entrants, judges, baseline }: CreateEvaluation, questions: number): number {
  const asked = entrants.filter(({ kind }) => kind !== 'uploaded').length;
  const pairs = baseline === null ? (entrants.length * (entrants.length - 1)) / 2 : entrants.length - 1;
  return questions * (asked + 2 * pairs * judges.filter(({ kind }) => kind === 'model').length);
}

async function insertEntrant(
  tx: EntityManager,
  actor: Actor,
  evaluationId: string,
  input: CreateEvaluation,
  index: number,
  questions: number,
): Promise<void> {
  const { projectId } = actor;
  const entrant = input.entrants[index]!;
  const id = uuidv7();
  await tx.insert(EntrantEntity, {
    ...{ id, projectId, evaluationId, n: index + 1, kind: entrant.kind },
    name: await checkEntrant(tx, actor, entrant, `entrants.${index}`, questions),
    modelId: entrant.kind === 'model' ? entrant.modelId : null,
    providerId: entrant.kind === 'provider' ? entrant.providerId : null,
    providerModel: entrant.kind === 'provider' ? entrant.model : null,
    authorId: entrant.kind === 'uploaded' ? entrant.authorId : null,
    deidentified: entrant.kind === 'uploaded' && entrant.deidentified,
  });
  if (entrant.kind !== 'uploaded') return;
  const items = await tx.query<{ id: string; n: number }[]>('select id, n from suite_item where suite_id = $1', [
    input.suiteId,
  ]);
  const byNumber = new Map(items.map((item) => [item.n, item.id]));
  const place = { projectId, evaluationId, entrantId: id };
  const rows = entrant.answers.map(({ n, turns }) => ({
    ...place,
    id: uuidv7(),
    suiteItemId: byNumber.get(n)!,
    turns,
  }));
  for (let from = 0; from < rows.length; from += 200) await tx.insert(ModelAnswerEntity, rows.slice(from, from + 200));
}

async function insertJudge(
  tx: EntityManager,
  actor: Actor,
  evaluationId: string,
  input: CreateEvaluation,
  index: number,
): Promise<void> {
  const { projectId } = actor;
  const judge = input.judges[index]!;
  const place = { id: uuidv7(), projectId, evaluationId, n: index + 1 };
  if (judge.kind === 'doctors') {
    const { kind, ...settings } = judge;
    await tx.insert(EvaluationJudgeEntity, { ...place, kind, settings });
    return;
  }
  await checkProvider(tx, actor, `judges.${index}`, judge);
  const promptVersionId = await ensurePairwisePrompt(tx, projectId);
  const { kind, providerId, model } = judge;
  await tx.insert(EvaluationJudgeEntity, { ...place, kind, providerId, model, promptVersionId });
}
