import OpenAI from 'openai';
import { guardedFetch } from '../outgoing/guarded-fetch.js';
import type { ChatTarget } from './chat-target.js';

/** One client a call; the SDK's own retries would buy twice. */
export function chatClient({ baseUrl, apiKey, timeoutMs, reach }: ChatTarget): OpenAI {
  return new OpenAI({
    baseURL: baseUrl,
    // The client insists on a key; servers that ask for none ignore it.
    apiKey: apiKey || 'none',
    organization: null,
    project: null,
    maxRetries: 0,
    timeout: timeoutMs,
    logLevel: 'off',
    fetch: toldInOneForm(guardedFetch(reach)),
  });
}

/** Errors are told in one form: some servers write what is wrong beside `error`, where the client does not look. */
function toldInOneForm(ask: typeof fetch): typeof fetch {
  return async (address, init) => {
    const response = await ask(address, init);
    if (response.ok) return bounded(response);
    const headers = { 'content-type': 'application/json', ...waits(response.headers) };
    return new Response(JSON.stringify({ error: errorIn(await bounded(response).text()) }), {
      status: response.status,
      headers,
    });
  };
}

/** In bytes, far more than the longest answer in the smallest pieces: what a server sends beyond must not fill our memory. */
const LONGEST_ANSWER = 64 * 2 ** 20;

/** The same response, which fails where its body is longer than any answer. */
function bounded({ body, status, headers }: Response): Response {
  let left = LONGEST_ANSWER;
  const counting = new TransformStream<Uint8Array, Uint8Array>({
    transform(piece, out) {
      left -= piece.byteLength;
      if (left < 0) out.error(new Error('The body is longer than any answer.'));
      else out.enqueue(piece);
    },
  });
  return new Response(body?.pipeThrough(counting) ?? null, { status, headers });
}

function errorIn(body: string): unknown {
  try {
    const document = JSON.parse(body) as { error?: unknown; message?: unknown; detail?: unknown };
    const { error, detail, ...rest } = document;
    if (typeof error === 'object' && error !== null) return error;
    return { ...rest, message: rest.message ?? error ?? detail };
  } catch {
    return { message: null };
  }
}

/** Headers that say when to come again. */
function waits(headers: Headers): Record<string, string> {
  const names = ['retry-after', 'retry-after-ms'];
  return Object.fromEntries(names.flatMap((name) => (headers.has(name) ? [[name, headers.get(name)!]] : [])));
}
