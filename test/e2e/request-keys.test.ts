import { randomUUID } from 'node:crypto';
import request from 'supertest';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startApi, type TestApi } from '../support/api.js';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api?.close());

describe('a file sent again under its key', () => {
  const send = (key: string, content: string, fileName = 'a.csv') =>
    api
      .as('data_lead')
      .post(`/uploads?fileName=${fileName}`)
      .set({ 'Content-Type': 'application/octet-stream', 'Idempotency-Key': key })
      .send(content);
  const uploads = async () =>
    (await api.dataSource.query<{ n: number }[]>('select count(*)::int as n from upload'))[0]!.n;

  it('is the same upload where it holds the same', async () => {
    const before = await uploads();
    const first = await send('file-1', 'question,answer\n1,2\n').expect(201);
    const again = await send('file-1', 'question,answer\n1,2\n').expect(201);
    expect(again.body.id).toBe(first.body.id);
    expect(again.headers['idempotent-replay']).toBe('true');
    expect(await uploads()).toBe(before + 1);
  });

  it('is refused where it holds something else, of the same length or not, or has another name', async () => {
    await send('file-2', 'question,answer\n1,2\n').expect(201);
    const before = await uploads();
    for (const answer of [
      await send('file-2', 'question,answer\n1,3\n'),
      await send('file-2', 'question,answer\n1,2222\n'),
      await send('file-2', 'question,answer\n1,2\n', 'b.csv'),
    ]) {
      expect(answer.body).toMatchObject({ status: 422, code: 'idempotency.other_body' });
    }
    expect(await uploads()).toBe(before);
  });

  it('is compared also where the first was stored and its answer never sent', async () => {
    await send('file-3', 'question,answer\n1,2\n').expect(201);
    await api.dataSource.query(`update idempotency_key set status = null, lease_until = now() where key = 'file-3'`);
    await send('file-3', 'question,answer\n1,3\n').expect(422);
    await send('file-3', 'question,answer\n1,2\n').expect(200);
  });
});

describe('a key whose request', () => {
  const body = { name: 'leased', scopes: ['dashboard:read'] };
  const create = (app: TestApi['app'], key: string) =>
    request(app.getHttpServer())
      .post(`${api.project.path}/api-keys`)
      .set({ Authorization: `Bearer ${api.people.admin.token}`, 'Idempotency-Key': key })
      .send(body);
  const made = async () => (await api.dataSource.query<unknown[]>(`select from api_key where name = 'leased'`)).length;

  /** Keeps anybody from writing keys until it is let go. */
  async function hold(): Promise<{ waiting(): Promise<void>; letGo(): Promise<void> }> {
    const client = new Client({ connectionString: api.url });
    await client.connect();
    await client.query('begin; lock table api_key in exclusive mode');
    return {
      waiting: () =>
        expect
          .poll(
            async () =>
              (
                await client.query(
                  `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
                )
              ).rowCount,
          )
          .toBeGreaterThan(0),
      letGo: () => client.end(),
    };
  }

  it('takes longer than a lease stays its own: it is renewed', async () => {
    const lock = await hold();
    const first = create(api.app, 'slow').then((answer) => answer);
    await lock.waiting();
    await api.dataSource.query(`update idempotency_key set lease_until = now() + interval '3 s' where key = 'slow'`);
    const leases = () =>
      api.dataSource.query<{ left: number }[]>(
        `select extract(epoch from lease_until - now())::float8 as left from idempotency_key where key = 'slow'`,
      );
    await expect.poll(async () => (await leases())[0]!.left).toBeGreaterThan(4);
    await create(api.app, 'slow').expect(409);
    await lock.letGo();
    expect((await first).status).toBe(201);
  });

  it('was taken over does nothing more, should it come back to life', async () => {
    const before = await made();
    const lock = await hold();
    const slow = create(api.app, 'fenced').then((answer) => answer);
    await lock.waiting();
    await api.dataSource.query(`update idempotency_key set holder = $1 where key = 'fenced'`, [randomUUID()]);
    await lock.letGo();
    expect((await slow).body).toMatchObject({ status: 409, code: 'idempotency.in_progress' });
    expect(await made()).toBe(before);
  });
});
