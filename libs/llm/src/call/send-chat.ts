import type { ProviderKind } from '@qingnang/contracts';
import OpenAI, { APIConnectionError, APIConnectionTimeoutError, APIError } from 'openai';
import type { LlmRequestBody } from './llm-request.js';
import { retryAfterMs } from './retry-after.js';

export interface ChatTarget {
  baseUrl: string;
  apiKey: string;
  model: string;
  timeoutMs: number;
  kind: ProviderKind;
}

export interface ChatAnswer {
  kind: 'answer';
  text: string;
  /** Null where the server did not say. */
  usage: { inputTokens: number; outputTokens: number } | null;
  rehearsal: boolean;
  truncated: boolean;
  status: number;
  latencyMs: number;
}

/**
 * How a call can end. `rejected`, `unauthorised`, `rate_limited`, `server_error` and `not_sent` bought nothing.
 * `lost`: sent, and no answer came; nobody can know whether it was charged.
 */
export type ChatOutcome =
  | ChatAnswer
  | { kind: 'rate_limited'; status: number; retryAfterMs: number | null }
  | { kind: 'server_error'; status: number; retryAfterMs: number | null }
  | { kind: 'not_sent'; code: string }
  | { kind: 'lost'; code: 'timeout' | 'connection_cut' | 'stopped' }
  | { kind: 'unauthorised'; status: number }
  | { kind: 'rejected'; status: number; code: string };

/** Set by servers that answer in rehearsal, or with a model trained on such text. */
const REHEARSAL_HEADER = 'x-qingnang-rehearsal';

/** Sends one chat completion, once: when to try again is ours to decide, not the client's. */
export async function sendChat(
  target: ChatTarget,
  body: LlmRequestBody,
  idempotencyKey: string,
  signal?: AbortSignal,
): Promise<ChatOutcome> {
  const client = chatClient(target);
  const started = performance.now();
  // The client never takes its listener off; a signal that outlives thousands of calls must not be handed to it.
  const own = new AbortController();
  const stop = (): void => own.abort();
  signal?.addEventListener('abort', stop, { once: true });
  try {
    const { data, response } = await client.chat.completions
      .create(chatBody(target, body), {
        headers: { 'Idempotency-Key': idempotencyKey },
        signal: own.signal,
      })
      .withResponse();
    return {
      kind: 'answer',
      ...readCompletion(data),
      rehearsal: isRehearsal(response),
      status: response.status,
      latencyMs: Math.round(performance.now() - started),
    };
  } catch (error) {
    return readFailure(error, Math.round(performance.now() - started), signal);
  } finally {
    signal?.removeEventListener('abort', stop);
  }
}

/** One client a call; the SDK's own retries would buy twice. */
export function chatClient({ baseUrl, apiKey, timeoutMs }: ChatTarget): OpenAI {
  return new OpenAI({
    baseURL: baseUrl,
    // The client insists on a key; servers that ask for none ignore it.
    apiKey: apiKey || 'none',
    organization: null,
    project: null,
    maxRetries: 0,
    timeout: timeoutMs,
    logLevel: 'off',
  });
}

/** Whether the server said that its words are rehearsal. */
export function isRehearsal(response: Response): boolean {
  return response.headers.get(REHEARSAL_HEADER) !== null;
}

/** Our own model server alone knows how many tokens a text is to it; it may then answer shorter than asked. */
type ChatBody = OpenAI.ChatCompletionCreateParamsNonStreaming & { fit_context?: true };

export function chatBody({ model, kind }: ChatTarget, body: LlmRequestBody): ChatBody {
  const { temperature, topP, seed, maxOutputTokens, json } = body.settings;
  return {
    model,
    messages: body.messages,
    max_tokens: maxOutputTokens,
    ...(temperature === undefined ? {} : { temperature }),
    ...(topP === undefined ? {} : { top_p: topP }),
    ...(seed === undefined ? {} : { seed }),
    ...(kind === 'serve' ? { fit_context: true as const } : {}),
    ...(json ? { response_format: { type: 'json_object' as const } } : {}),
  };
}

/** A server's document is not to be trusted: whatever is missing counts as an empty answer, which was paid all the same. */
function readCompletion(data: Partial<OpenAI.ChatCompletion>): Pick<ChatAnswer, 'text' | 'usage' | 'truncated'> {
  const choice = data.choices?.[0];
  return {
    // NUL cannot be stored in a text column.
    text: (choice?.message?.content ?? '').replaceAll('\0', ''),
    usage: data.usage
      ? { inputTokens: data.usage.prompt_tokens ?? 0, outputTokens: data.usage.completion_tokens ?? 0 }
      : null,
    truncated: choice?.finish_reason === 'length',
  };
}

/** How a call that threw has ended. */
export function readFailure(error: unknown, latencyMs: number, signal?: AbortSignal): ChatOutcome {
  if (signal?.aborted) return { kind: 'lost', code: 'stopped' };
  if (error instanceof APIConnectionTimeoutError) return { kind: 'lost', code: 'timeout' };
  if (error instanceof APIConnectionError) return readConnectionFailure(error);
  if (error instanceof APIError && typeof error.status === 'number') return readStatus(error as StatusError);
  // A body that is no JSON: the server answered, so it was bought.
  if (error instanceof SyntaxError) {
    return { kind: 'answer', text: '', usage: null, rehearsal: false, truncated: false, status: 200, latencyMs };
  }
  return { kind: 'lost', code: 'connection_cut' };
}

type StatusError = APIError<number, Headers | undefined, object | undefined>;

function readStatus(error: StatusError): ChatOutcome {
  const { status } = error;
  const wait = retryAfterMs(error.headers, Date.now());
  if (status === 429) return { kind: 'rate_limited', status, retryAfterMs: wait };
  // 408 and 409 are "try again" among the 4xx.
  if (status >= 500 || status === 408 || status === 409) return { kind: 'server_error', status, retryAfterMs: wait };
  if (status === 401 || status === 403) return { kind: 'unauthorised', status };
  return { kind: 'rejected', status, code: rejectionCode(error) };
}

function rejectionCode(error: StatusError): string {
  const code = String(error.code ?? '');
  if (code === 'context_length_exceeded' || code === 'context_too_long') return 'context_too_long';
  if (error.status === 404) return 'model_not_found';
  return 'request_rejected';
}

const NEVER_SENT = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'EINVAL']);

function readConnectionFailure(error: APIConnectionError): ChatOutcome {
  for (let cause: unknown = error.cause; cause instanceof Error; cause = cause.cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code && NEVER_SENT.has(code)) return { kind: 'not_sent', code };
    if (code === 'UND_ERR_CONNECT_TIMEOUT') return { kind: 'not_sent', code };
  }
  return { kind: 'lost', code: 'connection_cut' };
}
