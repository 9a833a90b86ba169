import { ChunkReader } from '../answer/read-completion.js';
import { visibleSoFar } from '../answer/split-reasoning.js';
import type { LlmRequestBody } from '../call/llm-request.js';
import { chatClient } from './chat-client.js';
import type { ChatTarget } from './chat-target.js';
import { chatBody, type ChatOutcome, isRehearsal, readFailure } from './send-chat.js';

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
  const reader = new ChunkReader();
  let shown = '';
  let served: Response | null = null;
  const answer = (cut: boolean): ChatOutcome => {
    const completion = reader.completion();
    if (completion.finish === 'fault')
      return { kind: 'server_error', status: 200, code: 'error_in_answer', retryAfterMs: null };
    return {
      kind: 'answer',
      ...completion,
      finish: cut ? 'length' : completion.finish,
      rehearsal: served !== null && isRehearsal(served),
      status: 200,
      latencyMs: Math.round(performance.now() - started),
    };
  };
  try {
    const { data, response } = await openStream(target, body, idempotencyKey, signal);
    served = response;
    for await (const chunk of untilStopped(data, signal)) {
      reader.add(chunk);
      const visible = visibleSoFar(reader.text);
      if (visible.length > shown.length) onText(visible.slice(shown.length));
      shown = visible;
    }
    if (signal?.aborted && !reader.ended && reader.text === '') return { kind: 'lost', code: 'stopped' };
    return answer(!reader.ended);
  } catch (error) {
    if (signal?.aborted && reader.text !== '') return answer(true);
    return readFailure(error, signal);
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
