import type { EntityManager } from 'typeorm';
import { candidateSettings, type CandidateSettings, type PlainTurn } from '@qingnang/contracts';
import { uuidv7 } from '@qingnang/kernel';
import {
  type AnswerForm,
  estimateTokens,
  itemIdSql,
  type LlmAnswer,
  type LlmItemEntity,
  type LlmJobEntity,
  type LlmMessage,
  type LlmPurpose,
  type LlmRequest,
  type LlmResult,
  plainAnswer,
  PromptVersionEntity,
  type PurposeContext,
  type PurposeEstimate,
  renderTemplate,
  SubjectGoneError,
} from '@qingnang/llm';
import { notify } from '@qingnang/queue';
import { chosenPrompts, estimatePrompts, PROMPT_MAY_LEAVE, readOr422 } from '../llm-subjects.js';
import { PROMPT_FROM, PROMPT_TURNS } from '../prompts/prompt-sql.js';

/** Tokens a reply of a doctor runs to on average. */
const USUAL_REPLY = 200;
/** Wrapping of a message, and of a dialogue of a few. */
const MESSAGES = 16;

/** Samples of a model's replies to prompts, each drawn anew: never from the cache, each with a seed of its own. */
export class CandidatePurpose implements LlmPurpose<string> {
  readonly purpose = 'candidate';
  readonly cacheable = false;

  async estimate(tx: EntityManager, job: LlmJobEntity, context: PurposeContext): Promise<PurposeEstimate> {
    const params: unknown[] = [job.projectId];
    const settings = settingsOf(job);
    const template = await templateOf(tx, job.promptVersionIds[0]);
    const extra = MESSAGES + estimateTokens(`${template?.systemText ?? ''}${template?.userText ?? ''}`);
    const shape = {
      done: `present >= ${settings.k}`,
      calls: `${settings.k} - present`,
      inputExtra: String(extra),
      output: String(Math.min(USUAL_REPLY, settings.maxOutputTokens)),
    };
    return estimatePrompts(tx, this.chosen(job, settings, params), params, shape, context);
  }

  async writeItems(tx: EntityManager, job: LlmJobEntity, context: PurposeContext): Promise<void> {
    const params: unknown[] = [job.projectId];
    const settings = settingsOf(job);
    const chosen = this.chosen(job, settings, params);
    const bind = (value: unknown): string => `$${params.push(value)}`;
    await tx.query(
      `insert into llm_item (id, project_id, job_id, subject_type, subject_id, sample_index, prompt_version_id, state,
         error_code, idempotency_key)
       select item.id, $1, ${bind(job.id)}, 'prompt', item.prompt_id, item.sample_index,
         ${bind(job.promptVersionIds[0] ?? null)}, case when item.open then 'waiting' else 'skipped' end,
         case when item.open then null else 'egress_refused' end, item.id::text || '.1'
       from (
         select ${itemIdSql('row_number() over (order by c.id, sample)')} as id, c.id as prompt_id, sample as sample_index,
           c.may_leave or not ${bind(context.outside)}::boolean as open
         from (${chosen}) c, generate_series(c.present, ${bind(settings.k)}::int - 1) sample) item`,
      params,
    );
  }

  async buildRequest(tx: EntityManager, job: LlmJobEntity, item: LlmItemEntity): Promise<LlmRequest> {
    const [prompt] = await tx.query<{ turns: PlainTurn[] | null; state: string; mayLeave: boolean }[]>(
      `select ${PROMPT_TURNS} as turns, r.state, ${PROMPT_MAY_LEAVE} as "mayLeave"
       from ${PROMPT_FROM} where p.project_id = $1 and p.id = $2`,
      [job.projectId, item.subjectId],
    );
    if (prompt?.state === 'withdrawn') throw new SubjectGoneError('record_withdrawn', 'The record was withdrawn.');
    if (prompt?.state === 'held_back') throw new SubjectGoneError('record_held_back', 'The record was held back.');
    if (!prompt?.turns) throw new SubjectGoneError('text_erased', 'The text was erased.');
    const { temperature, topP, seed, maxOutputTokens } = settingsOf(job);
    return {
      messages: dialogueMessages(prompt.turns, await templateOf(tx, item.promptVersionId)),
      settings: { temperature, topP, seed: seed + item.sampleIndex, maxOutputTokens },
      mayLeave: prompt.mayLeave,
    };
  }

  form(): Promise<AnswerForm<string>> {
    return Promise.resolve(plainAnswer);
  }

  async store(
    tx: EntityManager,
    job: LlmJobEntity,
    item: LlmItemEntity,
    answer: LlmAnswer<string>,
  ): Promise<LlmResult> {
    const { temperature, topP, seed, maxOutputTokens } = settingsOf(job);
    const id = uuidv7();
    await tx.query(
      `insert into candidate (id, project_id, prompt_id, provider_id, model, model_id, settings, sample_index, text,
         llm_item_id, checkpoint_hash, rehearsal)
       select $1, $2, $3, pr.id, $5, pr.model_id, $6, $7, $8, $9, m.weights_hash, $10
       from provider pr left join model m on m.id = pr.model_id where pr.project_id = $2 and pr.id = $4`,
      [
        id,
        job.projectId,
        item.subjectId,
        answer.providerId,
        answer.model,
        JSON.stringify({
          temperature,
          topP,
          seed: seed + item.sampleIndex,
          maxOutputTokens: item.outputCap ?? maxOutputTokens,
        }),
        item.sampleIndex,
        answer.read,
        item.id,
        answer.rehearsal,
      ],
    );
    await notify(tx, job.projectId, 'candidates', id);
    return { type: 'candidate', id };
  }

  /** `present`: candidates of this model there already, which count towards k unless the job says otherwise. */
  private chosen(job: LlmJobEntity, settings: CandidateSettings, params: unknown[]): string {
    const present = settings.skipExisting
      ? `(select count(*)::int from candidate c where c.prompt_id = p.id and c.text is not null
          and c.provider_id = $${params.push(job.providerId)} and c.model = $${params.push(job.model)})`
      : '0';
    return chosenPrompts(job, params, `${present} as present`);
  }
}

/**
 * The dialogue as a chat. A template of purpose `candidate` may put words before it (system) and around the question
 * (`{{question}}`).
 */
export function dialogueMessages(
  turns: readonly PlainTurn[],
  template: Pick<PromptVersionEntity, 'systemText' | 'userText'> | null,
): LlmMessage[] {
  const roles = { patient: 'user', doctor: 'assistant', system: 'system' } as const;
  const messages: LlmMessage[] = turns.map(({ role, text }) => ({ role: roles[role], content: text }));
  if (!template) return messages;
  const question = messages.at(-1)!;
  const asked = { ...question, content: renderTemplate(template.userText, { question: question.content }) };
  const system = template.systemText.trim();
  return [...(system === '' ? [] : [{ role: 'system' as const, content: system }]), ...messages.slice(0, -1), asked];
}

async function templateOf(tx: EntityManager, id: string | null | undefined): Promise<PromptVersionEntity | null> {
  return id ? tx.findOneByOrFail(PromptVersionEntity, { id }) : null;
}

function settingsOf(job: LlmJobEntity): CandidateSettings {
  return readOr422(candidateSettings, job.settings, 'settings');
}
