import { Controller, Get, Module } from '@nestjs/common';
import { DiscoveryService, MetadataScanner, DiscoveryModule } from '@nestjs/core';
import { Test } from '@nestjs/testing';
import { systemActor } from '@qingnang/contracts';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DownloadTickets } from '../../apps/api/src/downloads/download-tickets.js';
import { Can, Public } from '../../apps/api/src/http/access.decorators.js';
import { checkRoutes } from '../../apps/api/src/http/check-routes.js';
import { startApi, type TestApi } from '../support/api.js';
import { makeSource } from '../support/corpus.js';
import { openEvents } from '../support/event-stream.js';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api?.close());

describe('every answer', () => {
  it('allows no script but our own, no frame, and no keeping', async () => {
    const { headers } = await api.nobody().get('/api/v1/health/live').expect(200);
    expect(headers['content-security-policy']).toContain("script-src 'self';");
    expect(headers['content-security-policy']).toContain("frame-ancestors 'none'");
    expect(headers['x-content-type-options']).toBe('nosniff');
    expect(headers['cache-control']).toBe('no-store');
    expect(headers['x-powered-by']).toBeUndefined();
  });

  it('goes out compressed where that is worth it, but for what holds a secret or must not wait', async () => {
    const brotli = (path: string) => api.as('admin').get(path).set('Accept-Encoding', 'br');
    for (let i = 0; i < 30; i++) await makeSource(api.dataSource, api.project.id);
    const long = await brotli('/sources').expect(200);
    expect(long.headers['content-encoding']).toBe('br');
    const short = await api.nobody().get('/api/v1/health/live').set('Accept-Encoding', 'br').expect(200);
    expect(short.headers['content-encoding']).toBeUndefined();
  });

  it('carries the caller’s request id, if it is a plain one', async () => {
    const given = await api.nobody().get('/api/v1/health/live').set('X-Request-Id', 'trace-12345678');
    expect(given.headers['x-request-id']).toBe('trace-12345678');
    const odd = await api.nobody().get('/api/v1/health/live').set('X-Request-Id', '<script>alert(1)</script>');
    expect(odd.headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
  });
});

describe('a body', () => {
  it('that is no JSON is refused as such', async () => {
    const response = await api
      .nobody()
      .post('/api/v1/auth/sign-in', '{"login": ')
      .set('Content-Type', 'application/json')
      .expect(400);
    expect(response.body.code).toBe('request.malformed');
  });

  it('that is too large is refused before it is read', async () => {
    const response = await api.nobody().post('/api/v1/auth/sign-in', { login: 'x'.repeat(3_000_000), password: 'x' });
    expect(response.status).toBe(413);
    expect(response.body.code).toBe('body.too_large');
  });

  it('names each field at fault', async () => {
    const response = await api
      .as('admin')
      .post('/invites', { roles: ['king'], displayName: 3 })
      .expect(422);
    expect((response.body.errors as { field: string }[]).map((error) => error.field).sort()).toEqual([
      '/displayName',
      '/roles/0',
    ]);
  });

  it('with a character that cannot be stored is refused', async () => {
    const response = await api
      .as('admin')
      .post('/invites', { roles: ['lay'], displayName: 'a\u0000b' })
      .expect(422);
    expect(response.body.code).toBe('input.not_storable');
    await api
      .as('admin')
      .post('/invites', { roles: ['lay'], displayName: '\ud800' })
      .expect(422);
    await api
      .as('admin')
      .post('/invites', { roles: ['lay'], displayName: '𠮷' })
      .expect(201);
  });
});

describe('the document', () => {
  it('is served, with every path parameter and a problem for each route', async () => {
    const { body } = await api.nobody().get('/api/docs-json').expect(200);
    await api.nobody().get('/api/docs').expect(200);
    const operation = (
      body as { paths: Record<string, { get: { parameters: { name: string }[]; responses: object } }> }
    ).paths['/api/v1/projects/{project}/members/{id}']!.get;
    expect(operation.parameters.map((parameter) => parameter.name)).toEqual(['project', 'id']);
    expect(Object.keys(operation.responses)).toEqual(['200', 'default']);
  });
});

describe('a download', () => {
  it('is fetched by its ticket alone, under its Chinese name', async () => {
    const tickets = api.app.get(DownloadTickets);
    tickets.handle('test-file', { resource: 'records', action: 'read' }, async ({ id }) => ({
      fileName: '退回的行.csv',
      contentType: 'text/csv; charset=utf-8',
      stream: Readable.from([`id ${id}`]),
    }));
    const reader = { ...systemActor(api.project.id), kind: 'person' as const, personId: api.people.reviewer.id };
    const { url } = await tickets.issue(reader, { kind: 'test-file', id: '7' });
    const response = await api.nobody().get(url).expect(200);
    expect(response.text).toBe('id 7');
    expect(response.headers['content-disposition']).toContain(`filename*=UTF-8''${encodeURIComponent('退回的行.csv')}`);
    const forged = await api
      .nobody()
      .get(url.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A')))
      .expect(403);
    expect(forged.body.code).toBe('download.bad_ticket');
    await api.nobody().get('/api/v1/downloads?ticket=x').expect(403);
  });
});

describe('the event stream', () => {
  const open = (who: 'data_lead' | 'annotator', query = '', headers: Record<string, string> = {}) =>
    openEvents(api, api.people[who].token, { query, headers });
  const notify = (projectId: string, topic: string, id: string) =>
    api.dataSource.query('select pg_notify($1, $2)', ['qingnang', JSON.stringify({ projectId, topic, id })]);

  it('tells the news of the project and of no other, of the topics asked for', async () => {
    const stream = await open('data_lead', '?topics=imports,work');
    await stream.until(': open');
    await notify(api.otherProject.id, 'imports', 'elsewhere');
    await notify(api.project.id, 'runs', 'not-asked');
    await notify(api.project.id, 'imports', 'mine');
    const text = await stream.until('"mine"');
    expect(text).not.toContain('elsewhere');
    expect(text).not.toContain('not-asked');
    expect(text).toMatch(/id: \S+\ndata: \{"topic":"imports","id":"mine"\}\n\n/);
    stream.close();
  });

  it('tells nobody of what they may not read', async () => {
    const stream = await open('annotator');
    await stream.until(': open');
    for (const topic of ['imports', 'records', 'members', 'something-else']) {
      await notify(api.project.id, topic, `about-${topic}`);
    }
    await notify(api.project.id, 'work', 'mine');
    const text = await stream.until('"mine"');
    expect(text).not.toContain('about-');
    stream.close();
  });

  it('goes on after the last event seen, and says when some are lost', async () => {
    const first = await open('data_lead');
    await notify(api.project.id, 'imports', 'one');
    const seen = /id: (\S+)\ndata: \{"topic":"imports","id":"one"/.exec(await first.until('"one"'))![1]!;
    first.close();
    await notify(api.project.id, 'imports', 'two');
    const again = await open('data_lead', '', { 'last-event-id': seen });
    const text = await again.until('"two"');
    expect(text).not.toContain('"one"');
    again.close();
    const stranger = await open('data_lead', '', { 'last-event-id': 'another-process.5' });
    await stranger.until('event: resync');
    stranger.close();
  });
});

describe('the application', () => {
  async function check(controller: new () => object): Promise<void> {
    @Module({ imports: [DiscoveryModule], controllers: [controller] })
    class Some {}
    const module = await Test.createTestingModule({ imports: [Some] }).compile();
    checkRoutes(module.get(DiscoveryService, { strict: false }), module.get(MetadataScanner, { strict: false }));
  }

  it('refuses to start with a route that says nothing of access', async () => {
    @Controller('open')
    class Open {
      @Get() read() {}
    }
    await expect(check(Open)).rejects.toThrow(/Open\.read \(open\/.*has no @Can/);
  });

  it('refuses to start with a right of a project outside any project', async () => {
    @Controller('outside')
    class Outside {
      @Get() @Can('records', 'read') read() {}
    }
    await expect(check(Outside)).rejects.toThrow(/lies outside projects/);
    @Controller('fine')
    class Fine {
      @Get() @Public() read() {}
    }
    await expect(check(Fine)).resolves.toBeUndefined();
  });
});
