import { createServer, type Server, type Socket } from 'node:net';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { uuidv7 } from '@qingnang/kernel';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connect } from 'node:net';
import { startApi, type TestApi } from '../support/api.js';
import { listRoutes, type Route } from '../support/route-list.js';

/** A line to the database that can be cut and mended: what the API sees when PostgreSQL ends and comes back. */
class Line {
  private server: Server | undefined;
  private readonly sockets = new Set<Socket>();
  port = 0;

  constructor(private readonly target: { host: string; port: number }) {}

  async mend(): Promise<void> {
    this.server = createServer((near) => {
      const far = connect(this.target);
      for (const [one, other] of [
        [near, far],
        [far, near],
      ] as const) {
        this.sockets.add(one);
        one.on('error', () => undefined);
        one.on('close', () => {
          this.sockets.delete(one);
          other.destroy();
        });
        one.pipe(other);
      }
    }).listen(this.port, '127.0.0.1');
    await once(this.server, 'listening');
    this.port = (this.server.address() as AddressInfo).port;
  }

  async cut(): Promise<void> {
    const closed = new Promise((resolve) => this.server?.close(resolve));
    for (const socket of this.sockets) socket.destroy();
    await closed;
  }
}

let line: Line;
let api: TestApi;
let origin: string;
let routes: Route[];
beforeAll(async () => {
  api = await startApi({
    through: async (url) => {
      const address = new URL(url);
      line = new Line({ host: address.hostname, port: Number(address.port) });
      await line.mend();
      address.host = `127.0.0.1:${line.port}`;
      return address.toString();
    },
  });
  ({ routes } = listRoutes(api));
  await api.app.listen(0, '127.0.0.1');
  origin = `http://127.0.0.1:${(api.app.getHttpServer().address() as AddressInfo).port}`;
});
afterAll(() => api?.close());

/** Answered without looking anything up. */
const withoutDatabase = ['GET /api/v1/health/live', 'GET /api/v1/downloads'];

async function call(route: Route) {
  const path = route.path.replace('{project}', api.project.id).replace(/\{\w+\}/g, () => uuidv7());
  const headers = { authorization: `Bearer ${api.people.admin.token}`, cookie: `qingnang_refresh=${'x'.repeat(43)}` };
  const response = await fetch(`${origin}${path}`, { method: route.method, headers });
  const isProblem = response.headers.get('content-type')?.includes('problem+json') ?? false;
  const problem = isProblem ? ((await response.json()) as { code: string; status: number }) : null;
  if (!isProblem) await response.body?.cancel();
  return { status: response.status, code: problem?.code, retryAfter: response.headers.get('retry-after'), response };
}

describe('while the database is away', () => {
  beforeAll(() => line.cut());
  afterAll(() => line.mend());

  it('every route that needs it answers 503 with when to ask again', async () => {
    const faults: string[] = [];
    for (const route of routes.filter(({ name }) => !withoutDatabase.includes(name))) {
      const { status, code, retryAfter } = await call(route);
      // A public route without a body is refused before anything is looked up.
      if (route.rule.kind === 'public' && status === 422) continue;
      if (status === 503 && code === 'health.database' && Number(retryAfter) > 0) continue;
      faults.push(`${route.name}: ${status} ${code}`);
    }
    expect(faults).toEqual([]);
  });

  it('so do sign-in and links, and the process lives on', async () => {
    for (const [path, body] of [
      ['sign-in', { login: 'admin', password: 'x' }],
      ['invite', { token: 'x'.repeat(43) }],
      ['reset-password', { token: 'x'.repeat(43), password: 'long enough now' }],
    ] as const) {
      const response = await api.nobody().post(`/api/v1/auth/${path}`, body).expect(503);
      expect(response.body.code).toBe('health.database');
    }
    await api.nobody().get('/api/v1/health/live').expect(200);
  });

  it('nobody is signed out: the cookie stays', async () => {
    const { response } = await call(routes.find(({ name }) => name === 'POST /api/v1/auth/refresh')!);
    expect(response.headers.get('set-cookie')).toBeNull();
  });
});

it('a request that is cut in the middle is answered 503 too, and may be sent again under its key', async () => {
  await api.dataSource.query(`
    create function wait_a_while() returns trigger language plpgsql as $$ begin perform pg_sleep(30); return new; end $$;
    create trigger slow before insert on api_key for each row execute function wait_a_while()`);
  const send = () =>
    api
      .as('admin')
      .post('/api-keys', { name: 'cut', scopes: ['dashboard:read'] })
      .set('Idempotency-Key', 'cut')
      .then((answer) => answer);
  const first = send();
  await expect
    .poll(() => api.dataSource.query<unknown[]>(`select from pg_stat_activity where wait_event = 'PgSleep'`))
    .toHaveLength(1);
  await line.cut();
  expect((await first).body).toMatchObject({ status: 503, code: 'health.database' });
  await line.mend();
  await expect.poll(() => api.dataSource.query('drop trigger slow on api_key')).toBeDefined();
  await expect.poll(async () => (await send()).status, { interval: 500 }).toBe(201);
  expect(await api.dataSource.query<unknown[]>(`select from api_key where name = 'cut'`)).toHaveLength(1);
});

it('everything works again by itself once it is back', async () => {
  await expect.poll(async () => (await api.nobody().get('/api/v1/health/ready')).status).toBe(200);
  await api.as('admin').get('/members').expect(200);
  await api.signIn('lay');
});
