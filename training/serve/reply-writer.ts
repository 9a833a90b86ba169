import type { ServerResponse } from 'node:http';
import { uuidv7 } from '@qingnang/kernel';
import type { FinishReason, ReplyPart, SpokenToken } from '../generate/reply.js';
import type { GenerationRequest } from './generation-request.js';
import { OpenAiError } from './openai-error.js';
import type { ReplyShape, Usage } from './reply-shapes.js';

/** What one reply has said that is not written yet. */
interface Choice {
  text: string;
  tokens: SpokenToken[];
  finish: FinishReason | null;
  /** Its last chunk is written. */
  closed: boolean;
}

export interface WriterOptions {
  request: GenerationRequest;
  shape: ReplyShape;
  choices: number;
  promptTokens: number;
  /** A reader who takes nothing for so long is let go. */
  stallMs: number;
  /** Told of anything that is the server's own fault. */
  onError: (error: unknown) => OpenAiError;
}

/**
 * Gathers the replies of one request and writes them, whole or streamed. While the reader is slow their text is gathered
 * into ever fewer, larger chunks: what waits is never more than the replies themselves.
 */
export class ReplyWriter {
  private readonly choices: Choice[];
  private readonly head: object;
  private completionTokens = 0;
  private blocked = false;
  private stall: NodeJS.Timeout | undefined;

  constructor(
    private readonly response: ServerResponse,
    private readonly options: WriterOptions,
  ) {
    const { shape, request, choices } = options;
    this.choices = Array.from({ length: choices }, () => ({ text: '', tokens: [], finish: null, closed: false }));
    this.head = {
      id: shape.idPrefix + uuidv7(),
      object: request.stream ? shape.chunkObject : shape.object,
      created: Math.floor(Date.now() / 1000),
      model: request.model,
    };
    for (const end of ['finish', 'close']) response.once(end, () => clearTimeout(this.stall));
  }

  /** Once the replies are accepted: a stream begins at once, before there is any text. */
  start(): void {
    if (!this.options.request.stream) return;
    const headers = { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-cache' };
    this.response.writeHead(200, headers).flushHeaders();
    this.choices.forEach((_, index) => {
      const opening = this.options.shape.opening(index);
      if (opening) this.write({ ...this.head, choices: [opening] });
    });
  }

  /** @param index which of the request's replies */
  tell(index: number, part: ReplyPart): void {
    if (this.response.destroyed || this.response.writableEnded) return;
    if ('error' in part) return this.fail(part.error);
    const choice = this.choices[index]!;
    if ('text' in part) {
      choice.text += part.text;
      choice.tokens.push(...part.tokens);
    } else {
      choice.finish = part.finish;
      this.completionTokens += part.completionTokens;
    }
    if (this.options.request.stream) this.flush();
    else if (this.choices.every(({ finish }) => finish !== null)) this.sendWhole();
  }

  private get usage(): Usage {
    const { promptTokens } = this.options;
    const { completionTokens } = this;
    return {
      prompt_tokens: promptTokens,
      completion_tokens: completionTokens,
      total_tokens: promptTokens + completionTokens,
    };
  }

  private tokensOf(choice: Choice): readonly SpokenToken[] | null {
    return this.options.request.alternatives === null ? null : choice.tokens;
  }

  private sendWhole(): void {
    const choices = this.choices.map((choice, index) =>
      this.options.shape.whole(index, choice.text, this.tokensOf(choice), choice.finish!),
    );
    this.response
      .writeHead(200, { 'content-type': 'application/json; charset=utf-8' })
      .end(JSON.stringify({ ...this.head, choices, usage: this.usage }));
    this.startStall();
  }

  private flush(): void {
    for (const [index, choice] of this.choices.entries()) {
      if (this.blocked) return;
      if (choice.closed || (choice.text === '' && choice.tokens.length === 0 && choice.finish === null)) continue;
      const piece = this.options.shape.piece(index, choice.text, this.tokensOf(choice), choice.finish);
      choice.text = '';
      choice.tokens = [];
      choice.closed = choice.finish !== null;
      this.write({ ...this.head, choices: [piece] });
    }
    if (this.blocked || this.choices.some(({ closed }) => !closed)) return;
    if (this.options.request.includeUsage) this.write({ ...this.head, choices: [], usage: this.usage });
    this.response.end('data: [DONE]\n\n');
    this.startStall();
  }

  private write(event: object): void {
    this.blocked = !this.response.write(`data: ${JSON.stringify(event)}\n\n`);
    if (!this.blocked) return;
    this.startStall();
    this.response.once('drain', () => {
      clearTimeout(this.stall);
      this.blocked = false;
      if (!this.response.writableEnded) this.flush();
    });
  }

  private startStall(): void {
    clearTimeout(this.stall);
    this.stall = setTimeout(() => this.response.destroy(), this.options.stallMs).unref();
  }

  private fail(error: unknown): void {
    const known = this.options.onError(error);
    if (this.response.headersSent) this.response.end(`data: ${JSON.stringify(known.body())}\n\n`);
    else sendError(this.response, known);
  }
}

export function sendError(response: ServerResponse, error: OpenAiError): void {
  const headers = error.retryAfter === null ? {} : { 'retry-after': String(error.retryAfter) };
  response
    .writeHead(error.status, { 'content-type': 'application/json; charset=utf-8', ...headers })
    .end(JSON.stringify(error.body()));
}
