import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What a model server was asked, as far as tests look at it. */
export interface AskedBody {
  model: string;
  max_tokens?: number;
  max_completion_tokens?: number;
  temperature?: number;
  stream?: boolean;
  messages: { role: string; content: string }[];
}

export type Reply = (response: ServerResponse, asked: AskedBody, n: number) => void;

export interface ModelServer {
  url: string;
  asked: AskedBody[];
  /** How it answers from now on. */
  reply: Reply;
  close(): Promise<void>;
}

/** A model server on the loopback that answers as told. */
export async function openModelServer(reply: Reply = say('您好，请多休息。')): Promise<ModelServer> {
  const asked: AskedBody[] = [];
  const bench: ModelServer = { url: '', asked, reply, close: () => closing(server) };
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = JSON.parse(Buffer.concat(chunks).toString()) as AskedBody;
      bench.reply(response, body, asked.push(body));
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  bench.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
  return bench;
}

async function closing(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
}

interface Said {
  content?: unknown;
  refusal?: string;
  reasoning_content?: string;
  tool_calls?: unknown[];
  finish_reason?: string | null;
  usage?: object | null;
}

const USAGE = { prompt_tokens: 20, completion_tokens: 10, total_tokens: 30 };

/** A completion with this message. */
export function completion({ finish_reason = 'stop', usage = USAGE, ...message }: Said): object {
  const choices = [{ index: 0, message: { role: 'assistant', ...message }, finish_reason }];
  return { id: 'c', object: 'chat.completion', choices, ...(usage ? { usage } : {}) };
}

export function json(status: number, body: unknown, headers: Record<string, string> = {}): Reply {
  return (response) =>
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
}

export function say(content: unknown, more: Said = {}): Reply {
  return json(200, completion({ content, ...more }));
}

/** Events of a stream, each one JSON value. */
export function events(values: readonly unknown[], done = true): Reply {
  return (response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    const lines = values.map((value) => `data: ${JSON.stringify(value)}\n\n`);
    response.end(`: comment\n\n${lines.join('')}${done ? 'data: [DONE]\n\n' : ''}`);
  };
}

/** One answer after another; the last one for good. */
export function inTurn(...replies: Reply[]): Reply {
  return (response, asked, n) => replies[Math.min(n, replies.length) - 1]!(response, asked, n);
}
