import type { EntityManager } from 'typeorm';
import { z } from 'zod';
import { type AnswerTurn, type AnswerType, chatMessage, type ChatMessage } from '@qingnang/contracts';
import { pairForm, pairRequest, type PairVerdict } from '@qingnang/judge';
import {
  type AnswerForm,
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
import { EvaluationEntity } from '../evaluation.entity.js';
import { ModelAnswerEntity } from '../model-answer.entity.js';
import { VerdictEntity } from '../verdict.entity.js';
import { stageEnded, stageFailed } from './evaluation-stages.js';
import { stageSettings, type StageSettings } from './stage-settings.js';
import { ANSWERS_MAY_LEAVE, QUESTION_MAY_LEAVE, writeAnswerItems, writeVerdictItems } from './write-items.js';

const pairShown = z.object({ pairId: z.uuid(), first: z.enum(['a', 'b']) });

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
    if (stage.stage === 'verdict') return verdictRequest(tx, item);
    const { messages, mayLeave } = await readQuestion(tx, job.projectId, item.subjectId);
    const evaluation = await tx.findOneByOrFail(EvaluationEntity, { id: stage.evaluationId });
    const { maxTokens, temperature } = evaluation.settings;
    return { messages, settings: { maxOutputTokens: maxTokens, temperature }, mayLeave };
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

  failed(tx: EntityManager, job: LlmJobEntity): Promise<void> {
    return stageFailed(tx, readStage(job).evaluationId, job.failure ?? `llm_job.${job.state}`);
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

interface Question {
  messages: ChatMessage[];
  reference: string | null;
  mayLeave: boolean;
}

async function readQuestion(tx: EntityManager, projectId: string, id: string): Promise<Question> {
  const [question] = await tx.query<(Omit<Question, 'messages'> & { messages: ChatMessage[] | null })[]>(
    `select q.messages, q.reference, ${QUESTION_MAY_LEAVE} as "mayLeave" from suite_item q
     where q.project_id = $1 and q.id = $2`,
    [projectId, id],
  );
  if (!question?.messages) throw new SubjectGoneError('text_erased', 'The question was erased.');
  return { ...question, messages: z.array(chatMessage).parse(question.messages) };
}

async function verdictRequest(tx: EntityManager, item: LlmItemEntity): Promise<LlmRequest> {
  const prompt = await tx.findOneByOrFail(PromptVersionEntity, { id: item.promptVersionId! });
  const { pairId, first } = pairShown.parse(item.params);
  const [pair] = await tx.query<
    { question: string; a: AnswerTurn[] | null; b: AnswerTurn[] | null; mayLeave: boolean }[]
  >(
    `select p.suite_item_id as question, a.turns as a, b.turns as b, ${ANSWERS_MAY_LEAVE} as "mayLeave" from answer_pair p
     join model_answer a on a.id = p.a_answer_id join model_answer b on b.id = p.b_answer_id
     where p.project_id = $1 and p.id = $2`,
    [item.projectId, pairId],
  );
  const { messages, reference, mayLeave } = await readQuestion(tx, item.projectId, pair!.question);
  const [a, b] = [answerText(pair!.a), answerText(pair!.b)];
  const order = first === 'a' ? { first: a, second: b } : { first: b, second: a };
  const request = pairRequest(prompt, { turns: questionTurns(messages), reference, ...order });
  return { ...request, mayLeave: mayLeave && pair!.mayLeave };
}

const SPEAKER = { doctor: '医生', patient: '患者' } as const;

/** An answer in one text: as it is, or its turns one below the other with who speaks. */
function answerText(turns: readonly AnswerTurn[] | null): string {
  if (!turns) throw new SubjectGoneError('text_erased', 'An answer was erased.');
  if (turns.length === 1) return turns[0]!.text;
  return turns.map(({ role, text }) => `${SPEAKER[role]}：${text}`).join('\n');
}

async function keepAnswer(
  tx: EntityManager,
  job: LlmJobEntity,
  item: LlmItemEntity,
  { evaluationId, entrantId }: { evaluationId: string; entrantId: string },
  { text, rehearsal, type }: Pick<LlmAnswer, 'text' | 'rehearsal'> & { type: AnswerType },
): Promise<LlmResult> {
  const id = uuidv7();
  const place = { id, projectId: job.projectId, evaluationId, suiteItemId: item.subjectId, llmItemId: item.id };
  const turns = [{ role: 'doctor' as const, text }];
  await tx.insert(ModelAnswerEntity, { ...place, entrantId, turns, answerType: type, rehearsal });
  await stamp(tx, evaluationId, rehearsal);
  return { type: 'model_answer', id };
}

async function keepVerdict(
  tx: EntityManager,
  job: LlmJobEntity,
  item: LlmItemEntity,
  { evaluationId, judgeId }: { evaluationId: string; judgeId: string },
  answer: LlmAnswer<PairVerdict>,
): Promise<LlmResult> {
  const id = uuidv7();
  const { pairId, first: shownFirst } = pairShown.parse(item.params);
  const place = { id, projectId: job.projectId, evaluationId, judgeId, pairId, shownFirst, llmItemId: item.id };
  await tx.insert(VerdictEntity, { ...place, origin: 'ai', ...answer.read });
  await stamp(tx, evaluationId, answer.rehearsal);
  return { type: 'verdict', id };
}

async function stamp(tx: EntityManager, evaluationId: string, rehearsal: boolean): Promise<void> {
  if (!rehearsal) return;
  await tx.query('update evaluation set rehearsal = true where id = $1 and not rehearsal', [evaluationId]);
}
