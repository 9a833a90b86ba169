import type { LlmJobEntity } from '../job/llm-job.entity.js';
import type { LlmPurpose } from '../job/llm-purpose.js';
import type { OpenProvider, ProviderSecrets } from '../provider/provider-access.js';
import type { ProviderModel } from '@qingnang/contracts';

/** `@Inject(LLM_OPTIONS) options: LlmOptions` */
export const LLM_OPTIONS = Symbol('llm-options');

export interface LlmOptions extends ProviderSecrets {
  /** Calls in flight in this process. */
  concurrency: number;
  leaseSeconds: number;
  /** How long the texts of calls are kept. */
  retentionDays: number;
  /** Longest wait for one answer. */
  timeoutMs: number;
}

/** A role of a job with all that working on it takes. */
export interface OpenJob {
  job: LlmJobEntity;
  role: string;
  purpose: LlmPurpose;
  provider: OpenProvider;
  model: ProviderModel;
}
