import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { uuidv7 } from '@qingnang/kernel';
import type { ChatModel, FinishReason, ReplyPart, Usage } from './chat-model.js';
import { parseChatRequest, type ChatRequest } from './chat-request.js';
import { OpenAiError } from './openai-error.js';
import { Turnstile } from './turnstile.js';

const MAX_BODY = 1_000_000;

export interface ChatServer {
  port: number;
  close(): Promise<void>;
}

export interface ServeOptions {
  /** 0 takes a free one. */
  port: number;
  /** Answer only requests that name this model. */
  onlyName: boolean;
  log: (line: string) => void;
}

/** Serves a model on loopback as OpenAI's chat completions, one reply at a time. */
export async function startChatServer(model: ChatModel, options: ServeOptions): Promise<ChatServer> {
  const turnstile = new Turnstile();
  const server = createServer((request, response) => {
    answer(model, turnstile, options, request, response).catch((error: unknown) => fail(response, error, options.log));
  });
  await listen(server, options.port);
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function answer(
  model: ChatModel,
  turnstile: Turnstile,
  options: ServeOptions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const route = `${request.method} ${new URL(request.url ?? '/', 'http://localhost').pathname}`;
  if (route === 'GET /health') return send(response, 200, { status: 'ok', model: model.name });
  if (route === 'GET /v1/models') return send(response, 200, { object: 'list', data: [describe(model)] });
  if (route !== 'POST /v1/chat/completions') throw new OpenAiError(404, 'not_found', `There is no ${route} here.`);
  if (!request.headers['content-type']?.startsWith('application/json')) {
    throw new OpenAiError(415, 'unsupported_media_type', 'Send the request as application/json.');
  }
  const chat = parseChatRequest(await readBody(request));
  if (options.onlyName && chat.model !== model.name) {
    throw new OpenAiError(
      404,
      'model_not_found',
      `The model ${chat.model} is not served here; ${model.name} is.`,
      'model',
    );
  }
  const prompt = model.accept(chat);
  const gone = new Promise<void>((resolve) => response.once('close', resolve));
  const release = await turnstile.enter(gone);
  if (!release) return;
  try {
    const reply = model.reply(prompt, chat);
    await (chat.stream ? streamReply(response, reply, chat) : collectReply(response, reply, chat));
  } finally {
    release();
  }
}

async function collectReply(
  response: ServerResponse,
  reply: AsyncIterable<ReplyPart>,
  chat: ChatRequest,
): Promise<void> {
  let content = '';
  for await (const part of reply) {
    if (response.destroyed) return;
    if ('text' in part) content += part.text;
    else {
      const choice = { index: 0, message: { role: 'assistant', content }, logprobs: null, finish_reason: part.finish };
      send(response, 200, { ...head(chat, 'chat.completion'), choices: [choice], usage: part.usage });
    }
  }
}

async function streamReply(
  response: ServerResponse,
  reply: AsyncIterable<ReplyPart>,
  chat: ChatRequest,
): Promise<void> {
  const common = head(chat, 'chat.completion.chunk');
  const write = (choices: unknown[], usage?: Usage): void => {
    response.write(`data: ${JSON.stringify({ ...common, choices, ...(usage ? { usage } : {}) })}\n\n`);
  };
  const delta = (content: Record<string, string>, finish: FinishReason | null): void =>
    write([{ index: 0, delta: content, logprobs: null, finish_reason: finish }]);
  response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-cache' });
  delta({ role: 'assistant', content: '' }, null);
  for await (const part of reply) {
    if (response.destroyed) return;
    if ('text' in part) delta({ content: part.text }, null);
    else {
      delta({}, part.finish);
      if (chat.includeUsage) write([], part.usage);
    }
  }
  response.end('data: [DONE]\n\n');
}

function head(chat: ChatRequest, object: string): Record<string, unknown> {
  return { id: `chatcmpl-${uuidv7()}`, object, created: Math.floor(Date.now() / 1000), model: chat.model };
}

function describe(model: ChatModel): Record<string, unknown> {
  const { name, rehearsal, contextLength } = model;
  return { id: name, object: 'model', created: 0, owned_by: 'qingnang', max_model_len: contextLength, rehearsal };
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' }).end(JSON.stringify(body));
}

function fail(response: ServerResponse, error: unknown, log: (line: string) => void): void {
  const known =
    error instanceof OpenAiError
      ? error
      : new OpenAiError(500, 'internal_error', 'The model server failed at this request.');
  if (known !== error) log(error instanceof Error ? (error.stack ?? error.message) : String(error));
  if (response.destroyed) return;
  if (!response.headersSent) send(response, known.status, known.body());
  else response.end(`data: ${JSON.stringify(known.body())}\n\n`);
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_BODY)
      throw new OpenAiError(413, 'request_too_large', `The request is larger than ${MAX_BODY} bytes.`);
    chunks.push(chunk);
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
