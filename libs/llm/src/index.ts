// The gate: providers, prompts, calls.
export { LlmModule, llmOptions } from './llm.module.js';
export { llmEntities } from './llm.entities.js';
export { type AnswerForm, plainAnswer, UnparsableAnswerError, type Words } from './answer/answer-form.js';
export { readJsonAnswer } from './answer/json-answer.js';
export { type TypedAnswer, unusableAnswer } from './answer/type-answer.js';
export { BudgetExhaustedError } from './call/budgets.js';
export { BudgetEntity } from './call/budget.entity.js';
export { dropExpiredPayloads } from './call/drop-payloads.js';
export { LlmCallEntity } from './call/llm-call.entity.js';
export { LlmGate, type AskOnce, type AskedOnce } from './call/llm-gate.js';
export type { LlmMessage, LlmRequest, LlmRequestBody, LlmSettings } from './call/llm-request.js';
export { estimateMessageTokens, estimateTokens, priceOf } from './call/tokens.js';
export { decryptSecret, encryptSecret } from './provider/key-cipher.js';
export { ProviderEntity } from './provider/provider.entity.js';
export { ProviderService } from './provider/provider.service.js';
export { modelOf, openProvider, type OpenProvider } from './provider/provider-access.js';
export { ensureLlmDefaults } from './prompt/ensure-defaults.js';
export { PromptTemplateEntity } from './prompt/prompt-template.entity.js';
export { latestPromptVersion, PromptTemplateService } from './prompt/prompt-template.service.js';
export { PromptVersionEntity } from './prompt/prompt-version.entity.js';
export { REHEARSAL_HEADER, type RehearsalTask, rehearsalTasks } from './provider/rehearsal-tasks.js';
export { fence, FENCE_END, FENCE_START, openFence } from './prompt/fence.js';
export { type SpokenTurn, spokenTurn } from './prompt/spoken-turn.js';
export { renderTemplate, variablesOf } from './prompt/render.js';

// Outgoing calls: which addresses may be called, and a fetch that keeps to it.
export { placeOfUrl } from './outgoing/address-place.js';
export { guardedFetch, MisdirectedError } from './outgoing/guarded-fetch.js';

// Jobs of every purpose, and the engine that works them off.
export { createLlmJob, startLlmJob, type NewLlmJob, type NewLlmJobRole } from './job/create-job.js';
export { askedOfModelsSql } from './job/asked-of-models-sql.js';
export { itemIdSql } from './job/item-id.js';
export { LlmItemEntity } from './job/llm-item.entity.js';
export { LlmJobRoleEntity } from './job/llm-job-role.entity.js';
export { LlmJobEntity } from './job/llm-job.entity.js';
export { LlmJobService } from './job/llm-job.service.js';
export { getLlmItem, getLlmJob, listLlmItems, listLlmJobs } from './job/llm-job.views.js';
export {
  PurposeRegistry,
  SubjectGoneError,
  type LlmAnswer,
  type LlmPurpose,
  type FollowUp,
  type LlmResult,
  type OtherAnswer,
  type RoleEstimate,
  type Stored,
  type PurposeContext,
  type PurposeEstimate,
} from './job/llm-purpose.js';
export { LLM_OPTIONS, type LlmOptions } from './run/engine-options.js';
export { LlmJobRunner } from './run/llm-job-runner.js';
export { llmRunJob } from './run/llm-run.job.js';
export { wakeProvider } from './run/wake-provider.js';
