import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type Clock, PlatformClient, PlatformRefusal, UnreachableError } from './platform-client.js';

const HOUR_MS = 3_600_000;
const servers: Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

async function listen(answer: RequestListener, port = 0): Promise<number> {
  const server = createServer(answer).listen(port, '127.0.0.1');
  servers.push(server);
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}
/** A port on which nobody listens. */
async function closedPort(): Promise<number> {
  const port = await listen(() => undefined);
  const server = servers.pop()!;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
/** Time that passes only by being slept through. */
function fakeClock(onSleep: (now: number) => Promise<void> = () => Promise.resolve()): Clock & { slept: number[] } {
  let now = 0;
  const slept: number[] = [];
  return {
    slept,
    now: () => now,
    async sleep(ms) {
      slept.push(ms);
      now += ms;
      await onSleep(now);
    },
  };
}
function clientOf(port: number, clock: Clock, patienceMs = 2 * HOUR_MS): { client: PlatformClient; lines: string[] } {
  const lines: string[] = [];
  const target = { platform: `http://127.0.0.1:${port}`, project: 'p', token: 't' };
  const options = { clock, patienceMs, requestMs: 60_000, log: (line: string) => void lines.push(line) };
  return { client: new PlatformClient(target, options), lines };
}
const ask = (client: PlatformClient) => client.json(z.object({ ok: z.boolean() }), { method: 'GET', path: '/x' });

describe('a platform that is away', () => {
  it('for an hour is asked again with growing pauses, until it answers', async () => {
    const port = await closedPort();
    let back = false;
    const clock = fakeClock(async (now) => {
      if (now < HOUR_MS || back) return;
      back = true;
      await listen((_request, response) => response.end('{"ok":true}'), port);
    });
    const { client, lines } = clientOf(port, clock);
    expect(await ask(client)).toEqual({ ok: true });
    expect(clock.slept.slice(0, 8)).toEqual([1, 2, 4, 8, 16, 32, 60, 60].map((s) => s * 1000));
    expect(clock.now()).toBeGreaterThanOrEqual(HOUR_MS);
    expect(lines).toEqual([expect.stringMatching(/does not answer.*ECONNREFUSED/), 'The platform answers again.']);
  });

  it('for longer than our patience is named, with the code for cron', async () => {
    const clock = fakeClock();
    const { client } = clientOf(await closedPort(), clock, 60_000);
    await expect(ask(client)).rejects.toBeInstanceOf(UnreachableError);
    expect(clock.now()).toBeLessThanOrEqual(60_000);
  });

  it('after a download of three hours is asked again all the same', async () => {
    let asked = 0;
    const clock = fakeClock();
    const port = await listen((_request, response) => {
      if (asked++ > 0) return void response.end('{"ok":true}');
      void clock.sleep(3 * HOUR_MS).then(() => response.destroy());
    });
    expect(await ask(clientOf(port, clock).client)).toEqual({ ok: true });
  });

  it.each([500, 502, 503, 429, 408])('with status %i is asked again', async (status) => {
    let asked = 0;
    const port = await listen((_request, response) => {
      response.statusCode = asked++ < 2 ? status : 200;
      response.end('{"ok":true}');
    });
    expect(await ask(clientOf(port, fakeClock()).client)).toEqual({ ok: true });
    expect(asked).toBe(3);
  });
});

it.each([400, 401, 403, 404, 409, 410, 416, 422])(
  'status %i is a last word, told as the platform says it',
  async (status) => {
    let asked = 0;
    const port = await listen((_request, response) => {
      asked++;
      response.statusCode = status;
      response.end(JSON.stringify({ code: 'run.some_code', detail: 'Why.', details: { offset: 5 } }));
    });
    const refused = await ask(clientOf(port, fakeClock()).client).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(PlatformRefusal);
    expect(refused).toMatchObject({ status, code: 'run.some_code', details: { offset: 5 } });
    expect(asked).toBe(1);
  },
);

it('the one refusal that passes, of a request that met another, is asked again', async () => {
  let asked = 0;
  const port = await listen((_request, response) => {
    response.statusCode = asked++ === 0 ? 409 : 200;
    response.end(asked === 1 ? '{"code":"busy","detail":"Try again."}' : '{"ok":true}');
  });
  expect(await ask(clientOf(port, fakeClock()).client)).toEqual({ ok: true });
});

it('an answer cut in the middle is asked for again', async () => {
  let asked = 0;
  const port = await listen((_request, response) => {
    response.setHeader('content-length', 11);
    if (asked++ > 0) return void response.end('{"ok":true}');
    response.write('{"ok"', () => response.destroy());
  });
  expect(await ask(clientOf(port, fakeClock()).client)).toEqual({ ok: true });
});
