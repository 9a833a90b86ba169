import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AuditFacets } from '@qingnang/contracts';
import { startApi, type TestApi } from '../support/api.js';
import { listRoutes, type Route } from '../support/route-list.js';
import type { World } from './acts/act.js';
import { corpusActs } from './acts/corpus.acts.js';
import { identityActs } from './acts/identity.acts.js';
import { llmActs } from './acts/llm.acts.js';
import { reviewActs } from './acts/review.acts.js';
import { trainingActs } from './acts/training.acts.js';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api?.close());

const acts = [...identityActs, ...corpusActs, ...llmActs, ...reviewActs, ...trainingActs];
const world: World = new Map();

describe('an act leaves an entry of its request', () => {
  it.each(acts)('$route', async ({ call, keep, route }) => {
    const response = await call(api, world);
    expect(response.status, `${route}: ${response.text}`).toBeLessThan(300);
    const entries = await api.dataSource.query<{ action: string }[]>(
      'select action from audit_entry where request_id = $1',
      [response.headers['x-request-id']],
    );
    expect(entries.length).toBeGreaterThan(0);
    for (const { action } of entries) expect(action).toMatch(/^[a-z_]+\.[a-z_]+$/);
    keep?.(response.body as Record<string, unknown>, world);
  });
});

it('offers for filters what the log of the project holds, each once', async () => {
  const { body } = await api.as('admin').get('/audit-entries/facets').expect(200);
  const held = await api.dataSource.query<{ action: string }[]>(
    `select distinct action from audit_entry where project_id = $1 order by action`,
    [api.project.id],
  );
  const { actions, actors } = body as AuditFacets;
  expect([...actions].sort()).toEqual(held.map(({ action }) => action).sort());
  expect(actors.find(({ actorId }) => actorId === api.people.admin.id)).toMatchObject({ actorKind: 'person' });
  expect(new Set(actors.map(({ actorId }) => actorId)).size).toBe(actors.length);
  const { body: other } = await api.as('stranger').get(`${api.otherProject.path}/audit-entries/facets`).expect(200);
  expect((other as AuditFacets).actors.map(({ actorId }) => actorId)).not.toContain(api.people.admin.id);
});

/** `.post(` and the address, as a test writes it: ids as `${…}`, below the project or whole. */
function callOf({ method, path }: Route): RegExp {
  const short = path.replace('/api/v1/projects/{project}/', '/');
  const address = short.replace(/\{\w+\}/g, '\\$\\{[^}]+\\}');
  return new RegExp(`\\.${method.toLowerCase()}\\(\\s*[\`'"](?:\\$\\{[^}]+\\})?${address}[\`'"?]`);
}

async function testSources(): Promise<string> {
  const files = await readdir('test', { recursive: true });
  const names = files.filter((name) => name.endsWith('.test.ts'));
  return (await Promise.all(names.map((name) => readFile(join('test', name), 'utf8')))).join('\n');
}

describe('no act is forgotten', () => {
  // Under test the application is strict: an act that succeeds without an entry, and is not exempt, answers 500. So a
  // changing route needs an act above, or a call in another test.
  it('since each changing route is called here or in another test, or is exempt for a reason', async () => {
    const sources = await testSources();
    const here = new Set(acts.map((act) => act.route));
    const { routes } = listRoutes(api);
    const changing = routes.filter((route) => route.method !== 'GET' && route.notAudited === undefined);
    const forgotten = changing.filter((route) => !here.has(route.name) && !callOf(route).test(sources));
    expect(forgotten.map((route) => route.name)).toEqual([]);
  });

  it('and every act above is of a route that exists', () => {
    const names = new Set(listRoutes(api).routes.map((route) => route.name));
    expect(acts.map((act) => act.route).filter((route) => !names.has(route))).toEqual([]);
  });
});
