import { BudgetEntity } from './call/budget.entity.js';
import { LlmCallEntity } from './call/llm-call.entity.js';
import { LlmPayloadEntity } from './call/llm-payload.entity.js';
import { ReservationEntity } from './call/reservation.entity.js';
import { LlmItemEntity } from './job/llm-item.entity.js';
import { LlmJobRoleEntity } from './job/llm-job-role.entity.js';
import { LlmJobEntity } from './job/llm-job.entity.js';
import { PromptTemplateEntity } from './prompt/prompt-template.entity.js';
import { PromptVersionEntity } from './prompt/prompt-version.entity.js';
import { ModelBreakerEntity } from './outcome/model-breaker.entity.js';
import { ProviderEntity } from './provider/provider.entity.js';

export const llmEntities = [
  ProviderEntity,
  PromptTemplateEntity,
  PromptVersionEntity,
  LlmJobEntity,
  LlmJobRoleEntity,
  LlmItemEntity,
  LlmCallEntity,
  LlmPayloadEntity,
  BudgetEntity,
  ReservationEntity,
  ModelBreakerEntity,
];
