import { Client } from 'pg';
import { afterEach, expect, it } from 'vitest';
import { runningEmbeddedUrl } from '@qingnang/database';
import { Installation } from '../support/installation.js';

const here = new Installation({ QINGNANG_DEMO: 'false' });
afterEach(() => here.remove());

const WAIT = { timeout: 120_000, interval: 200 };

async function post(path: string, body: object, headers: Record<string, string> = {}) {
  const response = await fetch(`${here.address}/api/v1${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
  return { status: response.status, body: (await response.json()) as Record<string, string> };
}

async function connect(): Promise<Client> {
  const client = new Client({ connectionString: (await runningEmbeddedUrl(here.dataDir))! });
  // Should a step fail, it is cut off with the installation.
  client.on('error', () => undefined);
  await client.connect();
  return client;
}

/** The lease of a request's key; a request that died leaves it to run out. */
const LEASE_SECONDS = 10;

it('a request whose process is killed may be sent again under its key within seconds, and is done once', async () => {
  await here.up();
  const signedIn = await post('/auth/sign-in', here.firstLogin());
  expect(signedIn.status).toBe(200);
  const authorization = `Bearer ${signedIn.body.accessToken}`;
  const project = await post('/projects', { slug: 'killed', name: 'killed' }, { authorization });
  expect(project.status).toBe(201);
  const create = () =>
    post(
      `/projects/${project.body.id}/api-keys`,
      { name: 'crash', scopes: ['dashboard:read'] },
      { authorization, 'idempotency-key': 'crash' },
    );
  // One holds a lock; the other looks on, since within a transaction activity is seen as it was at first.
  const [holder, database] = await Promise.all([connect(), connect()]);
  const rows = async <Row extends object>(sql: string): Promise<Row[]> => (await database.query<Row>(sql)).rows;

  // Nobody can write keys until it is let go, so the request is caught at work.
  await holder.query('begin; lock table api_key in exclusive mode');
  const lost = create().catch(() => null);
  const waiting = () => rows(`select from pg_stat_activity where wait_event_type = 'Lock' and query ilike '%api_key%'`);
  await expect.poll(waiting, WAIT).toHaveLength(1);
  const victim = here.pidOf('api');
  process.kill(victim, 'SIGKILL');
  const died = Date.now();
  expect(await lost).toBeNull();
  await holder.end();

  await expect.poll(() => here.pidOf('api'), WAIT).not.toBe(victim);
  const answers: number[] = [];
  const again = async (): Promise<number> => {
    const { status } = await create().catch(() => ({ status: 0 }));
    answers.push(status);
    return status;
  };
  await expect.poll(again, WAIT).toBe(201);
  const seconds = (Date.now() - died) / 1_000;
  expect(await rows(`select from api_key where name = 'crash'`)).toHaveLength(1);
  expect(answers.filter((status) => ![0, 409, 201, 503].includes(status))).toEqual([]);
  // The lease, and what starting a process takes; it was ten minutes once.
  expect(seconds).toBeLessThan(LEASE_SECONDS + 30);
  await database.end();
});
