import { canonicalJson, sha256 } from '@qingnang/kernel';
import { REHEARSAL_HEADER } from '@qingnang/llm';
import type { ServerResponse } from 'node:http';
import { answer, mixSeed, ProtocolError, taskOf } from './answer.js';
import { HttpError } from './http.js';
import type { Charge } from './charges.js';
import { chatRequest, countTokens, plainMessages, type ChatRequest } from './request.js';

/** An answer made but not yet sent or charged. */
export interface Completion {
  request: ChatRequest;
  /** Of everything that shapes the answer; streaming or not is left out. */
  bodyHash: string;
  texts: string[];
  promptTokens: number;
  completionTokens: number;
}

/** Validates the body and makes its answers; depends on the seed and the body alone. */
export function complete(body: unknown, serverSeed: number, obeysInjections: boolean): Completion {
  const parsed = chatRequest.safeParse(body);
  if (!parsed.success) {
    const issue = parsed.error.issues[0]!;
    throw new HttpError(400, 'invalid_request', `${issue.path.join('.')}: ${issue.message}`);
  }
  const request = parsed.data;
  const task = taskOf(request.model);
  if (task === null)
    throw new HttpError(
      404,
      'model_not_found',
      `There is no model "${request.model}" here; GET /v1/models lists them.`,
    );
  const messages = plainMessages(request);
  try {
    const texts = Array.from({ length: request.n ?? 1 }, (_, choice) =>
      answer({
        task,
        messages,
        seed: mixSeed(serverSeed, task, messages, request.seed ?? null, choice),
        obeysInjections,
      }),
    );
    const { stream: _stream, stream_options: _options, ...shaping } = body as Record<string, unknown>;
    return {
      request,
      bodyHash: sha256(canonicalJson(shaping)),
      texts,
      promptTokens: messages.reduce((sum, message) => sum + countTokens(message.text) + 3, 0),
      completionTokens: texts.reduce((sum, text) => sum + countTokens(text), 0),
    };
  } catch (error) {
    if (error instanceof ProtocolError) throw new HttpError(400, 'rehearsal_material', error.message);
    throw error;
  }
}

function usage(charge: Charge) {
  return {
    prompt_tokens: charge.promptTokens,
    completion_tokens: charge.completionTokens,
    total_tokens: charge.promptTokens + charge.completionTokens,
  };
}

/** JSON cut in the middle of a string: what a model returns when it runs out of tokens. */
export function breakText(text: string): string {
  return text.slice(0, Math.max(1, Math.floor(text.length * 0.6)));
}

export function completionBody(charge: Charge, texts: readonly string[]) {
  return {
    id: charge.id,
    object: 'chat.completion',
    created: charge.created,
    model: charge.model,
    system_fingerprint: 'rehearsal',
    choices: texts.map((text, index) => ({
      index,
      message: { role: 'assistant', content: text, refusal: null },
      logprobs: null,
      finish_reason: 'stop',
    })),
    usage: usage(charge),
  };
}

const CHUNK = 12;

/** Server-sent chunks; with `cut` the connection breaks off half way, without the closing event. */
export function streamCompletion(
  response: ServerResponse,
  charge: Charge,
  texts: readonly string[],
  options: { includeUsage: boolean; cut: boolean },
): void {
  const head = { id: charge.id, object: 'chat.completion.chunk', created: charge.created, model: charge.model };
  const send = (choices: unknown[], extra: Record<string, unknown> = {}): void => {
    response.write(`data: ${JSON.stringify({ ...head, system_fingerprint: 'rehearsal', choices, ...extra })}\n\n`);
  };
  response.writeHead(200, {
    [REHEARSAL_HEADER]: 'true',
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-cache',
  });
  for (const [index, text] of texts.entries()) {
    send([{ index, delta: { role: 'assistant', content: '' }, finish_reason: null }]);
    const characters = [...text];
    const end = options.cut ? Math.floor(characters.length / 2) : characters.length;
    for (let at = 0; at < end; at += CHUNK) {
      const content = characters.slice(at, Math.min(at + CHUNK, end)).join('');
      send([{ index, delta: { content }, finish_reason: null }]);
    }
    if (!options.cut) send([{ index, delta: {}, finish_reason: 'stop' }]);
  }
  if (options.cut) {
    // Let what was written reach the reader before the line breaks.
    response.write(': cut\n\n', () => response.destroy());
    return;
  }
  if (options.includeUsage) send([], { usage: usage(charge) });
  response.end('data: [DONE]\n\n');
}
