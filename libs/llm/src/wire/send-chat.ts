import type OpenAI from 'openai';
import { APIConnectionError, APIConnectionTimeoutError, APIError } from 'openai';
import { type Completion, faultOf, readCompletion, type ServerFault } from '../answer/read-completion.js';
import { chatClient } from './chat-client.js';
import type { ChatTarget } from './chat-target.js';
import { dialectOf, learnDialect } from './dialect.js';
import type { LlmRequestBody } from '../call/llm-request.js';
import { MisdirectedError } from '../outgoing/guarded-fetch.js';
import { REHEARSAL_HEADER } from '../provider/rehearsal-tasks.js';
import { type RejectionCode, rejectionOf } from './rejection.js';
import { readEvents } from './read-events.js';
import { retryAfterMs } from './retry-after.js';

export interface ChatAnswer extends Completion {
  kind: 'answer';
  rehearsal: boolean;
  status: number;
  latencyMs: number;
}

/**
 * How a call can end. `rejected`, `unauthorised`, `misdirected`, `rate_limited`, `server_error` and `not_sent`
 * bought nothing.
 * `lost`: sent, and no answer came; nobody can know whether it was charged.
 */
export type ChatOutcome =
  | ChatAnswer
  | { kind: 'rate_limited'; status: number; retryAfterMs: number | null }
  | { kind: 'server_error'; status: number; code: ServerErrorCode; retryAfterMs: number | null }
  | { kind: 'not_sent'; code: string }
  | { kind: 'lost'; code: 'timeout' | 'connection_cut' | 'stopped' }
  | { kind: 'unauthorised'; status: number; said: string | null }
  /** Not an address that texts go to, or one that sends on to another server. */
  | { kind: 'misdirected'; code: MisdirectedError['code'] }
  | { kind: 'rejected'; status: number; code: RejectionCode; param: string | null; said: string | null };

/** `error_in_answer`: status 200, and an error inside; `no_completion`: status 200, and a page or another document. */
export type ServerErrorCode = 'server_error' | 'error_in_answer' | 'no_completion';

/** Sends one chat completion, once: when to try again is ours to decide, not the client's. */
export async function sendChat(
  target: ChatTarget,
  body: LlmRequestBody,
  idempotencyKey: string,
  signal?: AbortSignal,
): Promise<ChatOutcome> {
  const started = performance.now();
  const latencyMs = (): number => Math.round(performance.now() - started);
  // The client never takes its listener off; a signal that outlives thousands of calls must not be handed to it.
  const own = new AbortController();
  const stop = (): void => own.abort();
  signal?.addEventListener('abort', stop, { once: true });
  // The client stops watching once the answer has begun; a body that never ends is a time-out as well.
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    own.abort();
  }, target.timeoutMs);
  try {
    const post = async (): Promise<ChatOutcome> => {
      try {
        const response = await chatClient(target)
          .chat.completions.create(chatBody(target, body), {
            headers: { 'Idempotency-Key': idempotencyKey },
            signal: own.signal,
          })
          .asResponse();
        return answerOf(response, await response.text(), latencyMs());
      } catch (error) {
        return late && !signal?.aborted ? { kind: 'lost', code: 'timeout' } : readFailure(error, signal);
      }
    };
    const [asked, outcome] = [dialectOf(target), await post()];
    // What is refused for its form has bought nothing and is said again in the server's own.
    return outcome.kind === 'rejected' && learnDialect(target, asked, outcome) ? await post() : outcome;
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', stop);
  }
}

/** What a body that came with status 200 says; not every server keeps errors for other statuses. */
export function answerOf(response: Response, body: string, latencyMs: number): ChatOutcome {
  const read = isEventStream(response, body) ? readEvents(body) : readCompletion(parsed(body));
  if (read.kind === 'cut') return { kind: 'lost', code: 'connection_cut' };
  if (read.kind === 'error') return faultOutcome(read.error, response);
  if (read.kind === 'other') return documentless(response, body);
  if (read.completion.finish === 'fault') return serverError(response, 'error_in_answer');
  const { status } = response;
  return { kind: 'answer', ...read.completion, rehearsal: isRehearsal(response), status, latencyMs };
}

function isEventStream(response: Response, body: string): boolean {
  return response.headers.get('content-type')?.includes('text/event-stream') ?? /^\s*(?:data|event):/u.test(body);
}

/** A document that breaks off was being written for us, so it may have been charged; a page was not. */
function documentless(response: Response, body: string): ChatOutcome {
  const broken = body.trimStart().startsWith('{') && parsed(body) === undefined;
  return broken ? { kind: 'lost', code: 'connection_cut' } : serverError(response, 'no_completion');
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body) as unknown;
  } catch {
    return undefined;
  }
}

function serverError(response: Pick<Response, 'status' | 'headers'>, code: ServerErrorCode): ChatOutcome {
  const { status, headers } = response;
  return { kind: 'server_error', status, code, retryAfterMs: retryAfterMs(headers, Date.now()) };
}

/** Whether the server said that its words are rehearsal. */
export function isRehearsal(response: Response): boolean {
  return response.headers.get(REHEARSAL_HEADER) !== null;
}

/** Our own model server alone knows how many tokens a text is to it; it may then answer shorter than asked. */
type ChatBody = OpenAI.ChatCompletionCreateParams & { fit_context?: true };

export function chatBody(target: ChatTarget, body: LlmRequestBody): ChatBody {
  const { temperature, topP, seed, maxOutputTokens, json } = body.settings;
  const dialect = dialectOf(target);
  return {
    model: target.model,
    messages: body.messages,
    [dialect.cap]: maxOutputTokens,
    ...(temperature === undefined || target.fixedSampling ? {} : { temperature }),
    ...(topP === undefined || target.fixedSampling ? {} : { top_p: topP }),
    ...(seed === undefined ? {} : { seed }),
    ...(target.kind === 'serve' ? { fit_context: true as const } : {}),
    ...(json ? { response_format: { type: 'json_object' as const } } : {}),
    ...(dialect.stream ? { stream: true, stream_options: { include_usage: true } } : {}),
  };
}

/** How a call that threw has ended. */
export function readFailure(error: unknown, signal?: AbortSignal): ChatOutcome {
  if (signal?.aborted) return { kind: 'lost', code: 'stopped' };
  if (error instanceof APIConnectionTimeoutError) return { kind: 'lost', code: 'timeout' };
  if (error instanceof APIConnectionError) return readConnectionFailure(error);
  if (!(error instanceof APIError)) return { kind: 'lost', code: 'connection_cut' };
  const { status, headers } = error as APIError<number | undefined, Headers | undefined>;
  const fault = faultOf(error.error);
  // An error among the events of a stream has no status of its own.
  return faultOutcome(fault, { status: status ?? 200, headers: headers ?? new Headers() });
}

/** What a fault means, wherever it stood: in an answer of another status, in one of status 200, among the events of a stream. */
function faultOutcome(fault: ServerFault, response: Pick<Response, 'status' | 'headers'>): ChatOutcome {
  const inside = response.status < 300;
  const status = inside ? (fault.status ?? statusOfCode(fault.code)) : response.status;
  const wait = retryAfterMs(response.headers, Date.now());
  if (status === null) return serverError(response, 'error_in_answer');
  if (FILTERED.test(fault.code ?? '')) return filteredAnswer(status);
  const { code, param } = rejectionOf(fault, status);
  const said = fault.message;
  if (code === 'insufficient_quota') return { kind: 'rejected', status, code, param, said };
  if (status === 429) return { kind: 'rate_limited', status, retryAfterMs: wait };
  // 408 and 409 are "try again" among the 4xx.
  if (status >= 500 || status === 408 || status === 409) {
    return { kind: 'server_error', status, code: inside ? 'error_in_answer' : 'server_error', retryAfterMs: wait };
  }
  if (status === 401 || status === 403) return { kind: 'unauthorised', status, said };
  return { kind: 'rejected', status, code, param, said };
}

/** Codes of a question that the provider's filter kept from the model. */
const FILTERED = /content_?filter|content_policy|data_?inspection|sensitive|risk_?control|moderation/iu;

/** What a status would have said, of a fault inside an answer of status 200. */
function statusOfCode(code: string | null): number | null {
  if (code === null) return null;
  if (/rate_?limit|too_many/iu.test(code)) return 429;
  if (FILTERED.test(code) || /context_|invalid_request|unsupported|quota|balance/iu.test(code)) return 400;
  if (/model_not_found/iu.test(code)) return 404;
  return /api_key|unauthori[sz]ed|authentication/iu.test(code) ? 401 : null;
}

/** Filtered before anything was said: an answer of that type, which cost nothing. */
function filteredAnswer(status: number): ChatOutcome {
  const usage = { inputTokens: 0, outputTokens: 0 };
  return { kind: 'answer', text: '', reasoning: null, finish: 'filter', usage, rehearsal: false, status, latencyMs: 0 };
}

const NEVER_SENT = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'EINVAL']);

function readConnectionFailure(error: APIConnectionError): ChatOutcome {
  for (let cause: unknown = error.cause; cause instanceof Error; cause = cause.cause) {
    if (cause instanceof MisdirectedError) return { kind: 'misdirected', code: cause.code };
    const { code } = cause as NodeJS.ErrnoException;
    if (code && NEVER_SENT.has(code)) return { kind: 'not_sent', code };
    if (code === 'UND_ERR_CONNECT_TIMEOUT') return { kind: 'not_sent', code };
  }
  return { kind: 'lost', code: 'connection_cut' };
}
