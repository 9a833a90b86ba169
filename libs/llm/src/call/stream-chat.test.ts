import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import { streamChat } from './stream-chat.js';

it('hands words on as they come, without the NUL that no text column holds', async () => {
  const chunk = (content: string, finish: string | null): string =>
    `data: ${JSON.stringify({ choices: [{ index: 0, delta: { content }, finish_reason: finish }] })}\n\n`;
  const server = createServer((_request, response) => {
    response.setHeader('content-type', 'text/event-stream');
    response.end(`${chunk('您\0好', null)}${chunk('\0', null)}${chunk('。', 'stop')}data: [DONE]\n\n`);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
  const target = { baseUrl, apiKey: 'none', model: 'm', timeoutMs: 5000, kind: 'serve' as const };
  const words: string[] = [];
  const outcome = await streamChat(target, { messages: [], settings: { maxOutputTokens: 9 } }, 'key', (text) =>
    words.push(text),
  );
  expect(words).toEqual(['您好', '。']);
  expect(outcome).toMatchObject({ kind: 'answer', text: '您好。', truncated: false });
  server.close();
});
