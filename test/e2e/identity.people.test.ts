import { createFirstAdmin, resetPassword } from '@qingnang/identity';
import request from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PASSWORD, startApi, type TestApi, type TestPerson } from '../support/api.js';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api?.close());

const auth = (path: string, body: object) => request(api.app.getHttpServer()).post(`/api/v1/auth/${path}`).send(body);
const newcomer = { displayName: '新来的', password: 'a long password' };

describe('an invite', () => {
  const invite = async (body: object = {}) =>
    (
      await api
        .as('admin')
        .post('/invites', { roles: ['annotator'], displayName: '王医生', ...body })
        .expect(201)
    ).body as {
      id: string;
      token: string;
    };

  it('makes an account with the roles it names, once', async () => {
    const { token } = await invite({ departments: ['心内科'] });
    const preview = await auth('invite', { token }).expect(200);
    expect(preview.body).toMatchObject({ projectName: 'first', displayName: '王医生', roles: ['annotator'] });
    const accepted = await auth('accept-invite', { ...newcomer, token, login: '王医生' }).expect(201);
    const me = await request(api.app.getHttpServer())
      .get('/api/v1/me')
      .set('Authorization', `Bearer ${accepted.body.accessToken as string}`)
      .expect(200);
    expect(me.body.projects).toMatchObject([{ slug: 'first', roles: ['annotator'] }]);
    const again = await auth('accept-invite', { ...newcomer, token, login: 'another' }).expect(410);
    expect(again.body.code).toBe('invite.dead_link');
  });

  it('is stored as a hash, and listed without its token', async () => {
    const { id, token } = await invite();
    const [row] = await api.dataSource.query<{ found: boolean }[]>(
      `select position($1 in row_to_json(i)::text) > 0 as found from invite i where id = $2`,
      [token, id],
    );
    expect(row!.found).toBe(false);
    const list = await api.as('admin').get('/invites').expect(200);
    expect(JSON.stringify(list.body)).not.toContain(token);
    expect((list.body as { items: { id: string; state: string }[] }).items.find((item) => item.id === id)!.state).toBe(
      'open',
    );
  });

  it('is dead when taken back or run out', async () => {
    const { id, token } = await invite();
    await api.as('admin').delete(`/invites/${id}`).expect(204);
    await auth('invite', { token }).expect(410);
    const late = await invite();
    await api.dataSource.query('update invite set expires_at = now() where id = $1', [late.id]);
    await auth('accept-invite', { ...newcomer, token: late.token, login: 'latecomer' }).expect(410);
  });

  it('lets a taken login be chosen otherwise', async () => {
    const { token } = await invite();
    const taken = await auth('accept-invite', { ...newcomer, token, login: 'DOCTOR' }).expect(409);
    expect(taken.body).toMatchObject({ code: 'person.login_taken', field: '/login' });
    await auth('accept-invite', { ...newcomer, token, login: 'doctor-2' }).expect(201);
  });

  it('adds the project to an account that exists', async () => {
    const { token } = await invite({ roles: ['reviewer'] });
    await api.as('stranger').post('/api/v1/me/invites', { token }).expect(204);
    const me = await api.as('stranger').get('/api/v1/me').expect(200);
    expect((me.body as { projects: { slug: string }[] }).projects.map((project) => project.slug).sort()).toEqual([
      'first',
      'second',
    ]);
    await api.dataSource.query('delete from membership where person_id = $1 and project_id = $2', [
      api.people.stranger.id,
      api.project.id,
    ]);
  });

  it('is made by admins only, for roles of people', async () => {
    await api
      .as('data_lead')
      .post('/invites', { roles: ['annotator'] })
      .expect(403);
    await api
      .as('admin')
      .post('/invites', { roles: ['service'] })
      .expect(422);
    await api.as('admin').post('/invites', { roles: [] }).expect(422);
  });
});

describe('a member', () => {
  const etag = async (person: TestPerson) =>
    (await api.as('admin').get(`/members/${person.id}`).expect(200)).headers.etag!;

  it('is changed against the ETag that was read', async () => {
    const person = await api.addPerson({ roles: ['annotator'] });
    const path = `/members/${person.id}`;
    const missing = await api
      .as('admin')
      .patch(path, { roles: ['doctor'] })
      .expect(428);
    expect(missing.body.code).toBe('revision.missing');
    const read = await etag(person);
    const changed = await api
      .as('admin')
      .patch(path, { roles: ['doctor', 'reviewer'] })
      .set('If-Match', read)
      .expect(200);
    expect(changed.body).toMatchObject({ roles: ['doctor', 'reviewer'], revision: 2 });
    expect(changed.headers.etag).toBe('"2"');
    const stale = await api
      .as('admin')
      .patch(path, { roles: ['lay'] })
      .set('If-Match', read)
      .expect(412);
    expect(stale.body.code).toBe('revision.stale');
  });

  it('gets new roles at once, with the same token', async () => {
    const person = await api.addPerson({ roles: ['annotator'] });
    await api.as(person).get('/members').expect(403);
    await api
      .as('admin')
      .patch(`/members/${person.id}`, { roles: ['admin'] })
      .set('If-Match', await etag(person))
      .expect(200);
    await api.as(person).get('/members').expect(200);
  });

  it('has a licence that someone has seen, until its number changes', async () => {
    const person = await api.addPerson({ roles: ['doctor'] });
    const change = async (body: object) =>
      (
        await api
          .as('admin')
          .patch(`/members/${person.id}`, body)
          .set('If-Match', await etag(person))
          .expect(200)
      ).body as object;
    const seen = await change({ licenceNumber: '110001', licenceChecked: true });
    expect(seen).toMatchObject({ licenceNumber: '110001', licenceCheckedBy: api.people.admin.id });
    expect(await change({ title: '主任医师' })).toMatchObject({ licenceCheckedBy: api.people.admin.id });
    expect(await change({ licenceNumber: '110002' })).toMatchObject({ licenceCheckedBy: null, licenceCheckedAt: null });
  });

  it('who is the last admin stays', async () => {
    const project = await api.addProject();
    const only = await api.addPerson({ roles: ['admin'], projectId: project.id });
    const path = `${project.path}/members/${only.id}`;
    const demoted = await api
      .as(only)
      .patch(path, { roles: ['doctor'] })
      .set('If-Match', '"1"')
      .expect(409);
    expect(demoted.body.code).toBe('member.last_admin');
    await api.as(only).delete(path).expect(409);
    const second = await api.addPerson({ roles: ['admin'], projectId: project.id });
    await api.as(second).delete(path).expect(200);
    await api.as(only).get(`${project.path}/members`).expect(404);
  });

  it('of two admins who remove each other at once, one stays', async () => {
    const project = await api.addProject();
    const [a, b] = [
      await api.addPerson({ roles: ['admin'], projectId: project.id }),
      await api.addPerson({ roles: ['admin'], projectId: project.id }),
    ];
    const answers = await Promise.all([
      api.as(a).delete(`${project.path}/members/${b.id}`),
      api.as(b).delete(`${project.path}/members/${a.id}`),
    ]);
    expect(answers.filter((answer) => answer.status === 200)).toHaveLength(1);
  });

  it('of another project is not found', async () => {
    await api.as('admin').get(`/members/${api.people.stranger.id}`).expect(404);
    await api.as('admin').get('/members/not-an-id').expect(404);
  });
});

describe('an account', () => {
  it('that is closed ends its sessions at once', async () => {
    const person = await api.addPerson({ roles: ['doctor'] });
    await api.as('admin').post(`/api/v1/people/${person.id}/deactivate`).expect(403);
    await api.as('installation').post(`/api/v1/people/${person.id}/deactivate`).expect(200);
    await api.as(person).get('/api/v1/me').expect(401);
    await auth('sign-in', { login: person.login, password: PASSWORD }).expect(401);
    await api.as('installation').post(`/api/v1/people/${person.id}/reactivate`).expect(200);
    await api.as(person).get('/api/v1/me').expect(401);
    await auth('sign-in', { login: person.login, password: PASSWORD }).expect(200);
  });

  it('of the last admin of the installation cannot be closed', async () => {
    const response = await api.as('installation').post(`/api/v1/people/${api.people.installation.id}/deactivate`);
    expect(response.status).toBe(409);
  });

  it('gets a new password by a link, once, and loses its sessions', async () => {
    const person = await api.addPerson();
    const link = async () =>
      (await api.as('installation').post(`/api/v1/people/${person.id}/reset-link`).expect(201)).body as {
        token: string;
      };
    const dead = await link();
    const { token } = await link();
    await auth('reset-password', { token: dead.token, password: 'never set at all' }).expect(410);
    await auth('reset-password', { token, password: 'quite another one' }).expect(204);
    await auth('reset-password', { token, password: 'and yet another' }).expect(410);
    await api.as(person).get('/api/v1/me').expect(401);
    await auth('sign-in', { login: person.login, password: 'quite another one' }).expect(200);
  });

  it('is listed for the admin of the installation only', async () => {
    const list = await api.as('installation').get('/api/v1/people?q=DOCT&perPage=1').expect(200);
    expect(list.body.items[0]).toMatchObject({ login: 'doctor', state: 'active', projects: 1 });
    expect(JSON.stringify(list.body)).not.toContain('argon2');
    await api.as('admin').get('/api/v1/people').expect(403);
  });
});

describe('from the command line', () => {
  it('a first admin is made only where there is nobody', async () => {
    expect(await createFirstAdmin(api.dataSource)).toBeNull();
  });

  it('a password is reset', async () => {
    const person = await api.addPerson();
    const { password } = await resetPassword(api.dataSource, person.login.toUpperCase());
    await api.as(person).get('/api/v1/me').expect(401);
    await auth('sign-in', { login: person.login, password }).expect(200);
    await expect(resetPassword(api.dataSource, 'nobody')).rejects.toMatchObject({ code: 'person.not_found' });
  });
});

describe('a project', () => {
  it('is made by the admin of the installation, who becomes its admin', async () => {
    const body = { slug: 'fresh', name: '新项目' };
    await api.as('admin').post('/api/v1/projects', body).expect(403);
    const made = await api.as('installation').post('/api/v1/projects', body).expect(201);
    expect(made.body).toMatchObject({ slug: 'fresh', roles: ['admin'], isDemo: false });
    expect((await api.as('installation').post('/api/v1/projects', body).expect(409)).body.field).toBe('/slug');
    await api.as('installation').get('/api/v1/projects/fresh/members').expect(200);
    await api.as('admin').get('/api/v1/projects/fresh/members').expect(404);
  });

  it('keeps who belongs elsewhere from learning that it is there', async () => {
    const there = await api.as('stranger').get('/members').expect(404);
    const nowhere = await api.as('stranger').get('/api/v1/projects/none/members').expect(404);
    expect(there.body.code).toBe(nowhere.body.code);
  });
});
