import { actions, can, resources, role, scopes, type Role } from '@qingnang/contracts';
import { issueApiKey } from '@qingnang/identity';
import { uuidv7 } from '@qingnang/kernel';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startApi, type TestApi } from '../support/api.js';
import { listRoutes, type Route } from '../support/route-list.js';

let api: TestApi;
let routes: Route[];
let origin: string;
beforeAll(async () => {
  api = await startApi();
  ({ routes } = listRoutes(api));
  await api.app.listen(0, '127.0.0.1');
  origin = `http://127.0.0.1:${(api.app.getHttpServer().address() as AddressInfo).port}`;
});
afterAll(() => api?.close());

/** Those anybody may call. A new one is a decision, made here as well. */
const publicRoutes = [
  'POST /api/v1/auth/sign-in',
  'POST /api/v1/auth/refresh',
  'POST /api/v1/auth/sign-out',
  'POST /api/v1/auth/invite',
  'POST /api/v1/auth/accept-invite',
  'POST /api/v1/auth/reset-password',
  'GET /api/v1/downloads',
  'GET /api/v1/health/live',
  'GET /api/v1/health/ready',
];

/** Calls without a body and with ids of nothing: whoever is let in gets 404 or 422, and nothing happens. */
async function call(
  route: Route,
  token: string | null,
  projectId = api.project.id,
): Promise<{ status: number; code: string; scope: string | undefined }> {
  const path = route.path.replace('{project}', projectId).replace(/\{\w+\}/g, () => uuidv7());
  const stop = new AbortController();
  const headers: Record<string, string> = token === null ? {} : { authorization: `Bearer ${token}` };
  const response = await fetch(`${origin}${path}`, { method: route.method, headers, signal: stop.signal });
  const isProblem = response.headers.get('content-type')?.includes('problem+json') ?? false;
  const problem = isProblem
    ? ((await response.json()) as { code: string; details?: { scope?: string } })
    : { code: '', details: {} };
  stop.abort();
  return { status: response.status, code: problem.code, scope: problem.details?.scope };
}

/** Runs the check on every route and lists all that fail, not only the first. */
async function everyRoute(
  pick: (route: Route) => boolean,
  check: (route: Route) => Promise<string | null>,
): Promise<void> {
  const faults: string[] = [];
  const chosen = routes.filter(pick);
  expect(chosen.length).toBeGreaterThan(0);
  for (const route of chosen) {
    const fault = await check(route);
    if (fault !== null) faults.push(`${route.name}: ${fault}`);
  }
  expect(faults).toEqual([]);
}

const isIn = ({ status }: { status: number }): boolean => status !== 401 && status !== 403 && status < 500;
const inProject = (route: Route): boolean => route.rule.kind === 'can';
const right = (route: Route) => route.rule as Route['rule'] & { kind: 'can' };

describe('nobody', () => {
  it('is let in at the public routes and at no others', async () => {
    expect(
      routes
        .filter((route) => route.rule.kind === 'public')
        .map((route) => route.name)
        .sort(),
    ).toEqual([...publicRoutes].sort());
    await everyRoute(
      (route) => route.rule.kind !== 'public',
      async (route) => {
        const { status } = await call(route, null);
        return status === 401 ? null : `${status} without sign-in`;
      },
    );
  });

  it('makes no public route fail', () =>
    everyRoute(
      (route) => route.rule.kind === 'public',
      async (route) => {
        const { status } = await call(route, null);
        return status < 500 && status !== 403 ? null : String(status);
      },
    ));
});

describe.each([...role.options, 'installation'] as const)('as %s', (who) => {
  it('is let in where the role table says so, and nowhere else in the project', () =>
    everyRoute(inProject, async (route) => {
      const { resource, action } = right(route);
      const installationAdmin = who === 'installation';
      const roles: Role[] = who === 'installation' ? ['admin'] : [who];
      const expected = can(roles, resource, action, { installationAdmin });
      const answer = await call(route, api.people[who].token);
      if (expected ? isIn(answer) : answer.status === 403) return null;
      return `${answer.status} ${answer.code}, table says ${expected ? 'yes' : 'no'}`;
    }));

  it('finds nothing in a project it is no member of', () =>
    everyRoute(inProject, async (route) => {
      const answer = await call(route, api.people[who].token, who === 'installation' ? uuidv7() : api.otherProject.id);
      return answer.status === 404 && answer.code === 'project.not_found' ? null : `${answer.status} ${answer.code}`;
    }));

  it('keeps what is the installation’s to its admin', () =>
    everyRoute(
      (route) => route.rule.kind === 'installation-admin',
      async (route) => {
        const answer = await call(route, api.people[who].token);
        return who === 'installation'
          ? isIn(answer)
            ? null
            : String(answer.status)
          : answer.status === 403
            ? null
            : String(answer.status);
      },
    ));

  it('is let in wherever signing in is enough', () =>
    everyRoute(
      (route) => route.rule.kind === 'signed-in',
      async (route) => {
        const answer = await call(route, api.people[who].token);
        return isIn(answer) ? null : String(answer.status);
      },
    ));
});

describe('a member of another project', () => {
  it('finds nothing here', () =>
    everyRoute(inProject, async (route) => {
      const answer = await call(route, api.people.stranger.token);
      return answer.status === 404 && answer.code === 'project.not_found' ? null : `${answer.status} ${answer.code}`;
    }));
});

const keyFor = async (
  wanted: readonly string[],
  maker: Role | 'installation',
  projectId = api.project.id,
): Promise<string> => {
  const createdBy = api.people[maker].id;
  return (await issueApiKey(api.dataSource, { projectId, name: 'walk', scopes: wanted, createdBy, expiresAt: null }))
    .key;
};
/** Also those that no key can be given: one that came by them all the same gets nothing for it. */
const everyScope = resources.flatMap((resource) => actions.map((action) => `${resource}:${action}`));

describe('an API key', () => {
  it('opens what its scope names, and nothing without it, and the refusal names the scope', async () => {
    const none = await keyFor(['dashboard:delete'], 'installation');
    await everyRoute(inProject, async (route) => {
      const { resource, action } = right(route);
      const scope = `${resource}:${action}`;
      // People's own affairs have no scope.
      if ((scopes as string[]).includes(scope)) {
        const allowed = await call(route, await keyFor([scope], 'installation'));
        if (!isIn(allowed)) return `${allowed.status} ${allowed.code} with its scope`;
      }
      const refused = await call(route, none);
      return refused.status === 403 && refused.scope === scope
        ? null
        : `${refused.status}, names ${refused.scope} without its scope`;
    });
  });

  it.each([...role.options, 'installation'] as const)('made by %s never does what they may not', async (maker) => {
    const key = await keyFor(everyScope, maker);
    const installationAdmin = maker === 'installation';
    const roles: Role[] = maker === 'installation' ? ['admin'] : [maker];
    await everyRoute(inProject, async (route) => {
      const { resource, action } = right(route);
      const expected =
        (scopes as string[]).includes(`${resource}:${action}`) && can(roles, resource, action, { installationAdmin });
      const answer = await call(route, key);
      if (expected ? isIn(answer) : answer.status === 403) return null;
      return `${answer.status} ${answer.code}, expected ${expected ? 'in' : '403'}`;
    });
  });

  it('works in its project only', async () => {
    const key = await keyFor(['dashboard:read'], 'installation', api.otherProject.id);
    await everyRoute(
      (route) => route.rule.kind !== 'public',
      async (route) => {
        const { status } = await call(route, key);
        return status === (inProject(route) ? 404 : 403) ? null : String(status);
      },
    );
  });
});

describe('the table of routes', () => {
  /** A route may ask for another right than its address says, for a reason. */
  const otherResource: Record<string, string> = {};

  it('asks for the right its address names', () => {
    const faults = routes.filter(inProject).flatMap((route) => {
      const segment = route.path.split('/')[5]!;
      const expected = otherResource[segment] ?? segment;
      return right(route).resource === expected ? [] : [`${route.name} asks for ${right(route).resource}`];
    });
    expect(faults).toEqual([]);
  });

  it('lets nobody change anything by a right to read', () => {
    const faults = routes.filter(inProject).filter(({ method, rule, notAudited }) => {
      const { action } = rule as { action: string };
      return method === 'GET' ? action !== 'read' : action === 'read' && notAudited === undefined;
    });
    expect(faults.map((route) => `${route.name} asks for ${right(route).action}`)).toEqual([]);
  });

  it('writes its reason beside every route that leaves no audit entry', () => {
    const exempt = routes.filter((route) => route.method !== 'GET' && route.notAudited !== undefined);
    for (const route of exempt) expect(route.notAudited!.length, route.name).toBeGreaterThan(5);
  });

  /** Why there is no revision to match. */
  const withoutRevision: Record<string, string> = {
    'PATCH /api/v1/me': 'only the person changes it',
    'PUT /api/v1/projects/{project}/records/{id}/state': 'sets one word; who comes last wins, and both are in the log',
    'PUT /api/v1/projects/{project}/work/slots/{id}/draft': 'belongs to one person and carries its fencing token',
  };

  it('wants If-Match wherever something is replaced or patched', () => {
    const faults = routes.filter(
      ({ name, method, parameters }) =>
        (method === 'PATCH' || method === 'PUT') &&
        !(name in withoutRevision) &&
        !parameters.some((parameter) => parameter.in === 'header' && parameter.name === 'If-Match'),
    );
    expect(faults.map((route) => route.name)).toEqual([]);
  });
});
