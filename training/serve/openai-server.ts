import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { BatchLimits } from '../generate/continuous-batch.js';
import { BatchLoop } from './batch-loop.js';
import { parseChatRequest, parseCompletionRequest, type GenerationRequest } from './generation-request.js';
import { OpenAiError } from './openai-error.js';
import { chatShape, completionShape, type ReplyShape, type SpellToken } from './reply-shapes.js';
import { ReplyWriter, sendError } from './reply-writer.js';
import type { AcceptedRequest, ServedModel } from './served-model.js';

const MAX_BODY = 1_000_000;
/** Of a body that is too large, so much is still read and thrown away: who is hung up on cannot read why. */
const MAX_DISCARDED = 64_000_000;

export interface OpenAiServer {
  port: number;
  /** Takes no more requests, lets running replies end within the grace period, then hangs up. */
  close(graceMs: number): Promise<void>;
}

export interface ServeOptions extends BatchLimits {
  /** 0 takes a free one. */
  port: number;
  /** Answer only requests that name this model. */
  onlyName: boolean;
  /** Replies that may wait for their turn; beyond, requests get 429. */
  maxWaiting: number;
  /** A client that takes nothing for so long is hung up on. */
  stallMs: number;
  log: (line: string) => void;
}

export const serveDefaults = { maxRows: 16, maxWaiting: 64, prefillTokens: 256, stallMs: 30_000 };

/** Serves a model on loopback as OpenAI's chat completions and completions, many replies at a time. */
export async function startOpenAiServer(model: ServedModel, options: ServeOptions): Promise<OpenAiServer> {
  const batch = model.batch(options);
  const loop = new BatchLoop(batch, options.maxRows + options.maxWaiting);
  const service = new Service(model, loop, options);
  let closing = false;
  const server = createServer((request, response) => {
    service.answer(request, response).catch((error: unknown) => service.fail(response, error));
    response.once('close', () => closing && setImmediate(() => server.closeIdleConnections()));
  });
  await listen(server, options.port);
  return {
    port: (server.address() as AddressInfo).port,
    async close(graceMs) {
      closing = true;
      const closed = new Promise((resolve) => server.close(resolve));
      const ended = loop.drain().then(() => closed);
      const patience = new AbortController();
      await Promise.race([ended, sleep(graceMs, undefined, { signal: patience.signal }).catch(() => undefined)]);
      patience.abort();
      server.closeAllConnections();
      await ended;
      batch.dispose();
    },
  };
}

/** What the addresses do. */
class Service {
  private readonly shapes: Record<'chat' | 'completion', ReplyShape>;

  constructor(
    private readonly model: ServedModel,
    private readonly loop: BatchLoop,
    private readonly options: ServeOptions,
  ) {
    const spell: SpellToken = (id) => model.spell(id);
    this.shapes = { chat: chatShape(spell), completion: completionShape(spell) };
  }

  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const route = `${request.method} ${new URL(request.url ?? '/', 'http://localhost').pathname}`;
    switch (route) {
      case 'GET /health':
        return send(response, { status: 'ok', model: this.model.name, ...this.loop.load });
      case 'GET /v1/models':
        return send(response, { object: 'list', data: [this.describe()] });
      case `GET /v1/models/${encodeURIComponent(this.model.name)}`:
        return send(response, this.describe());
      case 'POST /v1/chat/completions': {
        const chat = this.named(parseChatRequest(await readBody(request)));
        return this.write(response, chat, this.model.acceptChat(chat), this.shapes.chat);
      }
      case 'POST /v1/completions': {
        const completion = this.named(parseCompletionRequest(await readBody(request)));
        return this.write(response, completion, this.model.acceptCompletion(completion), this.shapes.completion);
      }
      default:
        throw new OpenAiError(404, 'not_found', `There is no ${route} here.`);
    }
  }

  fail(response: ServerResponse, error: unknown): void {
    if (response.destroyed) return;
    const known = this.known(error);
    if (response.headersSent) response.destroy();
    else sendError(response, known);
  }

  /** The replies write themselves; a client that hangs up takes its rows out of the batch. */
  private write(
    response: ServerResponse,
    request: GenerationRequest,
    accepted: AcceptedRequest,
    shape: ReplyShape,
  ): void {
    if (response.destroyed) return;
    const writer = new ReplyWriter(response, {
      request,
      shape,
      choices: accepted.prompts.length,
      promptTokens: accepted.promptTokens,
      stallMs: this.options.stallMs,
      onError: (error) => this.known(error),
    });
    const replies = accepted.prompts.map((prompt, index) =>
      this.model.reply(prompt, (part) => writer.tell(index, part)),
    );
    this.loop.submit(replies);
    response.once('close', () => replies.forEach((reply) => (reply.cancelled = true)));
    writer.start();
  }

  private named<T extends GenerationRequest>(request: T): T {
    if (!this.options.onlyName || request.model === this.model.name) return request;
    throw new OpenAiError(
      404,
      'model_not_found',
      `The model ${request.model} is not served here; ${this.model.name} is.`,
      'model',
    );
  }

  private describe(): object {
    const { name, rehearsal, contextLength } = this.model;
    return { id: name, object: 'model', created: 0, owned_by: 'qingnang', max_model_len: contextLength, rehearsal };
  }

  private known(error: unknown): OpenAiError {
    if (error instanceof OpenAiError) return error;
    this.options.log(error instanceof Error ? (error.stack ?? error.message) : String(error));
    return new OpenAiError(500, 'internal_error', 'The model server failed at this request.');
  }
}

function send(response: ServerResponse, body: unknown): void {
  response.writeHead(200, { 'content-type': 'application/json; charset=utf-8' }).end(JSON.stringify(body));
}

async function readBody(request: IncomingMessage): Promise<string> {
  if (!request.headers['content-type']?.startsWith('application/json')) {
    throw new OpenAiError(415, 'unsupported_media_type', 'Send the request as application/json.');
  }
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size <= MAX_BODY) chunks.push(chunk);
    else if (size > MAX_DISCARDED) break;
  }
  if (size > MAX_BODY) {
    throw new OpenAiError(413, 'request_too_large', `The request is larger than ${MAX_BODY} bytes.`);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      resolve();
    });
  });
}
