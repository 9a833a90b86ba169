import type { EntityManager } from 'typeorm';
import { distilSettings, type DistilSettings } from '@qingnang/contracts';
import type {
  AnswerForm,
  LlmAnswer,
  LlmItemEntity,
  LlmJobEntity,
  LlmRequest,
  PromptVersionEntity,
  RoleEstimate,
  Stored,
} from '@qingnang/llm';
import { z } from 'zod';

/** What a job was made with, and the source its records come under. */
export type DistilPlan = DistilSettings & { sourceId: string };

const planShape = distilSettings.extend({ sourceId: z.uuid() });

/** @throws ZodError where a job was not made by this library */
export function planOf(job: Pick<LlmJobEntity, 'settings'>): DistilPlan {
  return planShape.parse(job.settings);
}

/** The newest prompt of each role, by role. */
export type RolePrompts = Readonly<Record<string, PromptVersionEntity>>;

/** One way of making records with models. */
export interface Recipe {
  estimate(plan: DistilPlan): RoleEstimate[];
  /** The questions a job begins with; the rest follow from their answers. */
  writeItems(tx: EntityManager, job: LlmJobEntity, plan: DistilPlan, prompts: RolePrompts): Promise<void>;
  request(
    item: LlmItemEntity,
    plan: DistilPlan,
    prompt: PromptVersionEntity,
    houseStyle: string,
  ): Omit<LlmRequest, 'mayLeave'>;
  form(item: LlmItemEntity, plan: DistilPlan): AnswerForm;
  store(
    tx: EntityManager,
    job: LlmJobEntity,
    item: LlmItemEntity,
    answer: LlmAnswer,
    context: { plan: DistilPlan; prompts: RolePrompts },
  ): Promise<Stored>;
}
