// @vitest-environment jsdom
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

const person = { id: '1', login: 'li', displayName: '李', language: 'zh-CN', installationAdmin: false };
const json = (body: unknown, status = 200) =>
  new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json' } });
const refused = (code: string) =>
  new Response(JSON.stringify({ code, detail: code }), {
    status: 401,
    headers: { 'content-type': 'application/problem+json' },
  });

type Handler = (path: string, init: RequestInit) => Response;

/** A server of one function; what it was asked is kept. */
function serve(handler: Handler) {
  const asked: { path: string; headers: Headers; method: string }[] = [];
  vi.stubGlobal('fetch', async (url: string, init: RequestInit) => {
    asked.push({ path: url, headers: new Headers(init.headers), method: init.method ?? 'GET' });
    return handler(url, init);
  });
  return asked;
}

/** Fresh modules: the session is a module's own state. */
async function load() {
  vi.resetModules();
  return { ...(await import('./session')), ...(await import('../providers/http')) };
}

beforeEach(() => window.localStorage.clear());
afterEach(() => vi.unstubAllGlobals());

describe('the session', () => {
  it('asks for a new token once, however many requests wait for it', async () => {
    let given = 0;
    const asked = serve((path) =>
      path.endsWith('/auth/refresh') ? json({ accessToken: `t${++given}`, expiresIn: 600 }) : json({ items: [] }),
    );
    const { api } = await load();
    await Promise.all([api.get('/a'), api.get('/b'), api.get('/c')]);
    expect(asked.filter(({ path }) => path.endsWith('/auth/refresh'))).toHaveLength(1);
    const tokens = asked
      .filter(({ path }) => !path.includes('/auth/'))
      .map(({ headers }) => headers.get('authorization'));
    expect(tokens).toEqual(['Bearer t1', 'Bearer t1', 'Bearer t1']);
  });

  it('renews a refused token once and sends the very same request again', async () => {
    let given = 0;
    const asked = serve((path, init) => {
      if (path.endsWith('/auth/refresh')) return json({ accessToken: `t${++given}`, expiresIn: 600 });
      return new Headers(init.headers).get('authorization') === 'Bearer t2'
        ? json({ id: '7' })
        : refused('token_expired');
    });
    const { api } = await load();
    expect((await api.post('/things', { a: 1 })).data).toEqual({ id: '7' });
    const keys = asked
      .filter(({ path }) => path.endsWith('/things'))
      .map(({ headers }) => headers.get('idempotency-key'));
    expect(keys).toHaveLength(2);
    expect(keys[0]).toBe(keys[1]);
  });

  it('is over when the cookie is refused', async () => {
    serve(() => refused('no_session'));
    const { refreshAccess, getSession } = await load();
    expect(await refreshAccess()).toBeNull();
    expect(getSession()).toEqual({ status: 'out' });
  });

  it('outlives a lost line', async () => {
    vi.stubGlobal('fetch', () => Promise.reject(new TypeError('failed')));
    const { refreshAccess, getSession } = await load();
    await expect(refreshAccess()).rejects.toMatchObject({ status: 0, code: 'network' });
    expect(getSession()).toEqual({ status: 'unknown' });
  });

  it('never writes a token into storage', async () => {
    serve((path) =>
      path.endsWith('/me') ? json({ person, projects: [] }) : json({ accessToken: 'secret-token', expiresIn: 600 }),
    );
    const { signIn, getSession } = await load();
    await signIn('li', 'a long password');
    expect(getSession()).toMatchObject({ status: 'in', person: { login: 'li' } });
    expect(JSON.stringify({ ...window.localStorage }) + JSON.stringify({ ...window.sessionStorage })).not.toContain(
      'secret',
    );
  });
});
