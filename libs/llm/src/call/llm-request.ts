import { canonicalJson, sha256 } from '@qingnang/kernel';

export interface LlmMessage {
  role: 'system' | 'user' | 'assistant';
  content: string;
}

/** How an answer is drawn. `maxOutputTokens` also bounds what is reserved for it. */
export interface LlmSettings {
  temperature?: number | undefined;
  topP?: number | undefined;
  seed?: number | undefined;
  maxOutputTokens: number;
  json?: boolean | undefined;
}

/** What is kept of a request, and sent: nothing of it depends on when or by whom. */
export interface LlmRequestBody {
  messages: LlmMessage[];
  settings: LlmSettings;
}

export interface LlmRequest extends LlmRequestBody {
  /** Whether this text may go to an outside provider (data-model.md, Egress). Whoever builds the request knows. */
  mayLeave: boolean;
}

/** Equal for equal questions to equal models; `sampleIndex` tells deliberate repetitions apart. */
export function requestHash(providerId: string, model: string, body: LlmRequestBody, sampleIndex = 0): string {
  return sha256(canonicalJson({ providerId, model, sampleIndex, messages: body.messages, settings: body.settings }));
}
