import type OpenAI from 'openai';
import type { LlmRequestBody } from './llm-request.js';
import { chatBody, chatClient, type ChatOutcome, type ChatTarget, isRehearsal, readFailure } from './send-chat.js';

/**
 * Sends one chat completion and hands its words on as they come. Stopped by the signal after the first word, what was said
 * so far is the answer, charged at its estimate.
 */
export async function streamChat(
  target: ChatTarget,
  body: LlmRequestBody,
  idempotencyKey: string,
  onText: (text: string) => void,
  signal?: AbortSignal,
): Promise<ChatOutcome> {
  const started = performance.now();
  let text = '';
  let usage: OpenAI.CompletionUsage | null = null;
  let finish: string | null = null;
  let rehearsal = false;
  const answer = (truncated: boolean): ChatOutcome => ({
    kind: 'answer',
    text,
    usage: usage && { inputTokens: usage.prompt_tokens, outputTokens: usage.completion_tokens },
    rehearsal,
    truncated,
    status: 200,
    latencyMs: Math.round(performance.now() - started),
  });
  try {
    const { data, response } = await openStream(target, body, idempotencyKey, signal);
    rehearsal = isRehearsal(response);
    for await (const chunk of untilStopped(data, signal)) {
      const choice = chunk.choices[0];
      const piece = (choice?.delta.content ?? '').replaceAll('\0', ''); // no text of the database can hold it
      finish = choice?.finish_reason ?? finish;
      usage = chunk.usage ?? usage;
      text += piece;
      if (piece !== '') onText(piece);
    }
    if (signal?.aborted && finish === null) return text === '' ? { kind: 'lost', code: 'stopped' } : answer(true);
    return answer(finish !== 'stop');
  } catch (error) {
    if (signal?.aborted && text !== '') return answer(true);
    return readFailure(error, Math.round(performance.now() - started), signal);
  }
}

/**
 * The items that come before the signal. The one still on its way then is not waited for: fetch now and then never settles
 * a read whose request was aborted, and the call would stay open in the ledger for good.
 */
async function* untilStopped<T>(items: AsyncIterable<T>, signal: AbortSignal | undefined): AsyncGenerator<T, void> {
  const iterator = items[Symbol.asyncIterator]();
  let stop = (): void => undefined;
  const stopped = new Promise<{ done: true; value: undefined }>((resolve) => {
    stop = () => resolve({ done: true, value: undefined });
  });
  signal?.addEventListener('abort', stop);
  try {
    while (!signal?.aborted) {
      const { done, value } = await Promise.race([iterator.next(), stopped]);
      if (done) return;
      yield value;
    }
  } finally {
    signal?.removeEventListener('abort', stop);
  }
}

function openStream(target: ChatTarget, body: LlmRequestBody, idempotencyKey: string, signal: AbortSignal | undefined) {
  const asked = { ...chatBody(target, body), stream: true as const, stream_options: { include_usage: true } };
  const headers = { 'Idempotency-Key': idempotencyKey };
  return chatClient(target)
    .chat.completions.create(asked, { headers, ...(signal ? { signal } : {}) })
    .withResponse();
}
