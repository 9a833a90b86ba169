import request from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PASSWORD, startApi, type TestApi } from '../support/api.js';
import { untilWaiting } from '../support/waiting.js';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api?.close());

const agent = () => request(api.app.getHttpServer());
const signIn = (login: string, password = PASSWORD) => agent().post('/api/v1/auth/sign-in').send({ login, password });
const cookieOf = (response: request.Response): string =>
  (response.headers['set-cookie'] as unknown as string[])[0]!.split(';')[0]!;
const refresh = (cookie: string) => agent().post('/api/v1/auth/refresh').set('Cookie', cookie);
const me = (token: string) => agent().get('/api/v1/me').set('Authorization', `Bearer ${token}`);
/** Makes the tokens used so far look used this many seconds ago. */
const age = (seconds: number) =>
  api.dataSource.query('update session set used_at = used_at - make_interval(secs => $1) where used_at is not null', [
    seconds,
  ]);

describe('signing in', () => {
  it('answers who I am, with the projects I belong to', async () => {
    const response = await api.as('annotator').get('/api/v1/me').expect(200);
    expect(response.body.person).toMatchObject({ login: 'annotator', language: 'zh-CN', installationAdmin: false });
    expect(response.body.projects).toMatchObject([{ slug: 'first', roles: ['annotator'] }]);
  });

  it('needs a token for that, and says so as problem details', async () => {
    const response = await api.nobody().get('/api/v1/me').expect(401);
    expect(response.body).toMatchObject({ code: 'auth.required', status: 401 });
    expect(response.headers['content-type']).toContain('application/problem+json');
    expect(response.headers['x-request-id']).toBe(response.body.requestId);
  });

  it('keeps the refresh token in a cookie that only the auth routes and no script see', async () => {
    const response = await signIn('Doctor').expect(200);
    expect((response.headers['set-cookie'] as unknown as string[])[0]).toMatch(
      /^qingnang_refresh=[\w-]{43}; Path=\/api\/v1\/auth; Expires=[^;]+; HttpOnly; SameSite=Strict$/,
    );
    expect(response.body).toEqual({
      accessToken: expect.any(String) as string,
      expiresIn: 900,
      personId: api.people.doctor.id,
    });
    expect(response.headers['cache-control']).toBe('no-store');
  });

  it('says the same for a wrong password and an unknown login', async () => {
    const wrong = await signIn('doctor', 'not the password').expect(401);
    const unknown = await signIn('who-is-this', 'not the password').expect(401);
    expect(wrong.body.detail).toBe(unknown.body.detail);
    expect(wrong.body.code).toBe('auth.wrong_credentials');
  });

  it('takes as long for an unknown login as for a wrong password', async () => {
    // The fastest of several, since other work on the machine only ever slows down.
    const time = async (login: string) => {
      const times: number[] = [];
      for (let i = 0; i < 5; i++) {
        const start = performance.now();
        await signIn(login, 'not the password');
        times.push(performance.now() - start);
      }
      return Math.min(...times);
    };
    await api.addPerson({ login: 'timed' });
    await time('warm-up');
    const [known, unknown] = [await time('timed'), await time('nobody-at-all')];
    // Without the dummy hash the unknown one takes a fifth.
    expect(unknown / known).toBeGreaterThan(0.4);
    expect(unknown / known).toBeLessThan(2.5);
  });

  it('carries no roles in the token', async () => {
    const payload = JSON.parse(Buffer.from(api.people.admin.token.split('.')[1]!, 'base64url').toString()) as object;
    expect(Object.keys(payload).sort()).toEqual(['aud', 'exp', 'fam', 'iat', 'iss', 'sub']);
  });

  it('takes no token of another key or algorithm', async () => {
    const [, payload] = api.people.admin.token.split('.');
    const none = Buffer.from('{"alg":"none"}').toString('base64url');
    await me(`${none}.${payload}.`).expect(401);
    await me(`${api.people.admin.token.slice(0, -4)}AAAA`).expect(401);
  });
});

describe('refreshing', () => {
  it('swaps the cookie for its successor', async () => {
    const first = await signIn('lay');
    const second = await refresh(cookieOf(first)).expect(200);
    expect(cookieOf(second)).not.toBe(cookieOf(first));
    await me(second.body.accessToken as string).expect(200);
    await refresh(cookieOf(second)).expect(200);
  });

  it('leaves no token behind that has expired, and nobody else’s is touched', async () => {
    const [mine, other] = [await signIn('lay'), await signIn('annotator')];
    await api.dataSource.query(
      `update session set expires_at = now() - interval '1 minute' where id in (
         select distinct on (person_id) s.id from session s join person p on p.id = s.person_id
         where p.login in ('lay', 'annotator') order by person_id, s.created_at desc)`,
    );
    await refresh(cookieOf(mine)).expect(401);
    await refresh(cookieOf(await signIn('lay'))).expect(200);
    const left = await api.dataSource.query<{ login: string; expired: boolean }[]>(
      `select p.login, s.expires_at < now() as expired from session s join person p on p.id = s.person_id
       where p.login in ('lay', 'annotator') order by 1, 2`,
    );
    expect(left.filter(({ login, expired }) => login === 'lay' && expired)).toEqual([]);
    expect(left.some(({ login, expired }) => login === 'annotator' && expired)).toBe(true);
    await refresh(cookieOf(other)).expect(401);
  });

  it('gives two tabs that race the same successor', async () => {
    const first = await signIn('lay');
    const [a, b] = await Promise.all([refresh(cookieOf(first)), refresh(cookieOf(first))]);
    expect([a.status, b.status]).toEqual([200, 200]);
    expect(cookieOf(a)).toBe(cookieOf(b));
    await refresh(cookieOf(a)).expect(200);
  });

  it('ends the whole family when an old token comes back later', async () => {
    const first = await signIn('lay');
    const second = await refresh(cookieOf(first));
    await age(11);
    const reused = await refresh(cookieOf(first)).expect(401);
    expect(reused.body.detail).toContain('two places');
    await refresh(cookieOf(second)).expect(401);
    await me(second.body.accessToken as string).expect(401);
    const entries = await api.dataSource.query<unknown[]>(
      `select 1 from audit_entry where action = 'session.reuse_detected' and actor_id = $1`,
      [api.people.lay.id],
    );
    expect(entries).toHaveLength(1);
    await me(api.people.lay.token).expect(200);
  });

  it('refuses without a cookie, with an invented one, and clears it', async () => {
    await agent().post('/api/v1/auth/refresh').expect(401);
    const response = await refresh('qingnang_refresh=AAAA').expect(401);
    expect((response.headers['set-cookie'] as unknown as string[])[0]).toContain('Expires=Thu, 01 Jan 1970');
  });

  it('refuses a session that was not visited for thirty days', async () => {
    const first = await signIn('lay');
    await api.dataSource.query(`update session set expires_at = now() where person_id = $1 and used_at is null`, [
      api.people.lay.id,
    ]);
    await refresh(cookieOf(first)).expect(401);
  });
});

describe('a new password', () => {
  const held = async (sql: string, id: string) => {
    const runner = api.dataSource.createQueryRunner();
    await runner.startTransaction();
    await runner.query(sql, [id]);
    return {
      letGo: async () => {
        await runner.commitTransaction();
        await runner.release();
      },
    };
  };

  it('ends a session too that is just being renewed', async () => {
    const person = await api.addPerson({ roles: ['lay'] });
    const stolen = await signIn(person.login);
    const link = await api.as('installation').post(`/api/v1/people/${person.id}/reset-link`).expect(201);
    const lock = await held(
      'select from session where id = (select max(id::text)::uuid from session where person_id = $1) for update',
      person.id,
    );
    const renewing = refresh(cookieOf(stolen)).then((response) => response);
    await untilWaiting(api.dataSource);
    const body = { token: (link.body as { token: string }).token, password: 'quite another one' };
    const resetting = agent()
      .post('/api/v1/auth/reset-password')
      .send(body)
      .then((response) => response);
    await untilWaiting(api.dataSource, 2);
    await lock.letGo();
    expect((await resetting).status).toBe(204);
    const renewed = await renewing;
    expect(renewed.status).toBe(200);
    await me(renewed.body.accessToken as string).expect(401);
    await refresh(cookieOf(renewed)).expect(401);
  });

  it('counts from the moment it is set: who is just signing in or changing it with the old one comes too late', async () => {
    const person = await api.addPerson({ roles: ['lay'] });
    const other = await api.addPerson({ roles: ['lay'] });
    const lock = await held(
      `update person set password_hash = (select password_hash || ' ' from person where id = $1) where id in ($1,
        '${other.id}')`,
      person.id,
    );
    const signing = signIn(person.login).then((response) => response);
    const changing = api
      .as(other)
      .post('/api/v1/me/password', { currentPassword: PASSWORD, newPassword: 'mine from now on' })
      .then((response) => response);
    await untilWaiting(api.dataSource, 2);
    await lock.letGo();
    expect((await signing).status).toBe(401);
    expect(await changing).toMatchObject({ status: 422, body: { code: 'password.wrong' } });
  });
});

describe('signing out', () => {
  it('ends the access token at once, too', async () => {
    const session = await signIn('reviewer');
    await agent().post('/api/v1/auth/sign-out').set('Cookie', cookieOf(session)).expect(204);
    await me(session.body.accessToken as string).expect(401);
    await refresh(cookieOf(session)).expect(401);
    await me(api.people.reviewer.token).expect(200);
  });
});

describe('my own account', () => {
  it('changes language and name', async () => {
    const person = await api.addPerson({ roles: ['annotator'] });
    const response = await api.as(person).patch('/api/v1/me', { language: 'en' }).expect(200);
    expect(response.body).toMatchObject({ id: person.id, language: 'en' });
    await api.as(person).patch('/api/v1/me', { language: 'tlh' }).expect(422);
  });

  it('changes the password, against the old one, and ends the other sessions', async () => {
    const person = await api.addPerson();
    const other = await api.signIn(person.login);
    const refused = await api
      .as(person)
      .post('/api/v1/me/password', { currentPassword: 'wrong', newPassword: 'a new password' })
      .expect(422);
    expect(refused.body).toMatchObject({ code: 'password.wrong', field: '/currentPassword' });
    await api
      .as(person)
      .post('/api/v1/me/password', { currentPassword: PASSWORD, newPassword: 'a new password' })
      .expect(204);
    await me(other).expect(401);
    await me(person.token).expect(200);
    await signIn(person.login).expect(401);
    await signIn(person.login, 'a new password').expect(200);
  });

  it('wants ten characters', async () => {
    const body = { currentPassword: PASSWORD, newPassword: 'short' };
    const response = await api.as('lay').post('/api/v1/me/password', body).expect(422);
    expect(response.body.errors).toEqual([{ field: '/newPassword', detail: expect.any(String) as string }]);
  });
});
