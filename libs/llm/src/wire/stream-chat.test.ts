import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import * as undici from 'undici';
import { expect, it, onTestFinished, vi } from 'vitest';
import { streamChat } from './stream-chat.js';

const chunk = (content: string, finish: string | null): string =>
  `data: ${JSON.stringify({ choices: [{ index: 0, delta: { content }, finish_reason: finish }] })}\n\n`;
const body = { messages: [], settings: { maxOutputTokens: 9 } };

vi.mock('undici', async (original) => {
  const actual = await original<typeof undici>();
  return { ...actual, fetch: vi.fn(actual.fetch) };
});

/** A model server whose every answer begins as an event stream and goes on as told. */
async function serve(answer: (response: ServerResponse) => void) {
  const server = createServer((_request, response) => {
    response.setHeader('content-type', 'text/event-stream');
    answer(response);
  }).listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
  return { baseUrl, apiKey: 'none', model: 'm', timeoutMs: 5000, kind: 'serve' as const, reach: 'inside' as const };
}

it('hands words on as they come, without the NUL that no text column holds', async () => {
  const target = await serve((response) =>
    response.end(`${chunk('您\0好', null)}${chunk('\0', null)}${chunk('。', 'stop')}data: [DONE]\n\n`),
  );
  const words: string[] = [];
  const outcome = await streamChat(target, body, 'key', (text) => words.push(text));
  expect(words).toEqual(['您好', '。']);
  expect(outcome).toMatchObject({ kind: 'answer', text: '您好。', finish: 'stop' });
});

it('stopped after a word, answers with what was said and hangs up on the server', async () => {
  const hungUp = vi.fn();
  const target = await serve((response) => response.on('close', hungUp).write(chunk('您好', null)));
  const leaver = new AbortController();
  const outcome = await streamChat(target, body, 'key', () => leaver.abort(), leaver.signal);
  expect(outcome).toMatchObject({ kind: 'answer', text: '您好', finish: 'length' });
  await expect.poll(() => hungUp.mock.calls.length).toBeGreaterThan(0);
});

it('stopped before the first word, is lost: nobody knows what it cost', async () => {
  const leaver = new AbortController();
  const target = await serve((response) => {
    response.write(chunk('', null));
    leaver.abort();
  });
  const outcome = await streamChat(target, body, 'key', () => undefined, leaver.signal);
  expect(outcome).toEqual({ kind: 'lost', code: 'stopped' });
});

it('ends when stopped, though the connection never says that it is cut', async () => {
  const target = {
    baseUrl: 'http://127.0.0.1:9/v1',
    apiKey: 'none',
    model: 'm',
    timeoutMs: 5000,
    kind: 'serve' as const,
    reach: 'inside' as const,
  };
  const leaver = new AbortController();
  // An answer whose body heeds no signal, as the read that fetch sometimes leaves open.
  vi.mocked(undici.fetch).mockImplementationOnce(() => {
    const start = (stream: ReadableStreamDefaultController): void => stream.enqueue(Buffer.from(chunk('您好', null)));
    return Promise.resolve(new undici.Response(new ReadableStream({ start })));
  });
  const outcome = await streamChat(target, body, 'key', () => leaver.abort(), leaver.signal);
  expect(outcome).toMatchObject({ kind: 'answer', text: '您好', finish: 'length' });
});
