// @vitest-environment jsdom
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { dataProvider, listQuery } from './data-provider';
import { toQueryString } from './send';

const asked: { url: string; init: RequestInit }[] = [];

function answer(body: unknown, headers: Record<string, string> = {}) {
  vi.stubGlobal('fetch', async (url: string, init: RequestInit) => {
    if (url.endsWith('/auth/refresh')) return new Response('{"accessToken":"t","expiresIn":600}');
    asked.push({ url, init });
    return new Response(JSON.stringify(body), { headers });
  });
}

beforeEach(() => {
  asked.length = 0;
  window.location.hash = '#/p/demo/records';
});
afterEach(() => vi.unstubAllGlobals());

const page = { pagination: { page: 2, perPage: 50 }, sort: { field: 'createdAt', order: 'DESC' as const } };

describe('the data provider', () => {
  it('asks for a page inside the project of the address', async () => {
    answer({ items: [{ id: '1' }], total: 51, totalIs: 'at_least', next: null });
    const list = await dataProvider.getList('records', { ...page, filter: { state: ['approved', 'imported'], q: '' } });
    expect(asked[0]?.url).toBe(
      '/api/v1/projects/demo/records?state=approved&state=imported&page=2&perPage=50&sort=createdAt&order=desc',
    );
    expect(list).toMatchObject({ data: [{ id: '1' }], total: 51, meta: { totalIs: 'at_least' } });
  });

  it('keeps dotted filter names whole', () => {
    const query = listQuery({ ...page, filter: { origin: { file: 'a b' } } });
    expect(toQueryString(query)).toContain('origin.file=a+b');
  });

  it('leaves the order to the server where the screen has none', () => {
    const query = listQuery({ ...page, sort: { field: 'id', order: 'DESC' }, filter: {} });
    expect(toQueryString(query)).toBe('?page=2&perPage=50');
  });

  it('edits against the ETag it last saw', async () => {
    answer({ id: '1' }, { etag: '"3"' });
    await dataProvider.getOne('members', { id: '1' });
    await dataProvider.update('members', { id: '1', data: { title: '主任' }, previousData: { id: '1' } });
    const edit = asked.at(-1);
    expect(edit?.init.method).toBe('PATCH');
    expect(new Headers(edit?.init.headers).get('if-match')).toBe('"3"');
  });

  it('edits against the revision the form began with, not one read behind its back', async () => {
    answer({ id: '1', revision: 8 }, { etag: '"8"' });
    await dataProvider.getOne('members', { id: '1' });
    await dataProvider.update('members', { id: '1', data: { title: '主任', revision: 7 }, previousData: { id: '1' } });
    const edit = asked.at(-1);
    expect(new Headers(edit?.init.headers).get('if-match')).toBe('"7"');
    expect(JSON.parse(String(edit?.init.body))).toEqual({ title: '主任' });
  });

  it('gives every creation a key of its own', async () => {
    answer({ id: '1' });
    await dataProvider.create('invites', { data: {} });
    await dataProvider.create('invites', { data: {} });
    const keys = asked.map(({ init }) => new Headers(init.headers).get('idempotency-key'));
    expect(keys[0]).toMatch(/^[0-9a-f]{32}$/);
    expect(keys[0]).not.toBe(keys[1]);
  });
});
