import request from 'supertest';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { PASSWORD, startApi, type TestApi } from '../support/api.js';

let api: TestApi;
beforeAll(async () => {
  api = await startApi({ settings: { QINGNANG_SIGN_IN_ATTEMPTS: '3', QINGNANG_TRUSTED_PROXIES: '1' } });
});
afterAll(() => api?.close());
beforeEach(() => api.dataSource.query('delete from rate_counter'));

const signIn = (login: string, password: string, address = '10.0.0.1') =>
  request(api.app.getHttpServer())
    .post('/api/v1/auth/sign-in')
    .set('X-Forwarded-For', address)
    .send({ login, password });

it('stops guessing at one account, from wherever it comes, and says when to come back', async () => {
  for (let i = 0; i < 3; i++) await signIn('doctor', 'wrong', `10.0.0.${i}`).expect(401);
  const refused = await signIn('DOCTOR', PASSWORD, '10.0.0.9').expect(429);
  expect(refused.body.code).toBe('auth.too_many_attempts');
  expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
  expect(Number(refused.headers['retry-after'])).toBeLessThanOrEqual(900);
  await signIn('lay', PASSWORD).expect(200);
});

it('stops guessing at many accounts from one address, unknown logins included', async () => {
  for (let i = 0; i < 30; i++) await signIn(`guess-${i}`, 'wrong').expect(401);
  await signIn('guess-31', 'wrong').expect(429);
  await signIn('lay', PASSWORD).expect(429);
  await signIn('lay', PASSWORD, '10.0.0.2').expect(200);
});

it('counts attempts made side by side', async () => {
  const answers = await Promise.all(Array.from({ length: 8 }, () => signIn('doctor', 'wrong')));
  expect(answers.filter((answer) => answer.status === 401)).toHaveLength(3);
  expect(answers.filter((answer) => answer.status === 429)).toHaveLength(5);
});

it('forgets the slips of who then gets it right', async () => {
  for (let round = 0; round < 3; round++) {
    await signIn('doctor', 'wrong').expect(401);
    await signIn('doctor', 'wrong').expect(401);
    await signIn('doctor', PASSWORD).expect(200);
  }
});

it('opens the next quarter of an hour', async () => {
  for (let i = 0; i < 4; i++) await signIn('doctor', 'wrong');
  await api.dataSource.query(`update rate_counter set window_start = window_start - interval '15 minutes'`);
  await signIn('doctor', PASSWORD).expect(200);
});

it('bounds the trying of links from one address', async () => {
  const attempt = () =>
    request(api.app.getHttpServer())
      .post('/api/v1/auth/invite')
      .send({ token: 'x'.repeat(43) });
  for (let i = 0; i < 60; i++) await attempt();
  await attempt().expect(429);
});
