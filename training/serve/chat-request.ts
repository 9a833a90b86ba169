import type { ChatMessage } from '@qingnang/contracts';
import { z } from 'zod';
import { OpenAiError } from './openai-error.js';

const textParts = z
  .array(z.object({ type: z.literal('text'), text: z.string() }))
  .transform((parts) => parts.map(({ text }) => text).join(''));
const role = z
  .enum(['system', 'developer', 'user', 'assistant'])
  .transform((name) => (name === 'developer' ? 'system' : name));

/** The fields of `POST /v1/chat/completions` that are honoured; unknown ones are ignored, impossible ones refused. */
const chatRequest = z.object({
  model: z.string(),
  messages: z.array(z.object({ role, content: z.union([z.string(), textParts]) })).min(1),
  max_tokens: z.int().min(1).nullish(),
  max_completion_tokens: z.int().min(1).nullish(),
  /** Our own: an answer that would not fit is made shorter, down to one token, instead of refusing the request. */
  fit_context: z.boolean().nullish(),
  temperature: z.number().min(0).max(2).nullish(),
  top_p: z.number().gt(0).max(1).nullish(),
  n: z.literal(1).nullish(),
  stream: z.boolean().nullish(),
  stream_options: z.object({ include_usage: z.boolean().nullish() }).nullish(),
  stop: z.union([z.string().min(1), z.array(z.string().min(1)).max(4)]).nullish(),
  seed: z.int().nullish(),
  tools: z.array(z.unknown()).max(0, 'this model calls no tools').nullish(),
  response_format: z.object({ type: z.literal('text', 'this model writes plain text only') }).nullish(),
});

/** A request as the model takes it. */
export interface ChatRequest {
  model: string;
  messages: ChatMessage[];
  /** `null`: as many as the context still holds. */
  maxTokens: number | null;
  /** Take fewer tokens than asked for where the context holds no more. */
  fitContext: boolean;
  temperature: number;
  topP: number;
  stop: string[];
  seed: number | null;
  stream: boolean;
  includeUsage: boolean;
}

/** Where the request does not say; lower than OpenAI's 1, which small models ramble at. */
const TEMPERATURE = 0.7;

/** @throws OpenAiError 400 naming the first field at fault */
export function parseChatRequest(body: string): ChatRequest {
  let json: unknown;
  try {
    json = JSON.parse(body);
  } catch {
    throw new OpenAiError(400, 'invalid_json', 'The request body is not JSON.');
  }
  const parsed = chatRequest.safeParse(json);
  if (!parsed.success) {
    const { path, message } = parsed.error.issues[0]!;
    const field = path.join('.');
    throw new OpenAiError(400, 'invalid_request', `${field || 'body'}: ${message}`, field || null);
  }
  const { data } = parsed;
  return {
    model: data.model,
    messages: data.messages,
    maxTokens: data.max_completion_tokens ?? data.max_tokens ?? null,
    fitContext: data.fit_context ?? false,
    temperature: data.temperature ?? TEMPERATURE,
    topP: data.top_p ?? 1,
    stop: data.stop == null ? [] : [data.stop].flat(),
    seed: data.seed ?? null,
    stream: data.stream ?? false,
    includeUsage: data.stream_options?.include_usage ?? false,
  };
}
