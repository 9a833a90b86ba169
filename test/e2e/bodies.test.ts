import fc from 'fast-check';
import { role } from '@qingnang/contracts';
import { uuidv7 } from '@qingnang/kernel';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startApi, type TestApi, type TestPerson } from '../support/api.js';
import { fromSchema } from '../support/json-arbitrary.js';
import { type JsonSchema, listRoutes, type Route } from '../support/route-list.js';

let api: TestApi;
let routes: Route[];
let schemas: Record<string, JsonSchema>;
let everyone: TestPerson;
beforeAll(async () => {
  api = await startApi();
  ({ routes, schemas } = listRoutes(api));
  everyone = await api.addPerson({ roles: role.options.slice(), installationAdmin: true });
});
afterAll(() => api?.close());

const json = (route: Route) => route.body?.type === 'application/json';

/** To a route, with ids of nothing: the body is looked at before anything is sought. */
function send(route: Route, body: string | object) {
  const path = route.path.replace('{project}', api.project.id).replace(/\{\w+\}/g, () => uuidv7());
  const method = route.method.toLowerCase() as 'post' | 'put' | 'patch';
  return api.as(everyone)[method](path, body).set('Content-Type', 'application/json').set('If-Match', '"1"');
}

describe('JSON nested too deep', () => {
  const nested = (open: string, close: string, depth: number) => `{"x":${open.repeat(depth)}1${close.repeat(depth)}}`;

  it('is refused with a sentence at every route that takes a body', async () => {
    const faults: string[] = [];
    for (const route of routes.filter(json)) {
      const { status, body } = await send(route, nested('[', ']', 100));
      if (status !== 422 || body.code !== 'input.too_deep') faults.push(`${route.name}: ${status} ${body.code}`);
    }
    expect(faults).toEqual([]);
  });

  it.each([
    ['[', ']'],
    ['{"a":', '}'],
    ['[{"a":', '}]'],
  ])('is refused however deep: %s', async (open, close) => {
    for (const depth of [5_000, 200_000]) {
      const refused = await send(routes.find(json)!, nested(open, close, depth));
      expect(refused.body).toMatchObject({ status: 422, code: 'input.too_deep' });
    }
  });

  it('is what brackets in a text are not, and another charset is refused', async () => {
    const body = { displayName: '['.repeat(100), roles: ['lay'] };
    await api.as('admin').post('/invites', body).expect(201);
    const utf16 = Buffer.from(JSON.stringify(body), 'utf16le');
    const refused = await api
      .as('admin')
      .post('/invites')
      .set('Content-Type', 'application/json; charset=utf-16')
      .serialize(() => utf16 as unknown as string)
      .send(body);
    expect(refused.status).toBe(415);
  });
});

const KEY = 'notAKeyOfOurs';

function sample(schema: JsonSchema): unknown {
  const [value] = fc.sample(fromSchema(schema, schemas), { numRuns: 1, seed: 20_261_129 });
  return JSON.parse(JSON.stringify(value).replace(/\\u(?:0000|d[89a-f]..)/gi, 'x'));
}

interface Planted {
  body: unknown;
  at: string;
}

/** Bodies of a schema, each with one key that is not known, in every object at every depth and in every choice. */
function* plant(schema: JsonSchema, depth = 0): Generator<Planted> {
  if (depth > 10) return;
  const inner = (next: unknown) => plant((next ?? {}) as JsonSchema, depth + 1);
  if (typeof schema.$ref === 'string') yield* inner(schemas[schema.$ref.split('/').at(-1)!]);
  for (const choice of (schema.anyOf ?? schema.oneOf ?? []) as JsonSchema[]) yield* inner(choice);
  if (schema.type === 'array') {
    for (const { body, at } of inner(schema.items)) yield { body: [body], at: `/0${at}` };
  }
  const properties = schema.properties as Record<string, JsonSchema> | undefined;
  if (!properties) return;
  const whole = sample(schema) as object;
  yield { body: { ...whole, [KEY]: 1 }, at: `/${KEY}` };
  for (const [name, property] of Object.entries(properties)) {
    for (const { body, at } of inner(property)) yield { body: { ...whole, [name]: body }, at: `/${name}${at}` };
  }
}

describe('a key that is not known', () => {
  it('is refused, wherever it stands in the body of whatever route', async () => {
    const faults: string[] = [];
    let planted = 0;
    for (const route of routes.filter(json)) {
      for (const { body, at } of plant(route.body!.schema)) {
        planted++;
        const response = await send(route, body as object);
        const fields = ((response.body.errors ?? []) as { field: string }[]).map(({ field }) => field);
        // Inside a choice that fits in no way, the choice itself is at fault.
        const found = fields.some((field) => field.endsWith(`/${KEY}`) || (field !== '' && at.startsWith(field)));
        if (response.status !== 422 || !found)
          faults.push(`${route.name} at ${at}: ${response.status} ${fields.join()}`);
      }
    }
    expect(faults).toEqual([]);
    expect(planted).toBeGreaterThan(100);
  });

  it('is named, with what to do: the switch on the wrong level', async () => {
    const body = { kind: 'sft', selection: { dataSet: ['real_instruction'] }, includeRehearsal: true };
    const refused = await api.as('data_lead').post('/snapshots/preview', body).expect(422);
    const error = (refused.body.errors as { field: string; detail: string }[]).find(
      ({ field }) => field === '/includeRehearsal',
    );
    expect(error?.detail).toContain('its place');
  });
});

describe('an answer to a repeated request', () => {
  /** Whose answer is words that are not kept: a repetition is told so (409). */
  const notKept = ['POST /api/v1/projects/{project}/work/slots/{id}/polish-again'];

  /** What is asked by POST and holds no id: a repetition could not be answered with it. */
  it('can be given: whatever is made by POST has an id, answers nothing, or may be done again', () => {
    const faults = routes.filter(
      (route) => route.method === 'POST' && route.rule.kind !== 'public' && !route.repeatable && !route.answersId,
    );
    expect(faults.map((route) => route.name)).toEqual(notKept);
  });
});
