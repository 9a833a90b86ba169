import type { EntityManager } from 'typeorm';
import { z } from 'zod';
import { type AnswerType, chatMessage, type ChatMessage } from '@qingnang/contracts';
import { mayLeaveSql } from '@qingnang/corpus';
import { pairForm, pairRequest, type PairVerdict } from '@qingnang/judge';
import {
  type AnswerForm,
  itemIdSql,
  type LlmAnswer,
  type LlmItemEntity,
  type LlmJobEntity,
  type LlmPurpose,
  type LlmRequest,
  type LlmResult,
  type OtherAnswer,
  plainAnswer,
  PromptVersionEntity,
  type PurposeContext,
  type PurposeEstimate,
  SubjectGoneError,
} from '@qingnang/llm';
import { DomainError, uuidv7 } from '@qingnang/kernel';
import { questionTurns } from '@qingnang/suites';
import { EvaluationEntity } from './evaluation.entity.js';
import { stageEnded } from './evaluation-stages.js';
import { ModelAnswerEntity } from './model-answer.entity.js';
import { VerdictEntity } from './verdict.entity.js';

/** Settings of an evaluation's jobs: which evaluation, and whether a model answers or the judge compares. */
export const stageSettings = z.discriminatedUnion('stage', [
  z.object({ stage: z.literal('answer'), evaluationId: z.uuid(), modelId: z.uuid() }),
  z.object({ stage: z.literal('verdict'), evaluationId: z.uuid() }),
]);
export type StageSettings = z.infer<typeof stageSettings>;

const orderShown = z.object({ first: z.uuid(), second: z.uuid() });

/**
 * A question may leave only if it is one of the corpus whose records may all leave: what was typed in has no source that
 * anybody declared de-identified.
 */
const QUESTION_MAY_LEAVE = `coalesce((select bool_and(${mayLeaveSql('r', 'r.import_version_id')}) from record r
  where r.project_id = q.project_id and r.question_hash = q.question_hash), false)`;

/** Answers of models to the questions of a suite, and verdicts of a judge about two of them in both orders. */
export class EvaluatePurpose implements LlmPurpose<string | PairVerdict> {
  readonly purpose = 'evaluate';
  readonly cacheable = true;

  /** Such jobs are made by an evaluation, which has checked everything there is to choose. */
  estimate(_tx: EntityManager, job: LlmJobEntity): Promise<PurposeEstimate> {
    readStage(job);
    throw new DomainError({
      code: 'evaluation.not_a_job',
      status: 422,
      field: 'purpose',
      detail: 'Models are compared by an evaluation: make one there, it starts its jobs itself.',
    });
  }

  async writeItems(tx: EntityManager, job: LlmJobEntity, context: PurposeContext): Promise<void> {
    const stage = readStage(job);
    if (stage.stage === 'answer') await writeAnswerItems(tx, job, stage, context);
    else await writeVerdictItems(tx, job, stage, context);
  }

  async buildRequest(tx: EntityManager, job: LlmJobEntity, item: LlmItemEntity): Promise<LlmRequest> {
    const stage = readStage(job);
    const [question] = await tx.query<
      { messages: ChatMessage[] | null; reference: string | null; mayLeave: boolean }[]
    >(
      `select q.messages, q.reference, ${QUESTION_MAY_LEAVE} as "mayLeave" from suite_item q
       where q.project_id = $1 and q.id = $2`,
      [job.projectId, item.subjectId],
    );
    if (!question?.messages) throw new SubjectGoneError('text_erased', 'The question was erased.');
    const { mayLeave } = question;
    const messages = z.array(chatMessage).parse(question.messages);
    const evaluation = await tx.findOneByOrFail(EvaluationEntity, { id: stage.evaluationId });
    if (stage.stage === 'answer') {
      const { maxTokens, temperature } = evaluation.settings;
      return { messages, settings: { maxOutputTokens: maxTokens, temperature }, mayLeave };
    }
    const prompt = await tx.findOneByOrFail(PromptVersionEntity, { id: item.promptVersionId! });
    const { first, second } = orderShown.parse(item.params);
    const [one, two] = [await answerText(tx, first), await answerText(tx, second)];
    const subject = { turns: questionTurns(messages), reference: question.reference, first: one, second: two };
    return { ...pairRequest(prompt, subject), mayLeave };
  }

  form(_tx: EntityManager, job: LlmJobEntity): Promise<AnswerForm<string | PairVerdict>> {
    return Promise.resolve(readStage(job).stage === 'answer' ? plainAnswer : pairForm);
  }

  store(tx: EntityManager, job: LlmJobEntity, item: LlmItemEntity, answer: LlmAnswer): Promise<LlmResult> {
    const stage = readStage(job);
    if (stage.stage === 'answer') return keepAnswer(tx, job, item, stage, { ...answer, type: 'complete' });
    return keepVerdict(tx, job, item, stage, answer as LlmAnswer<PairVerdict>);
  }

  /** A contestant's answer is kept as what it is and judged so; a judge's that is no verdict says nothing of anybody. */
  async storeOther(
    tx: EntityManager,
    job: LlmJobEntity,
    item: LlmItemEntity,
    answer: OtherAnswer,
  ): Promise<LlmResult | null> {
    const stage = readStage(job);
    return stage.stage === 'answer' ? keepAnswer(tx, job, item, stage, answer) : null;
  }

  ended(tx: EntityManager, job: LlmJobEntity): Promise<void> {
    return stageEnded(tx, readStage(job).evaluationId);
  }
}

function readStage(job: LlmJobEntity): StageSettings {
  const parsed = stageSettings.safeParse(job.settings);
  if (parsed.success) return parsed.data;
  throw new DomainError({
    code: 'evaluation.not_a_job',
    status: 422,
    field: 'settings',
    detail: 'Models are compared by an evaluation: make one there, it starts its jobs itself.',
  });
}

async function keepAnswer(
  tx: EntityManager,
  job: LlmJobEntity,
  item: LlmItemEntity,
  { evaluationId, modelId }: { evaluationId: string; modelId: string },
  { text, rehearsal, type }: Pick<LlmAnswer, 'text' | 'rehearsal'> & { type: AnswerType },
): Promise<LlmResult> {
  const id = uuidv7();
  const place = { id, projectId: job.projectId, evaluationId, suiteItemId: item.subjectId, llmItemId: item.id };
  await tx.insert(ModelAnswerEntity, { ...place, modelId, text, answerType: type, rehearsal });
  await stamp(tx, evaluationId, rehearsal);
  return { type: 'model_answer', id };
}

async function keepVerdict(
  tx: EntityManager,
  job: LlmJobEntity,
  item: LlmItemEntity,
  { evaluationId }: { evaluationId: string },
  answer: LlmAnswer<PairVerdict>,
): Promise<LlmResult> {
  const id = uuidv7();
  const place = { id, projectId: job.projectId, evaluationId, suiteItemId: item.subjectId, llmItemId: item.id };
  const { first, second } = orderShown.parse(item.params);
  const order = { firstAnswerId: first, secondAnswerId: second };
  await tx.insert(VerdictEntity, { ...place, ...order, origin: 'ai', ...answer.read });
  await stamp(tx, evaluationId, answer.rehearsal);
  return { type: 'verdict', id };
}

async function stamp(tx: EntityManager, evaluationId: string, rehearsal: boolean): Promise<void> {
  if (!rehearsal) return;
  await tx.query('update evaluation set rehearsal = true where id = $1 and not rehearsal', [evaluationId]);
}

async function answerText(tx: EntityManager, id: string): Promise<string> {
  const answer = await tx.findOneBy(ModelAnswerEntity, { id });
  if (answer?.text == null) throw new SubjectGoneError('text_erased', 'An answer was erased.');
  return answer.text;
}

async function writeAnswerItems(
  tx: EntityManager,
  job: LlmJobEntity,
  stage: { evaluationId: string; modelId: string },
  { outside }: PurposeContext,
): Promise<void> {
  await tx.query(
    `insert into llm_item (id, project_id, job_id, subject_type, subject_id, params, state, error_code, idempotency_key)
     select i.id, $1, $2, 'suite_item', i.question, jsonb_build_object('modelId', $4::text),
       case when i.open then 'waiting' else 'skipped' end, case when i.open then null else 'egress_refused' end,
       i.id::text || '.1'
     from (
       select ${itemIdSql('row_number() over (order by q.n)')} as id, q.id as question,
         not $5::boolean or ${QUESTION_MAY_LEAVE} as open
       from suite_item q join evaluation e on e.suite_id = q.suite_id
       where e.id = $3 and q.messages is not null) i`,
    [job.projectId, job.id, stage.evaluationId, stage.modelId, outside],
  );
}

/** Two items a question that both models have answered: sample 0 shows A first, sample 1 shows B first. */
async function writeVerdictItems(
  tx: EntityManager,
  job: LlmJobEntity,
  stage: { evaluationId: string },
  { outside }: PurposeContext,
): Promise<void> {
  await tx.query(
    `insert into llm_item (id, project_id, job_id, subject_type, subject_id, sample_index, prompt_version_id, params, state,
       error_code, idempotency_key)
     select i.id, $1, $2, 'suite_item', i.question, i.sample, $4,
       case i.sample when 0 then jsonb_build_object('first', i.a, 'second', i.b)
         else jsonb_build_object('first', i.b, 'second', i.a) end,
       case when i.open then 'waiting' else 'skipped' end, case when i.open then null else 'egress_refused' end,
       i.id::text || '.1'
     from (
       select ${itemIdSql('row_number() over (order by q.n, sample)')} as id, q.id as question, sample, a.id as a, b.id as b,
         not $5::boolean or ${QUESTION_MAY_LEAVE} as open
       from evaluation e join suite_item q on q.suite_id = e.suite_id
       join model_answer a on a.evaluation_id = e.id and a.suite_item_id = q.id and a.model_id = e.model_a_id
       join model_answer b on b.evaluation_id = e.id and b.suite_item_id = q.id and b.model_id = e.model_b_id,
         generate_series(0, 1) sample
       where e.id = $3 and q.messages is not null and a.text is not null and b.text is not null) i`,
    [job.projectId, job.id, stage.evaluationId, job.promptVersionIds[0], outside],
  );
}
