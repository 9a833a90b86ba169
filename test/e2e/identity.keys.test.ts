import { issueApiKey, revokeRunKeys } from '@qingnang/identity';
import { uuidv7 } from '@qingnang/kernel';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startApi, type TestApi } from '../support/api.js';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api?.close());

const withKey = (key: string) => api.as({ id: '', login: '', token: key });
const make = async (scopes: string[], more: object = {}) =>
  (
    await api
      .as('admin')
      .post('/api-keys', { name: 'nightly', scopes, ...more })
      .expect(201)
  ).body as {
    id: string;
    key: string;
    prefix: string;
  };

describe('an API key', () => {
  it('is shown once, stored as a hash, told apart by its prefix', async () => {
    const { id, key, prefix } = await make(['audit-entries:read']);
    expect(key).toMatch(/^qn_[a-z0-9]{8}_[\w-]{43}$/);
    expect(key.startsWith(prefix)).toBe(true);
    const list = await api.as('admin').get('/api-keys').expect(200);
    expect(JSON.stringify(list.body)).not.toContain(key);
    const [row] = await api.dataSource.query<{ row: string }[]>(
      'select row_to_json(k)::text as row from api_key k where id = $1',
      [id],
    );
    expect(row!.row).not.toContain(key);
  });

  it('may do what its scopes say in its project, and nothing else', async () => {
    const { key } = await make(['audit-entries:read']);
    await withKey(key).get('/audit-entries').expect(200);
    await withKey(key).get('/members').expect(403);
    await withKey(key).get(`${api.otherProject.path}/audit-entries`).expect(404);
    await withKey(key).get('/api/v1/me').expect(403);
    await withKey(key).get('/api/v1/people').expect(403);
  });

  it('cannot be given people’s affairs', async () => {
    await api
      .as('admin')
      .post('/api-keys', { name: 'x', scopes: ['members:update'] })
      .expect(422);
    await api
      .as('admin')
      .post('/api-keys', { name: 'x', scopes: ['everything'] })
      .expect(422);
  });

  it('cannot be given providers to change, nor what its maker may not do', async () => {
    const body = { name: 'x', scopes: ['providers:update'] };
    await api.as('admin').post('/api-keys', body).expect(422);
    await api.as('installation').post('/api-keys', body).expect(422);
    // No member, but keeper of members and keys everywhere: may hand out no more than they have.
    const keeper = await api.addPerson({ installationAdmin: true });
    const beyond = await api
      .as(keeper)
      .post('/api-keys', { name: 'x', scopes: ['audit-entries:read', 'records:read'] })
      .expect(422);
    expect(beyond.body).toMatchObject({ code: 'api_key.scope_beyond_role', details: { scopes: ['records:read'] } });
    await api
      .as(keeper)
      .post('/api-keys', { name: 'x', scopes: ['audit-entries:read'] })
      .expect(201);
  });

  it('never changes a provider, though it once came by the scope and its maker may', async () => {
    const providerScopes = ['providers:read', 'providers:create', 'providers:update'];
    for (const maker of ['admin', 'installation'] as const) {
      const { key } = await issueApiKey(api.dataSource, {
        ...{ projectId: api.project.id, name: 'old', scopes: providerScopes, expiresAt: null },
        createdBy: api.people[maker].id,
      });
      await withKey(key).get('/providers').expect(200);
      const at = `/providers/${uuidv7()}`;
      const refused = [
        await withKey(key).post('/providers', { name: 'mine', baseUrl: 'https://example.org/v1' }),
        await withKey(key).patch(at, { baseUrl: 'https://example.org/v1' }).set('If-Match', '"1"'),
        await withKey(key).put(`${at}/inside`, { inside: true }).set('If-Match', '"1"'),
      ];
      for (const { status, body } of refused) {
        expect({ status, ...(body as { code: string }) }).toMatchObject({ status: 403, code: 'access.people_only' });
      }
    }
  });

  it('follows what its maker may do, from one request to the next', async () => {
    const maker = await api.addPerson({ roles: ['admin'], installationAdmin: true });
    const made = await api.as(maker).post('/api-keys', { name: 'x', scopes: ['records:read', 'audit-entries:read'] });
    const { id, key } = made.body as { id: string; key: string };
    const reads = async () => [
      (await withKey(key).get('/records')).status,
      (await withKey(key).get('/audit-entries')).status,
    ];
    const dormant = async () => {
      const { body } = await api.as('admin').get('/api-keys?perPage=100').expect(200);
      return (body as { items: { id: string; dormantScopes: string[] }[] }).items.find((item) => item.id === id)!
        .dormantScopes;
    };
    expect(await reads()).toEqual([200, 200]);
    expect(await dormant()).toEqual([]);
    await api
      .as('admin')
      .patch(`/members/${maker.id}`, { roles: ['annotator'] })
      .set('If-Match', '"1"')
      .expect(200);
    expect(await reads()).toEqual([403, 200]);
    expect(await dormant()).toEqual(['records:read']);
    await api.dataSource.query('update person set installation_admin = false where id = $1', [maker.id]);
    expect(await reads()).toEqual([403, 403]);
    const refused = await withKey(key).get('/records').expect(403);
    expect(refused.body).toMatchObject({ code: 'access.maker_may_not', details: { scope: 'records:read' } });
    await api
      .as('admin')
      .patch(`/members/${maker.id}`, { roles: ['reviewer'] })
      .set('If-Match', '"2"')
      .expect(200);
    expect(await reads()).toEqual([200, 403]);
  });

  it('whose maker nobody knows does nothing', async () => {
    const wish = { projectId: api.project.id, name: 'old', scopes: ['records:read'], createdBy: null, expiresAt: null };
    const refused = await withKey((await issueApiKey(api.dataSource, wish)).key)
      .get('/records')
      .expect(403);
    expect(refused.body).toMatchObject({ code: 'access.maker_may_not' });
  });

  it('is told which scope it lacks', async () => {
    const { key } = await make(['records:read']);
    const refused = await withKey(key).get('/snapshots').expect(403);
    expect(refused.body).toMatchObject({ code: 'access.scope_missing', details: { scope: 'snapshots:read' } });
    expect((refused.body as { detail: string }).detail).toContain('snapshots:read');
  });

  it('is dead once revoked, run out or altered', async () => {
    const { id, key } = await make(['audit-entries:read']);
    await withKey(`${key.slice(0, -1)}${key.endsWith('A') ? 'B' : 'A'}`)
      .get('/audit-entries')
      .expect(401);
    await api.as('admin').delete(`/api-keys/${id}`).expect(204);
    await withKey(key).get('/audit-entries').expect(401);
    const late = await make(['audit-entries:read'], { expiresInDays: 1 });
    await withKey(late.key).get('/audit-entries').expect(200);
    await api.dataSource.query('update api_key set expires_at = now() where id = $1', [late.id]);
    await withKey(late.key).get('/audit-entries').expect(401);
  });

  it('remembers when it was last used', async () => {
    const { id, key } = await make(['audit-entries:read']);
    await withKey(key).get('/audit-entries').expect(200);
    const list = await api.as('admin').get('/api-keys').expect(200);
    const row = (list.body as { items: { id: string; lastUsedAt: string | null }[] }).items.find(
      (item) => item.id === id,
    );
    expect(row!.lastUsedAt).not.toBeNull();
  });

  it('of a run dies with it', async () => {
    const runId = uuidv7();
    await api.dataSource.query(
      `insert into run (id, project_id, name, method, config, seed, folder) values ($1, $2, 'r', 'sft', '{}', 1, 'runs/r')`,
      [runId, api.project.id],
    );
    const { key } = await issueApiKey(api.dataSource, {
      projectId: api.project.id,
      name: 'run',
      scopes: ['runs:update'],
      runId,
      createdBy: null,
      expiresAt: null,
    });
    const point = { attempt: 1, step: 1, key: 'train/loss', value: 2, time: new Date().toISOString() };
    const report = () =>
      withKey(key)
        .post(`/runs/${runId}/metrics`)
        .send({ points: [point] });
    await withKey(key).get('/audit-entries').expect(403);
    expect((await report()).status).not.toBe(401);
    await revokeRunKeys(api.dataSource, api.project.id, runId);
    await report().expect(401);
  });
});

describe('the log', () => {
  it('tells who did what, with ids and never with secrets', async () => {
    const { id, key } = await make(['audit-entries:read']);
    const response = await api.as('admin').get(`/audit-entries?subjectId=${id}`).expect(200);
    expect(response.body.items).toMatchObject([
      {
        action: 'api_key.create',
        actorKind: 'person',
        actorId: api.people.admin.id,
        actorName: 'admin',
        subjectType: 'api_key',
      },
    ]);
    const [dump] = await api.dataSource.query<{ text: string }[]>(
      `select string_agg(row_to_json(a)::text, ' ') as text from audit_entry a`,
    );
    expect(dump!.text).not.toContain(key);
    expect(dump!.text).not.toContain('argon2');
  });

  it('is never changed', async () => {
    await make(['audit-entries:read']);
    await expect(api.dataSource.query('delete from audit_entry')).rejects.toThrow(/never changed/);
  });

  it('pages by number and by cursor alike, and bounds the numbers', async () => {
    for (let i = 0; i < 7; i++) await make(['audit-entries:read']);
    const all = (await api.as('admin').get('/audit-entries?perPage=200').expect(200)).body as {
      items: { id: string }[];
      total: number;
    };
    expect(all.total).toBe(all.items.length);
    const seen: string[] = [];
    let after: string | null = '';
    while (after !== null) {
      const query: string = after === '' ? '' : `&after=${encodeURIComponent(after)}`;
      const page = (await api.as('admin').get(`/audit-entries?perPage=3${query}`).expect(200)).body as {
        items: { id: string }[];
        total: number;
        next: string | null;
      };
      expect(page.total).toBe(all.total);
      seen.push(...page.items.map((item) => item.id));
      after = page.next;
    }
    expect(seen).toEqual(all.items.map((item) => item.id));
    const deep = await api.as('admin').get('/audit-entries?page=101&perPage=100').expect(422);
    expect(deep.body).toMatchObject({ code: 'list.too_deep', field: 'page' });
    await api.as('admin').get('/audit-entries?after=nonsense').expect(422);
  });
});

describe('a request sent twice', () => {
  const body = { name: 'twice', scopes: ['audit-entries:read'] };
  const send = (key: string, more: object = {}) =>
    api
      .as('admin')
      .post('/api-keys', { ...body, ...more })
      .set('Idempotency-Key', key);
  const count = async () =>
    (await api.dataSource.query<unknown[]>(`select 1 from api_key where name = 'twice'`)).length;

  it('acts once and answers with status and id', async () => {
    const before = await count();
    const first = await send('key-1').expect(201);
    const second = await send('key-1').expect(201);
    expect(second.body).toEqual({ id: (first.body as { id: string }).id });
    expect(second.headers['idempotent-replay']).toBe('true');
    expect(await count()).toBe(before + 1);
  });

  it('with another body under the same key is refused', async () => {
    await send('key-2').expect(201);
    const refused = await send('key-2', { name: 'thrice' }).expect(422);
    expect(refused.body.code).toBe('idempotency.other_body');
  });

  it('at the same moment acts once', async () => {
    const before = await count();
    const answers = await Promise.all([send('key-3'), send('key-3'), send('key-3')]);
    expect(await count()).toBe(before + 1);
    for (const answer of answers) expect([201, 409]).toContain(answer.status);
  });

  it('may be sent again after a refusal', async () => {
    await send('key-4', { scopes: [] }).expect(422);
    await send('key-4').expect(201);
  });

  it('is not done again where the server died between doing and answering', async () => {
    const before = await count();
    await send('key-5').expect(201);
    await api.dataSource.query(`update idempotency_key set status = null, lease_until = now() where key = 'key-5'`);
    expect((await send('key-5').expect(200)).headers['idempotent-replay']).toBe('true');
    expect(await count()).toBe(before + 1);
  });

  it('holds for one person only', async () => {
    await send('key-6').expect(201);
    await api
      .as('installation')
      .post('/api-keys', { ...body, name: 'other' })
      .set('Idempotency-Key', 'key-6')
      .expect(201);
  });
});
