import type { ChatMessage } from '@qingnang/contracts';
import { z } from 'zod';
import type { SamplingSettings } from '../generate/sampling.js';
import { OpenAiError } from './openai-error.js';

/** Replies to one request at most, prompts times `n`. */
export const MOST_CHOICES = 16;
const MOST_ALTERNATIVES = 20;

const textParts = z
  .array(z.object({ type: z.literal('text'), text: z.string() }))
  .transform((parts) => parts.map(({ text }) => text).join(''));
const role = z
  .enum(['system', 'developer', 'user', 'assistant'])
  .transform((name) => (name === 'developer' ? 'system' : name));
const tokenIds = z.array(z.int().min(0)).min(1);

/** The fields that are honoured; unknown ones are ignored, impossible ones refused. */
const common = {
  model: z.string(),
  max_tokens: z.int().min(1).nullish(),
  /** Our own: an answer that would not fit is made shorter, down to one token, instead of refusing the request. */
  fit_context: z.boolean().nullish(),
  temperature: z.number().min(0).max(2).nullish(),
  top_p: z.number().gt(0).max(1).nullish(),
  /** As vLLM has them: 0 or −1 keeps all tokens. */
  top_k: z.int().min(-1).nullish(),
  repetition_penalty: z.number().gt(0).max(10).nullish(),
  presence_penalty: z.number().min(-2).max(2).nullish(),
  frequency_penalty: z.number().min(-2).max(2).nullish(),
  n: z.int().min(1).max(MOST_CHOICES).nullish(),
  stream: z.boolean().nullish(),
  stream_options: z.object({ include_usage: z.boolean().nullish() }).nullish(),
  stop: z.union([z.string().min(1), z.array(z.string().min(1)).max(4)]).nullish(),
  seed: z.int().nullish(),
  logit_bias: z.record(z.string(), z.never('this server takes no logit_bias')).nullish(),
};
const chatRequest = z.object({
  ...common,
  messages: z.array(z.object({ role, content: z.union([z.string(), textParts]) })).min(1),
  max_completion_tokens: z.int().min(1).nullish(),
  logprobs: z.boolean().nullish(),
  top_logprobs: z.int().min(0).max(MOST_ALTERNATIVES).nullish(),
  tools: z.array(z.unknown()).max(0, 'this model calls no tools').nullish(),
  response_format: z.object({ type: z.literal('text', 'this model writes plain text only') }).nullish(),
});
const completionRequest = z.object({
  ...common,
  prompt: z.union([
    z.string().min(1),
    tokenIds,
    z.array(z.string().min(1)).min(1).max(MOST_CHOICES),
    z.array(tokenIds).min(1).max(MOST_CHOICES),
  ]),
  logprobs: z.int().min(0).max(MOST_ALTERNATIVES).nullish(),
  echo: z.literal(false, 'this server does not repeat the prompt; put it before the text yourself').nullish(),
  best_of: z.literal(1, 'this server returns what it draws; ask for n replies and choose').nullish(),
  suffix: z.literal('', 'this model only continues texts').nullish(),
});

/** What both kinds of request ask for. */
export interface GenerationRequest {
  model: string;
  /** Replies a prompt. */
  n: number;
  /** `null`: as many as the context still holds. */
  maxTokens: number | null;
  /** Take fewer tokens than asked for where the context holds no more. */
  fitContext: boolean;
  sampling: SamplingSettings;
  stop: string[];
  seed: number | null;
  /** Alternatives a token; `null` = no log-probabilities. */
  alternatives: number | null;
  stream: boolean;
  includeUsage: boolean;
}

export interface ChatRequest extends GenerationRequest {
  messages: ChatMessage[];
}

export interface CompletionRequest extends GenerationRequest {
  /** Texts or ids. */
  prompts: (string | number[])[];
}

/** Where the request does not say; lower than OpenAI's 1, which small models ramble at. */
const TEMPERATURE = 0.7;
/** OpenAI's default of `/v1/completions`. */
const COMPLETION_TOKENS = 16;

/** @throws OpenAiError 400 naming the first field at fault */
export function parseChatRequest(body: string): ChatRequest {
  const data = parse(chatRequest, body);
  if (data.top_logprobs != null && !data.logprobs) {
    throw new OpenAiError(400, 'invalid_request', 'top_logprobs: wants logprobs to be true.', 'top_logprobs');
  }
  return {
    ...generation(data),
    messages: data.messages,
    maxTokens: data.max_completion_tokens ?? data.max_tokens ?? null,
    alternatives: data.logprobs ? (data.top_logprobs ?? 0) : null,
  };
}

/** @throws OpenAiError 400 naming the first field at fault */
export function parseCompletionRequest(body: string): CompletionRequest {
  const data = parse(completionRequest, body);
  const request = generation(data);
  const single = typeof data.prompt === 'string' || typeof data.prompt[0] === 'number';
  const prompts = (single ? [data.prompt] : data.prompt) as (string | number[])[];
  if (prompts.length * request.n > MOST_CHOICES) {
    throw new OpenAiError(400, 'invalid_request', `n: at most ${MOST_CHOICES} replies in one request.`, 'n');
  }
  const maxTokens = data.max_tokens ?? COMPLETION_TOKENS;
  return { ...request, prompts, maxTokens, alternatives: data.logprobs ?? null };
}

function generation(data: z.infer<z.ZodObject<typeof common>>): Omit<GenerationRequest, 'maxTokens' | 'alternatives'> {
  return {
    model: data.model,
    n: data.n ?? 1,
    fitContext: data.fit_context ?? false,
    sampling: {
      temperature: data.temperature ?? TEMPERATURE,
      topP: data.top_p ?? 1,
      topK: Math.max(0, data.top_k ?? 0),
      repetitionPenalty: data.repetition_penalty ?? 1,
      presencePenalty: data.presence_penalty ?? 0,
      frequencyPenalty: data.frequency_penalty ?? 0,
    },
    stop: data.stop == null ? [] : [data.stop].flat(),
    seed: data.seed ?? null,
    stream: data.stream ?? false,
    includeUsage: data.stream_options?.include_usage ?? false,
  };
}

function parse<T extends z.ZodType>(schema: T, body: string): z.infer<T> {
  let json: unknown;
  try {
    json = JSON.parse(body);
  } catch {
    throw new OpenAiError(400, 'invalid_json', 'The request body is not JSON.');
  }
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  const { path, message } = parsed.error.issues[0]!;
  const field = path.join('.');
  throw new OpenAiError(400, 'invalid_request', `${field || 'body'}: ${message}`, field || null);
}
