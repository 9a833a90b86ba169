import { z } from 'zod';
import { splitReasoning } from './split-reasoning.js';

/** How a model ended, in our words; every server has its own for the same few things. */
export type Finish = 'stop' | 'length' | 'filter' | 'refusal' | 'tool' | 'fault';

/** What a model said in one completion, before anybody reads it for a purpose. */
export interface Spoken {
  /** Without what it thought aloud. */
  text: string;
  reasoning: string | null;
  finish: Finish;
}

export interface Completion extends Spoken {
  /** Null where the server did not say. */
  usage: { inputTokens: number; outputTokens: number } | null;
}

/** What stands in a server's document. `error`: the server speaks of a fault. `other`: no completion at all. */
export type ReadDocument =
  { kind: 'completion'; completion: Completion } | { kind: 'error'; error: ServerFault } | { kind: 'other' };

export interface ServerFault {
  code: string | null;
  message: string | null;
  /** The setting at fault, where the server names one. */
  param: string | null;
  /** The status the fault would have had as an answer of its own. */
  status: number | null;
}

const part = z.object({ type: z.string().optional(), text: z.string().optional(), refusal: z.string().optional() });
const content = z.union([z.string(), z.array(part)]).nullish();
const message = z.object({
  content: content.catch(null),
  refusal: z.string().nullish().catch(null),
  reasoning_content: z.string().nullish().catch(null),
  reasoning: z.string().nullish().catch(null),
  tool_calls: z.array(z.unknown()).nullish().catch(null),
  function_call: z.unknown().optional(),
});
const choice = z.object({
  index: z.number().optional(),
  message: message.nullish(),
  delta: message.nullish(),
  finish_reason: z.string().nullish().catch(null),
});
const count = z.number().int().min(0).catch(0);
const usage = z.object({ prompt_tokens: count, completion_tokens: count }).nullish().catch(null);
const chunk = z.object({ choices: z.array(choice), usage });

/** Reads a whole completion. A server's document is not to be trusted: whatever is missing counts as not said. */
export function readCompletion(document: unknown): ReadDocument {
  const reader = new ChunkReader();
  const fault = reader.add(document);
  if (fault) return fault;
  return { kind: 'completion', completion: reader.completion() };
}

/** Puts a completion together, from one document or from the pieces of a stream. */
export class ChunkReader {
  text = '';
  private reasoning = '';
  private refusal = '';
  private tool = false;
  private finish: string | null = null;
  private usage: Completion['usage'] = null;

  /** Takes a piece; answers what else it is where it is none. */
  add(document: unknown): Exclude<ReadDocument, { kind: 'completion' }> | null {
    const error = readFault(document);
    if (error) return { kind: 'error', error };
    const parsed = chunk.safeParse(document);
    if (!parsed.success) return { kind: 'other' };
    const { choices, usage: used } = parsed.data;
    if (used) this.usage = { inputTokens: used.prompt_tokens, outputTokens: used.completion_tokens };
    // Some servers send further choices unasked; only the first is ours.
    const first = choices.find((each) => (each.index ?? 0) === 0);
    if (first) this.take(first);
    return null;
  }

  private take(first: z.infer<typeof choice>): void {
    const said = first.message ?? first.delta;
    const parts = typeof said?.content === 'string' ? [{ text: said.content }] : (said?.content ?? []);
    for (const { type, text, refusal } of parts as z.infer<typeof part>[]) {
      if (type === 'thinking' || type === 'reasoning') this.reasoning += text ?? '';
      else this.text += storable(text ?? '');
      this.refusal += refusal ?? '';
    }
    this.reasoning += said?.reasoning_content ?? said?.reasoning ?? '';
    this.refusal += said?.refusal ?? '';
    this.tool ||= (said?.tool_calls?.length ?? 0) > 0 || (said?.function_call ?? null) !== null;
    this.finish = first.finish_reason ?? this.finish;
  }

  /** Whether the server has said that this is the end. */
  get ended(): boolean {
    return this.finish !== null;
  }

  completion(): Completion {
    const { text, reasoning, unclosed } = splitReasoning(this.text);
    const silent = text.trim() === '';
    const thoughts = [storable(this.reasoning), reasoning ?? ''].filter((thought) => thought.trim() !== '');
    return {
      text: silent ? storable(this.refusal) : text,
      reasoning: thoughts.length === 0 ? null : thoughts.join('\n\n'),
      finish: unclosed ? 'length' : this.finishSaid(silent),
      // Tokens nobody counted, told as none.
      usage: this.usage?.outputTokens === 0 && !(silent && thoughts.length === 0) ? null : this.usage,
    };
  }

  private finishSaid(silent: boolean): Finish {
    const finish = finishOf(this.finish);
    if (finish === 'filter' || finish === 'length' || finish === 'fault') return finish;
    if (this.refusal.trim() !== '') return 'refusal';
    return this.tool && silent ? 'tool' : finish === 'tool' ? 'stop' : finish;
  }
}

const FINISHES: Record<Exclude<Finish, 'stop'>, readonly string[]> = {
  length: ['length', 'max_tokens', 'max_output_tokens', 'max_length', 'model_context_window_exceeded'],
  filter: ['content_filter', 'sensitive', 'safety', 'recitation', 'prohibited_content', 'blocklist', 'spii'],
  refusal: ['refusal'],
  tool: ['tool_calls', 'function_call', 'tool_use'],
  fault: ['error', 'network_error', 'insufficient_system_resource', 'abort', 'cancelled'],
};

function finishOf(reason: string | null): Finish {
  const word = reason?.toLowerCase().replaceAll('-', '_') ?? 'stop';
  for (const [finish, words] of Object.entries(FINISHES)) if (words.includes(word)) return finish as Finish;
  return 'stop';
}

const faultShape = z.object({
  code: z.union([z.string(), z.number()]).nullish().catch(null),
  type: z.string().nullish().catch(null),
  message: z.string().nullish().catch(null),
  param: z.string().nullish().catch(null),
  status: z.number().nullish().catch(null),
});

/**
 * The fault a document speaks of: `{error: {…}}`, `{error: "…"}`, or, beside no choices, a bare `{message}` or `{detail}`.
 * Null where it speaks of none.
 */
export function readFault(document: unknown): ServerFault | null {
  if (typeof document !== 'object' || document === null || Array.isArray(document)) return null;
  const { error, choices, message: words, detail, code } = document as Record<string, unknown>;
  if (error !== undefined && error !== null && error !== false && error !== '') return faultOf(error);
  if (choices !== undefined) return null;
  if (typeof words === 'string' || typeof detail === 'string') return faultOf({ message: words ?? detail, code });
  return null;
}

/** A fault as servers write it, be it an object or a sentence. */
export function faultOf(error: unknown): ServerFault {
  if (typeof error === 'string') return { code: null, message: error, param: null, status: null };
  const parsed = faultShape.safeParse(error);
  if (!parsed.success) return { code: null, message: null, param: null, status: null };
  const { code, type, message: words, param, status } = parsed.data;
  const number = typeof code === 'number' ? code : /^[45]\d\d$/.test(code ?? '') ? Number(code) : null;
  return {
    code: number === null ? ((code as string | null | undefined) ?? type ?? null) : (type ?? null),
    message: words ?? null,
    param: param ?? null,
    status: status ?? number,
  };
}

/** NUL cannot be stored in a text column, nor can half a surrogate pair be sent to it. */
export function storable(text: string): string {
  // eslint-disable-next-line no-control-regex
  return text.replace(/\u0000/g, '').replace(/\p{Surrogate}/gu, '\ufffd');
}
