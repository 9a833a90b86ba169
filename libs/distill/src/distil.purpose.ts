import type { EntityManager } from 'typeorm';
import {
  type AnswerForm,
  latestPromptVersion,
  type LlmAnswer,
  type LlmItemEntity,
  LlmJobRoleEntity,
  type LlmJobEntity,
  type LlmPurpose,
  type LlmRequest,
  PromptVersionEntity,
  type PurposeEstimate,
  type Stored,
} from '@qingnang/llm';
import { DomainError } from '@qingnang/kernel';
import { backgroundsOf } from './dialogues/backgrounds.js';
import { dialogueRecipe } from './dialogues/dialogue-recipe.js';
import { type DistilPlan, planOf, type Recipe, type RolePrompts } from './recipe.js';
import { tripletRecipe } from './triplets/triplet-recipe.js';

const recipes: Record<DistilPlan['kind'], Recipe> = { triplets: tripletRecipe, dialogues: dialogueRecipe };

/** Records made by models: instructions with their answers, and dialogues of two models. */
export class DistilPurpose implements LlmPurpose {
  readonly purpose = 'distil';
  /** Equal questions are asked to get different answers. */
  readonly cacheable = false;
  /** Prompt versions never change, so each is read once. */
  private readonly prompts = new Map<string, PromptVersionEntity>();

  estimate(_tx: EntityManager, job: LlmJobEntity): Promise<PurposeEstimate> {
    const plan = planOf(job);
    checkSupply(plan);
    const roles = recipes[plan.kind].estimate(plan);
    const sum = (key: 'calls' | 'inputTokens' | 'outputTokens'): number => roles.reduce((n, role) => n + role[key], 0);
    return Promise.resolve({
      subjects: plan.count,
      calls: sum('calls'),
      inputTokens: sum('inputTokens'),
      outputTokens: sum('outputTokens'),
      egressRefused: 0,
      lacking: 0,
      alreadyDone: 0,
      tooLong: 0,
      roles,
    });
  }

  async writeItems(tx: EntityManager, job: LlmJobEntity): Promise<void> {
    const plan = planOf(job);
    const houseStyle = await latestPromptVersion(tx, job.projectId, 'house_style');
    // A house style changed under a running job would make its two halves differ.
    await tx.query(
      `update llm_job set settings = settings || jsonb_build_object('houseStyleVersionId', $2::text) where id = $1`,
      [job.id, houseStyle?.id ?? null],
    );
    await recipes[plan.kind].writeItems(tx, job, plan, await this.rolePrompts(tx, job));
  }

  async buildRequest(tx: EntityManager, job: LlmJobEntity, item: LlmItemEntity): Promise<LlmRequest> {
    const plan = planOf(job);
    const { houseStyleVersionId } = job.settings;
    const houseStyle =
      typeof houseStyleVersionId === 'string' ? (await this.prompt(tx, houseStyleVersionId)).userText : '';
    const prompt = await this.prompt(tx, item.promptVersionId!);
    // Grids and models' own words: nothing of a patient goes into these questions.
    return { ...recipes[plan.kind].request(item, plan, prompt, houseStyle), mayLeave: true };
  }

  form(_tx: EntityManager, job: LlmJobEntity, item: LlmItemEntity): Promise<AnswerForm> {
    const plan = planOf(job);
    return Promise.resolve(recipes[plan.kind].form(item, plan));
  }

  async store(tx: EntityManager, job: LlmJobEntity, item: LlmItemEntity, answer: LlmAnswer): Promise<Stored> {
    const plan = planOf(job);
    return recipes[plan.kind].store(tx, job, item, answer, { plan, prompts: await this.rolePrompts(tx, job) });
  }

  /** The prompts a job was made with, by role. */
  private async rolePrompts(tx: EntityManager, job: LlmJobEntity): Promise<RolePrompts> {
    const prompts: Record<string, PromptVersionEntity> = {};
    for (const { role, promptVersionIds } of await tx.findBy(LlmJobRoleEntity, { jobId: job.id })) {
      prompts[role] = await this.prompt(tx, promptVersionIds[0]!);
    }
    return prompts;
  }

  private async prompt(tx: EntityManager, id: string): Promise<PromptVersionEntity> {
    const known = this.prompts.get(id) ?? (await tx.findOneByOrFail(PromptVersionEntity, { id }));
    this.prompts.set(id, known);
    return known;
  }
}

/** Backgrounds are drawn without repetition; a number nobody can reach is refused before anything is bought. */
function checkSupply({ kind, department, count }: DistilPlan): void {
  const most = kind === 'dialogues' ? backgroundsOf(department) : Number.POSITIVE_INFINITY;
  if (count <= most) return;
  throw new DomainError({
    code: most === 0 ? 'distil.unknown_department' : 'distil.too_many',
    status: 422,
    field: most === 0 ? 'settings.department' : 'settings.count',
    detail:
      most === 0
        ? 'There are no backgrounds of this department: leave it empty, or choose one of the list.'
        : `There are ${most} different backgrounds for this choice: ask for no more, or leave the department empty.`,
  });
}
