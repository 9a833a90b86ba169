import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startApi, type TestApi } from '../support/api.js';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api?.close());

describe('who I am', () => {
  it('answers with the person and their projects', async () => {
    const response = await api.as('annotator').get('/api/v1/me').expect(200);
    expect(response.body.person).toMatchObject({ login: 'annotator', language: 'zh-CN', installationAdmin: false });
    expect(response.body.projects).toMatchObject([{ slug: 'first', roles: ['annotator'] }]);
  });

  it('needs a sign-in', async () => {
    const response = await api.nobody().get('/api/v1/me').expect(401);
    expect(response.body).toMatchObject({ code: 'auth.required', status: 401 });
    expect(response.headers['content-type']).toContain('application/problem+json');
  });
});
