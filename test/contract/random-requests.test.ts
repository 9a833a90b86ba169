import { role } from '@qingnang/contracts';
import fc from 'fast-check';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startApi, type TestApi, type TestPerson } from '../support/api.js';
import { fromSchema, nearSchema } from '../support/json-arbitrary.js';
import { listRoutes, type JsonSchema, type Route } from '../support/route-list.js';

const SEED = 20_261_123;
const ROUNDS = 25;
const LIMIT_MS = 20_000;
/** Would end the session of who is asking. */
const untouched = new Set(['POST /api/v1/people/{id}/deactivate']);

let api: TestApi;
let caller: TestPerson;
let origin: string;
let routes: Route[];
let schemas: Record<string, JsonSchema>;
beforeAll(async () => {
  api = await startApi();
  caller = await api.addPerson({ roles: role.options.slice(), installationAdmin: true });
  ({ routes, schemas } = listRoutes(api));
  await api.app.listen(0, '127.0.0.1');
  origin = `http://127.0.0.1:${(api.app.getHttpServer().address() as AddressInfo).port}`;
});
afterAll(() => api?.close());

interface Attempt {
  path: Record<string, string>;
  query: Record<string, unknown>;
  body: unknown;
  revision: number;
}

/** Ids that requests before have made, by the address they were made at: so that deeper routes meet real rows. */
const made = new Map<string, string[]>();

function attempts(route: Route): fc.Arbitrary<Attempt> {
  const named = (place: string) => route.parameters.filter((parameter) => parameter.in === place);
  const query = named('query').map(({ name, schema }) => [name, nearSchema(schema, schemas)] as const);
  return fc.record({
    path: fc.record(
      Object.fromEntries(
        named('path').map(({ name }) => [name, fromSchema({ type: 'string', format: 'uuid' }, schemas)]),
      ),
    ) as fc.Arbitrary<Record<string, string>>,
    query: fc.record(Object.fromEntries(query), { requiredKeys: [] }) as fc.Arbitrary<Record<string, unknown>>,
    body: route.body ? nearSchema(route.body.schema, schemas) : fc.constant(undefined),
    revision: fc.integer({ min: 0, max: 3 }),
  });
}

const asText = (value: unknown): string => (typeof value === 'object' ? JSON.stringify(value) : String(value));

function addressOf(route: Route, attempt: Attempt, round: number): string {
  const known = made.get(route.path.split('/{id}')[0]!) ?? [];
  const path = route.path.replace(/\{(\w+)\}/g, (_, name: string) => {
    if (name === 'project') return api.project.id;
    const id = known[round % Math.max(1, known.length)];
    return round % 3 > 0 && id !== undefined ? id : encodeURIComponent(attempt.path[name]!);
  });
  const query = new URLSearchParams(
    Object.entries(attempt.query).map(([name, value]): [string, string] => [name, asText(value)]),
  );
  return `${origin}${path}?${query.toString()}`;
}

async function send(route: Route, attempt: Attempt, round: number): Promise<string | null> {
  const stop = new AbortController();
  const headers: Record<string, string> = {
    authorization: `Bearer ${caller.token}`,
    'if-match': `"${attempt.revision}"`,
  };
  const json = route.body?.type === 'application/json';
  if (attempt.body !== undefined) headers['content-type'] = json ? 'application/json' : 'application/octet-stream';
  const body = attempt.body === undefined ? undefined : JSON.stringify(attempt.body);
  const response = await fetch(addressOf(route, attempt, round), {
    method: route.method,
    headers,
    body,
    signal: stop.signal,
  });
  const isJson = response.headers.get('content-type')?.includes('json') ?? false;
  const answer = isJson ? ((await response.json()) as { id?: unknown; code?: string }) : {};
  stop.abort();
  if (route.method === 'POST' && response.status < 300 && typeof answer.id === 'string') {
    made.set(route.path, [...(made.get(route.path) ?? []), answer.id]);
  }
  if (response.status >= 500)
    return `${route.name} answered ${response.status} ${answer.code} to ${JSON.stringify(attempt)}`;
  if (response.status === 401) return `${route.name} took the session for ended`;
  if (response.status >= 400 && answer.code === undefined)
    return `${route.name} refused (${response.status}) without a code`;
  return null;
}

it('answers whatever is sent with a result or a refusal that has a code, never with a failure', async () => {
  const faults: string[] = [];
  const plan = routes
    .filter((route) => !untouched.has(route.name) && route.rule.kind !== 'public')
    .map((route) => ({ route, samples: fc.sample(attempts(route), { numRuns: ROUNDS, seed: SEED }) }));
  const end = Date.now() + LIMIT_MS;
  let sent = 0;
  for (let round = 0; round < ROUNDS && Date.now() < end; round++) {
    for (const { route, samples } of plan) {
      if (Date.now() > end && round > 1) break;
      const fault = await send(route, samples[round]!, round);
      sent += 1;
      if (fault !== null) faults.push(fault);
    }
  }
  expect(faults.slice(0, 10)).toEqual([]);
  expect(sent).toBeGreaterThanOrEqual(plan.length * 2);
});
