import type { LookupAddress } from 'node:dns';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { sendChat } from '../wire/send-chat.js';
import { streamChat } from '../wire/stream-chat.js';
import { guardedLookup, MisdirectedError, type Reach } from './guarded-fetch.js';

const body = { messages: [{ role: 'user' as const, content: '我头晕' }], settings: { maxOutputTokens: 9 } };
const completion = JSON.stringify({ choices: [{ message: { content: '您好' }, finish_reason: 'stop' }] });

/** A real server; `heard` counts what reached it, with the words it was sent. */
async function serve(answer: (request: IncomingMessage, response: ServerResponse) => void) {
  const heard: string[] = [];
  const server = createServer((request, response) => {
    let text = '';
    request.setEncoding('utf8').on('data', (piece: string) => (text += piece));
    request.on('end', () => {
      heard.push(text);
      answer(request, response);
    });
  }).listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  return { port: (server.address() as AddressInfo).port, heard };
}
const redirect = (to: string, status = 307) =>
  serve((_request, response) => response.writeHead(status, { location: to }).end());
const answering = () =>
  serve((_request, response) => response.writeHead(200, { 'content-type': 'application/json' }).end(completion));

const target = (port: number, host = '127.0.0.1', reach: Reach = 'inside') => ({
  ...{ baseUrl: `http://${host}:${port}/v1`, apiKey: 'sk-secret', model: 'm', timeoutMs: 5_000 },
  ...{ kind: 'external' as const, reach },
});
const ask = (port: number, host?: string, reach?: Reach) => sendChat(target(port, host, reach), body, 'key');
const askStreaming = (port: number, host?: string, reach?: Reach) =>
  streamChat(target(port, host, reach), body, 'key', () => undefined);

describe.each([
  ['one answer', ask],
  ['word by word', askStreaming],
])('%s', (_name, send) => {
  it.each([301, 302, 303, 307, 308])('a %i to another origin is refused: nothing is sent there', async (status) => {
    const other = await answering();
    const { port, heard } = await redirect(`http://127.0.0.1:${other.port}/v1/chat/completions`, status);
    expect(await send(port)).toEqual({ kind: 'misdirected', code: 'provider_redirects' });
    expect(heard).toHaveLength(1);
    expect(other.heard).toEqual([]);
  });

  it('another name of the same server is another origin', async () => {
    const other = await answering();
    const { port } = await redirect(`http://localhost:${other.port}/v1/chat/completions`);
    expect(await send(port)).toMatchObject({ kind: 'misdirected' });
    expect(other.heard).toEqual([]);
  });

  it('goes on within the origin with the same words, but not round and round', async () => {
    const tidy = await serve((request, response) => {
      if (request.url === '/v1/chat/completions') response.writeHead(308, { location: '/v1/chat/completions/' }).end();
      else response.writeHead(200, { 'content-type': 'application/json' }).end(completion);
    });
    await send(tidy.port);
    expect(tidy.heard).toHaveLength(2);
    expect(tidy.heard[1]).toBe(tidy.heard[0]);
    expect(tidy.heard[0]).toContain('我头晕');

    const round = await redirect('/v1/chat/completions');
    expect(await send(round.port)).toEqual({ kind: 'misdirected', code: 'provider_redirects' });
  });

  it('this machine is out of reach unless it is allowed, by number and by name', async () => {
    const server = await answering();
    for (const host of ['127.0.0.1', '2130706433', '0177.0.0.1', '[::ffff:127.0.0.1]', 'localhost']) {
      expect(await send(server.port, host, 'public'), host).toEqual({
        ...{ kind: 'misdirected', code: 'provider_address_refused' },
      });
    }
    expect(server.heard).toEqual([]);
    await send(server.port, 'localhost', 'inside');
    expect(server.heard).toHaveLength(1);
  });

  it.each(['169.254.169.254', '[fe80::1]', '[::ffff:169.254.169.254]', '0.0.0.0'])(
    '%s is out of reach for everybody',
    async (host) => {
      const answer = await send(80, host, 'inside');
      expect(answer).toEqual({ kind: 'misdirected', code: 'provider_address_refused' });
    },
  );
});

it.each([200, 400])('a body without an end (%i) is left off: memory is not a server’s to fill', async (status) => {
  const piece = Buffer.alloc(2 ** 20, ' ');
  let sent = 0;
  const endless = await serve((_request, response) => {
    response.writeHead(status, { 'content-type': 'application/json' });
    const send = (): void => {
      while (!response.destroyed && response.write(piece)) sent += 1;
      sent += 1;
    };
    response.on('drain', send);
    send();
  });
  expect(await ask(endless.port)).toMatchObject({ kind: 'lost' });
  expect(sent).toBeLessThan(100);
});

describe('a name', () => {
  const resolveTo =
    (...addresses: string[]) =>
    (_name: string, _options: unknown, done: (error: null, found: LookupAddress[]) => void) =>
      done(
        null,
        addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
      );
  const outcome = (reach: Reach, ...addresses: string[]): Error | null => {
    let said: Error | null = null;
    guardedLookup(reach, resolveTo(...addresses))('model.example', { all: true }, (error) => (said = error));
    return said;
  };

  it('is looked at by what it means when connecting: one bad address among good ones is enough', () => {
    expect(outcome('public', '93.184.216.34')).toBeNull();
    expect(outcome('inside', '10.0.0.5')).toBeNull();
    expect(outcome('public', '10.0.0.5')).toBeInstanceOf(MisdirectedError);
    expect(outcome('public', '93.184.216.34', '::1')).toBeInstanceOf(MisdirectedError);
    expect(outcome('inside', '169.254.169.254')).toBeInstanceOf(MisdirectedError);
    expect(outcome('inside', '::ffff:a9fe:a9fe')).toBeInstanceOf(MisdirectedError);
  });
});
