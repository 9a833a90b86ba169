import { PASSWORD } from '../../support/api.js';
import { type Act, inProject } from './act.js';

const invite: Act = {
  route: inProject('POST', '/invites'),
  call: (api) => api.as('admin').post('/invites', { roles: ['lay'] }),
  keep: (body, world) => {
    world.set('invite', String(body.id));
    world.set('token', String(body.token));
  },
};
const account = (name: string, status?: string): Act => ({
  route: `POST /api/v1/people/{id}/${name}`,
  call: (api) => api.as('installation').post(`/api/v1/people/${api.people.lay.id}/${name}`),
  ...(status ? { keep: (body, world) => world.set(status, String(body.token)) } : {}),
});

export const identityActs: readonly Act[] = [
  {
    route: 'POST /api/v1/auth/sign-in',
    call: (api) => api.nobody().post('/api/v1/auth/sign-in', { login: 'doctor', password: PASSWORD }),
  },
  { route: 'PATCH /api/v1/me', call: (api) => api.as('doctor').patch('/api/v1/me', { language: 'en' }) },
  {
    route: 'POST /api/v1/me/password',
    call: (api) => api.as('doctor').post('/api/v1/me/password', { currentPassword: PASSWORD, newPassword: PASSWORD }),
  },
  {
    route: 'POST /api/v1/projects',
    call: (api) => api.as('installation').post('/api/v1/projects', { slug: 'made', name: 'made' }),
  },
  invite,
  {
    route: 'POST /api/v1/me/invites',
    call: (api, world) => api.as('doctor').post('/api/v1/me/invites', { token: world.get('token') }),
  },
  invite,
  {
    route: 'POST /api/v1/auth/accept-invite',
    call: (api, world) =>
      api.nobody().post('/api/v1/auth/accept-invite', {
        token: world.get('token'),
        login: 'newcomer',
        displayName: '新来的',
        password: PASSWORD,
      }),
  },
  invite,
  {
    route: inProject('DELETE', '/invites/{id}'),
    call: (api, world) => api.as('admin').delete(`/invites/${world.get('invite')}`),
  },
  account('reset-link', 'reset'),
  {
    route: 'POST /api/v1/auth/reset-password',
    call: (api, world) =>
      api.nobody().post('/api/v1/auth/reset-password', { token: world.get('reset'), password: PASSWORD }),
  },
  account('deactivate'),
  account('reactivate'),
  {
    route: inProject('PATCH', '/members/{id}'),
    call: (api) =>
      api
        .as('admin')
        .patch(`/members/${api.people.lay.id}`, { roles: ['doctor'] })
        .set('If-Match', '"1"'),
  },
  {
    route: inProject('DELETE', '/members/{id}'),
    call: (api) => api.as('admin').delete(`/members/${api.people.lay.id}`),
  },
  {
    route: inProject('POST', '/api-keys'),
    call: (api) => api.as('admin').post('/api-keys', { name: 'k', scopes: ['records:read'] }),
    keep: (body, world) => world.set('key', String(body.id)),
  },
  {
    route: inProject('DELETE', '/api-keys/{id}'),
    call: (api, world) => api.as('admin').delete(`/api-keys/${world.get('key')}`),
  },
];
