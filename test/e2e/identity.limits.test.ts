import { KEYS, type Keys } from '@qingnang/config';
import request from 'supertest';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createApp } from '../../apps/api/src/create-app.js';
import { PASSWORD, startApi, type TestApi } from '../support/api.js';

let api: TestApi;
beforeAll(async () => {
  api = await startApi({ settings: { QINGNANG_SIGN_IN_ATTEMPTS: '3', QINGNANG_TRUSTED_PROXIES: '1' } });
});
afterAll(() => api?.close());
beforeEach(() => api.dataSource.query('truncate attempt_delay, rate_counter, known_device'));

const agent = () => request(api.app.getHttpServer());
const post = (path: string, body: object, address = '10.0.0.1', cookie = '') =>
  agent().post(`/api/v1/auth/${path}`).set('X-Forwarded-For', address).set('Cookie', cookie).send(body);
const signIn = (login: string, password: string, address?: string, cookie?: string) =>
  post('sign-in', { login, password }, address, cookie);
const wrong = (login: string, address?: string, cookie?: string) => signIn(login, 'wrong', address, cookie);
const deviceOf = (response: request.Response): string =>
  /qingnang_device=[\w-]{43}/.exec(String(response.headers['set-cookie']))![0];
/** Lets every wait at hand pass. */
const wait = () => api.dataSource.query(`update attempt_delay set until_at = now() where until_at is not null`);
const waitOf = (response: request.Response): number => Number(response.headers['retry-after']);

async function guessUntilRefused(login: string, address?: string, cookie?: string): Promise<request.Response> {
  for (let tries = 0; tries < 50; tries++) {
    const answer = await wrong(login, address, cookie);
    if (answer.status === 429) return answer;
    expect(answer.status).toBe(401);
  }
  throw new Error('never refused');
}

describe('guessing at one account from one address', () => {
  it('has to wait after the free tries, longer each time, a quarter of an hour at most', async () => {
    const waits = [waitOf(await guessUntilRefused('doctor'))];
    for (let round = 0; round < 10; round++) {
      await wait();
      await wrong('DOCTOR ').expect(401);
      waits.push(waitOf(await wrong('doctor').expect(429)));
    }
    expect(waits[0]).toBeGreaterThan(0);
    expect(waits[0]).toBeLessThanOrEqual(5);
    for (const [n, seconds] of waits.entries()) if (n > 0) expect(seconds).toBeGreaterThanOrEqual(waits[n - 1]!);
    expect(waits.at(-1)).toBeGreaterThan(600);
    expect(waits.at(-1)).toBeLessThanOrEqual(900);
  });

  it('is refused the right password too while it waits, and knocking makes no wait longer', async () => {
    const refused = await guessUntilRefused('doctor');
    expect(refused.body).toMatchObject({ code: 'auth.too_many_attempts', status: 429 });
    for (let i = 0; i < 5; i++) await signIn('doctor', PASSWORD).expect(429);
    await wait();
    await signIn('doctor', PASSWORD).expect(200);
    await wrong('doctor').expect(401);
  });

  it('is counted also when attempts are made side by side', async () => {
    const answers = await Promise.all(Array.from({ length: 8 }, () => wrong('doctor')));
    expect(answers.filter((answer) => answer.status === 401)).toHaveLength(3);
    expect(answers.filter((answer) => answer.status === 429)).toHaveLength(5);
  });

  it('takes all addresses of one IPv6 network for one', async () => {
    for (let i = 0; i < 3; i++) await wrong('doctor', `2001:db8:1:2::${i}`).expect(401);
    await wrong('doctor', '2001:db8:1:2::ffff').expect(429);
    await wrong('doctor', '2001:db8:1:3::1').expect(401);
  });

  it('is refused alike where there is no such account', async () => {
    const known = await guessUntilRefused('doctor');
    const unknown = await guessUntilRefused('who-is-this');
    expect(unknown.body.code).toBe(known.body.code);
  });
});

describe('nobody is locked out', () => {
  it('by a stranger who guesses at their account from elsewhere', async () => {
    for (let stranger = 0; stranger < 2; stranger++) await guessUntilRefused('doctor', `203.0.113.${stranger}`);
    await signIn('doctor', PASSWORD, '10.0.0.9').expect(200);
  });

  it('by a colleague behind the same address who guesses at many accounts, real and invented', async () => {
    await wrong('guess-1');
    await api.dataSource.query(`update rate_counter set count = 100 where key like 'sign-in:address:%'`);
    await wrong('guess-2').expect(401);
    await wrong('guess-2').expect(429);
    await guessUntilRefused('annotator');
    await signIn('lay', PASSWORD).expect(200);
  });

  it('in a browser they have signed in with, not even by guesses at their account from their own address', async () => {
    const device = deviceOf(await signIn('doctor', PASSWORD).expect(200));
    await guessUntilRefused('doctor');
    await signIn('doctor', PASSWORD).expect(429);
    await signIn('doctor', PASSWORD, '10.0.0.1', device).expect(200);
    await signIn('doctor', PASSWORD, '10.9.9.9', device).expect(200);
  });

  it('by their own slips, once they get it right', async () => {
    for (let round = 0; round < 3; round++) {
      await wrong('doctor').expect(401);
      await wrong('doctor').expect(401);
      await signIn('doctor', PASSWORD).expect(200);
    }
  });
});

describe('a known browser', () => {
  it('is known to the accounts that signed in with it, and has limited guesses itself', async () => {
    const device = deviceOf(await signIn('doctor', PASSWORD));
    expect(deviceOf(await signIn('lay', PASSWORD, '10.0.0.2', device))).toBe(device);
    await guessUntilRefused('doctor', '10.0.0.3', device);
    await signIn('lay', PASSWORD, '10.0.0.3', device).expect(200);
    await guessUntilRefused('annotator', '10.0.0.4');
    await signIn('annotator', PASSWORD, '10.0.0.4', device).expect(429);
  });

  it('gets its name from us: an invented one is replaced', async () => {
    const invented = `qingnang_device=${'A'.repeat(43)}`;
    expect(deviceOf(await signIn('doctor', PASSWORD, '10.0.0.1', invented))).not.toBe(invented);
  });

  it('is one that has an open session, too, and is unknown again after a new password by link', async () => {
    const person = await api.addPerson();
    const session = await signIn(person.login, PASSWORD);
    await api.dataSource.query('delete from known_device');
    const refreshCookie = /qingnang_refresh=[\w-]+/.exec(String(session.headers['set-cookie']))![0];
    const device = deviceOf(await post('refresh', {}, '10.0.0.1', refreshCookie).expect(200));
    await guessUntilRefused(person.login);
    await signIn(person.login, PASSWORD, '10.0.0.1', device).expect(200);
    const link = await api.as('installation').post(`/api/v1/people/${person.id}/reset-link`);
    await post('reset-password', { token: link.body.token, password: 'quite another one' }).expect(204);
    // The guesses at the old password are forgotten with it.
    await signIn(person.login, 'quite another one').expect(200);
    const known = await api.dataSource.query<unknown[]>('select from known_device where person_id = $1', [person.id]);
    expect(known).toHaveLength(1);
  });

  it('is one of twenty of a person: the one not seen for longest goes', async () => {
    await api.dataSource.query(
      `insert into known_device (person_id, device_hash, family_id, seen_at)
       select $1, 'device-' || n, $1, now() - make_interval(days => n) from generate_series(1, 25) n`,
      [api.people.doctor.id],
    );
    await signIn('doctor', PASSWORD).expect(200);
    const [row] = await api.dataSource.query<{ n: number }[]>('select count(*)::int as n from known_device');
    expect(row!.n).toBe(20);
  });
});

describe('guessing that is spread out', () => {
  it('over many addresses leaves each new one a single free try', async () => {
    for (let i = 0; i < 30; i++) await wrong('doctor', `203.0.113.${i}`).expect(401);
    await wrong('doctor', '198.51.100.1').expect(401);
    await wrong('doctor', '198.51.100.1').expect(429);
    await signIn('doctor', PASSWORD, '10.0.0.9').expect(200);
  });

  it('keeps the number of rows bounded: invented logins share counters', async () => {
    await api.dataSource.query(
      `insert into attempt_delay (key, failures, last_at)
       select 'old-' || n, 1, now() - interval '2 days' from generate_series(1, 120) n`,
    );
    for (let i = 0; i < 4; i++) await wrong(`guess-${i}`);
    const rows = await api.dataSource.query<{ key: string }[]>('select key from attempt_delay');
    expect(rows.filter(({ key }) => key.startsWith('old-'))).toEqual([]);
    for (const { key } of rows) expect(key).toMatch(/^sign-in:nobody:[0-9a-f]{4}$/);
  });
});

it('an invite and a reset link are limited by the link, not by the address they are opened from', async () => {
  const invite = async () =>
    (await api.as('admin').post('/invites', { displayName: 'Li', roles: ['lay'] })).body.token as string;
  const [first, second] = [await invite(), await invite()];
  for (let i = 0; i < 3; i++) await post('invite', { token: first }).expect(200);
  await api.dataSource.query(`update attempt_delay set failures = 59 where key like 'invite:%'`);
  await post('invite', { token: first }).expect(200);
  await post('invite', { token: first }).expect(429);
  await post('invite', { token: second }).expect(200);
  for (let i = 0; i < 10; i++) await post('invite', { token: `${i}`.padEnd(43, 'x') }).expect(410);
  await post('invite', { token: second }).expect(200);
  const rows = await api.dataSource.query<unknown[]>('select from attempt_delay');
  expect(rows).toHaveLength(2);
});

it('two processes share the count', async () => {
  const other = await createApp({ settings: api.settings, keys: api.app.get<Keys>(KEYS) });
  await other.init();
  const statuses: number[] = [];
  for (let i = 0; i < 5; i++) {
    const server = (i % 2 === 0 ? api.app : other).getHttpServer();
    const answer = await request(server).post('/api/v1/auth/sign-in').send({ login: 'doctor', password: 'wrong' });
    statuses.push(answer.status);
  }
  await other.close();
  expect(statuses).toEqual([401, 401, 401, 429, 429]);
});

describe('a route with a cookie', () => {
  const from = (headers: Record<string, string>, path = 'sign-out') =>
    agent().post(`/api/v1/auth/${path}`).set('Host', 'qingnang.example:8443').set(headers).send({});
  it('answers our own page, and programs that are no browser', async () => {
    await from({ Origin: 'https://qingnang.example:8443' }).expect(204);
    await from({ Origin: 'https://qingnang.example:8443', 'Sec-Fetch-Site': 'same-origin' }).expect(204);
    await from({}).expect(204);
  });

  it.each([
    { Origin: 'https://evil.example' },
    { Origin: 'https://qingnang.example' },
    { Origin: 'null' },
    { Origin: 'https://qingnang.example:8443', 'Sec-Fetch-Site': 'cross-site' },
    { 'Sec-Fetch-Site': 'same-site' },
  ])('refuses a page of another origin: %o', async (headers) => {
    for (const path of ['sign-in', 'refresh', 'sign-out', 'invite', 'accept-invite', 'reset-password']) {
      const refused = await from(headers as Record<string, string>, path).expect(403);
      expect(refused.body).toMatchObject({ code: 'auth.foreign_page', field: 'Origin' });
    }
  });
});
