import type { EntityManager } from 'typeorm';
import { type JsonObject, polishSettings, type PolishSettings, type Turn } from '@qingnang/contracts';
import { addVersion } from '@qingnang/corpus';
import {
  type AnswerForm,
  estimateTokens,
  latestPromptVersion,
  type LlmAnswer,
  type LlmItemEntity,
  type LlmJobEntity,
  type LlmPurpose,
  type LlmRequest,
  type LlmResult,
  PromptTemplateEntity,
  PromptVersionEntity,
  type PurposeContext,
  type PurposeEstimate,
  SubjectGoneError,
} from '@qingnang/llm';
import { estimatePolish, newestOfJob, polishBase, type PolishPlan, writePolishItems } from './polish-subjects.js';
import { polishedDialogue, type PolishedTurns, polishForm, polishRequest } from './polish-text.js';
import { lacksPlace, needsTextTemplate, wrongPurpose, zodFault } from './polish.errors.js';

/** Rewriting of doctors' turns: patients' words stay as they are, every answer becomes a version of its record. */
export class PolishPurpose implements LlmPurpose<PolishedTurns> {
  readonly purpose = 'polish';
  readonly cacheable = true;
  /** Prompt versions never change, so each is read once. */
  private readonly prompts = new Map<string, PromptVersionEntity>();

  async estimate(tx: EntityManager, job: LlmJobEntity, context: PurposeContext): Promise<PurposeEstimate> {
    const houseStyle = (await latestPromptVersion(tx, job.projectId, 'house_style'))?.userText ?? '';
    return estimatePolish(tx, job, settingsOf(job), await this.plans(tx, job, context, houseStyle), context);
  }

  async writeItems(tx: EntityManager, job: LlmJobEntity, context: PurposeContext): Promise<void> {
    const houseStyle = await latestPromptVersion(tx, job.projectId, 'house_style');
    // A house style changed under a running job would make its two halves differ.
    await tx.query(
      `update llm_job set settings = settings || jsonb_build_object('houseStyleVersionId', $2::text) where id = $1`,
      [job.id, houseStyle?.id ?? null],
    );
    for (const plan of await this.plans(tx, job, context, houseStyle?.userText ?? '')) {
      await writePolishItems(tx, job, settingsOf(job), plan, context);
    }
  }

  async buildRequest(tx: EntityManager, job: LlmJobEntity, item: LlmItemEntity): Promise<LlmRequest> {
    const base = await polishBase(tx, job.projectId, item.subjectId, pinnedVersion(item));
    if (base.state === 'withdrawn') throw new SubjectGoneError('record_withdrawn', 'The record was withdrawn.');
    if (base.state === 'held_back') throw new SubjectGoneError('record_held_back', 'The record was held back.');
    if (!base.turns) throw new SubjectGoneError('text_erased', 'The text was erased.');
    const prompt = await this.prompt(tx, item.promptVersionId!);
    const houseStyleId = (job.settings as JsonObject).houseStyleVersionId;
    const houseStyle = typeof houseStyleId === 'string' ? (await this.prompt(tx, houseStyleId)).userText : '';
    const subject = { department: base.department, turns: base.turns, turnN: item.turnN };
    return { ...polishRequest(prompt, houseStyle, subject), mayLeave: base.mayLeave };
  }

  async form(tx: EntityManager, job: LlmJobEntity, item: LlmItemEntity): Promise<AnswerForm<PolishedTurns>> {
    return polishForm(await this.baseTurns(tx, job, item), item.turnN);
  }

  async store(
    tx: EntityManager,
    job: LlmJobEntity,
    item: LlmItemEntity,
    answer: LlmAnswer<PolishedTurns>,
  ): Promise<LlmResult> {
    const earlier = item.turnN >= 0 ? await newestOfJob(tx, item) : null;
    const id = await addVersion(tx, {
      projectId: job.projectId,
      recordId: item.subjectId,
      parentId: earlier?.id ?? pinnedVersion(item),
      kind: 'polish',
      turns: polishedDialogue(earlier?.turns ?? (await this.baseTurns(tx, job, item)), answer.read),
      madeBy: { kind: 'llm', id: answer.callId },
      rehearsalCall: answer.rehearsal,
      llmItemId: item.id,
      promptVersionId: item.promptVersionId,
      model: answer.model,
    });
    return { type: 'version', id };
  }

  private async baseTurns(tx: EntityManager, job: LlmJobEntity, item: LlmItemEntity): Promise<Turn[]> {
    const base = await polishBase(tx, job.projectId, item.subjectId, pinnedVersion(item));
    if (!base.turns) throw new SubjectGoneError('text_erased', 'The text was erased.');
    return base.turns;
  }

  private async plans(
    tx: EntityManager,
    job: LlmJobEntity,
    context: PurposeContext,
    houseStyle: string,
  ): Promise<PolishPlan[]> {
    const plans: PolishPlan[] = [];
    for (const id of job.promptVersionIds) {
      const version = await this.prompt(tx, id);
      const template = await tx.findOneByOrFail(PromptTemplateEntity, { id: version.templateId });
      if (template.purpose !== 'polish') throw wrongPurpose();
      const perTurn = version.settings.answer === 'text';
      if (context.textOnly && !perTurn) throw needsTextTemplate(job.model);
      const place = perTurn ? 'doctor_turn' : 'material';
      if (!version.variables.includes(place)) throw lacksPlace(place);
      const empty = polishRequest(version, houseStyle, { department: null, turns: [], turnN: perTurn ? 0 : -1 });
      const promptTokens = empty.messages.reduce((sum, message) => sum + 4 + estimateTokens(message.content), 0);
      plans.push({ promptVersionId: id, perTurn, promptTokens });
    }
    return plans;
  }

  private async prompt(tx: EntityManager, id: string): Promise<PromptVersionEntity> {
    const known = this.prompts.get(id);
    if (known) return known;
    const version = await tx.findOneByOrFail(PromptVersionEntity, { id });
    this.prompts.set(id, version);
    return version;
  }
}

function settingsOf(job: LlmJobEntity): PolishSettings {
  const parsed = polishSettings.safeParse(job.settings);
  if (parsed.success) return parsed.data;
  throw zodFault(parsed.error);
}

function pinnedVersion(item: LlmItemEntity): string {
  return String((item.params as JsonObject).versionId);
}
