import type { NestExpressApplication } from '@nestjs/platform-express';
import type { DeactivatedAccount, EndedAccess, Role } from '@qingnang/contracts';
import { Authenticator } from '@qingnang/identity';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DownloadTickets } from '../../apps/api/src/downloads/download-tickets.js';
import { startApi, type TestApi, type TestPerson } from '../support/api.js';
import { importDialogues, makeSource } from '../support/corpus.js';
import { type EventStream, openEvents } from '../support/event-stream.js';
import { shortDialogues } from '../support/llm.js';
import { polishRecords } from '../support/review.js';

let api: TestApi;
/** Another API process: what ends here must end there. */
let other: NestExpressApplication;
let taskSetId: string;

beforeAll(async () => {
  api = await startApi();
  other = await api.another();
  for (const app of [api.app, other]) {
    app.get(DownloadTickets).handle('test-file', { resource: 'records', action: 'read' }, async () => ({
      ...{ fileName: 'a.txt', contentType: 'text/plain', stream: Readable.from(['words']) },
    }));
  }
  await importDialogues(api.dataSource, await makeSource(api.dataSource, api.project.id), shortDialogues(12));
  const records = await api.dataSource.query<{ id: string }[]>('select id from record');
  await polishRecords(
    api.dataSource,
    api.project.id,
    records.map(({ id }) => id),
  );
  const made = await api.as('data_lead').post('/task-sets', { name: '润色审核', kind: 'polish_review' }).expect(201);
  taskSetId = (made.body as { id: string }).id;
});
afterAll(() => api?.close());

interface Holdings {
  key: string;
  invite: string;
  here: EventStream;
  there: EventStream;
  ofKey: EventStream;
  file: string;
  slot: { id: string; fencingToken: number; recordId: string };
}

const withKey = (key: string) => api.as({ id: '', login: '', token: key });
const preview = (token: string) => api.nobody().post('/api/v1/auth/invite', { token });
const member = (roles: Role[] = ['admin', 'annotator']) => api.addPerson({ roles });

/** Everything that a person can hand out or hold open in the project. */
async function hold(person: TestPerson): Promise<Holdings> {
  const as = api.as(person);
  const made = await as.post('/api-keys', { name: 'k', scopes: ['records:read', 'events:read'] }).expect(201);
  const { key } = made.body as { key: string };
  const invite = await as.post('/invites', { roles: ['admin'] }).expect(201);
  const claimed = await as.post('/work/claim', { taskSetId }).expect(200);
  const { slot } = claimed.body as { slot: Holdings['slot'] };
  const draft = { fencingToken: slot.fencingToken, baseVersionId: null, body: { turns: ['写了一半'] } };
  await as.put(`/work/slots/${slot.id}/draft`, draft).expect(200);
  const lease = { projectId: api.project.id, personId: person.id, apiKeyId: null };
  const actor = await api.app.get(Authenticator).holderOf(lease);
  const { url } = await api.app.get(DownloadTickets).issue(actor!, { kind: 'test-file', id: '1' });
  const streams = [
    openEvents(api, person.token),
    openEvents(api, person.token, { app: other }),
    openEvents(api, key, { app: other }),
  ] as const;
  const [here, there, ofKey] = await Promise.all(streams);
  await Promise.all([here, there, ofKey].map((stream) => stream.until(': open')));
  await openLeases(person, 4);
  return { key, invite: (invite.body as { token: string }).token, here, there, ofKey, file: url, slot };
}

/** A stream begins before its row is written: what is counted is counted when all of them are. */
async function openLeases(person: TestPerson, n: number): Promise<void> {
  const count = 'select count(*)::int as n from access_lease where person_id = $1';
  await expect.poll(async () => (await api.dataSource.query<{ n: number }[]>(count, [person.id]))[0]!.n).toBe(n);
}

async function expectNothingLeft({ key, invite, here, there, ofKey, file, slot }: Holdings, person: TestPerson) {
  await Promise.all([here.ended, there.ended, ofKey.ended]);
  await withKey(key).get('/records').expect(401);
  await preview(invite).expect(410);
  await api.nobody().get(file).expect(403);
  const [row] = await api.dataSource.query('select state, holder_id from slot where id = $1', [slot.id]);
  expect(row).toEqual({ state: 'open', holder_id: null });
  const [kept] = await api.dataSource.query('select body from draft where slot_id = $1 and person_id = $2', [
    slot.id,
    person.id,
  ]);
  expect(kept).toEqual({ body: { turns: ['写了一半'] } });
  await openLeases(person, 0);
}

describe('a member taken out of the project', () => {
  it('takes with them all they handed out or held there, in every process, and the answer counts it', async () => {
    const person = await member();
    const colleague = await member();
    await api.dataSource.query(`insert into membership (project_id, person_id, roles) values ($1, $2, '{admin}')`, [
      api.otherProject.id,
      person.id,
    ]);
    const elsewhere = await api
      .as(person)
      .post(`${api.otherProject.path}/api-keys`, { name: 'k', scopes: ['records:read'] })
      .expect(201);
    const [theirs, colleagues] = [await hold(person), await hold(colleague)];
    await api.nobody().get(theirs.file).expect(200);
    await openLeases(person, 4);

    const removed = await api.as('admin').delete(`/members/${person.id}`).expect(200);
    const ended: EndedAccess = {
      ...{ apiKeys: 1, invites: 1, streams: 3, downloads: 1, tasks: 1 },
      ...{ sessions: 0, resetLinks: 0 },
    };
    expect(removed.body).toEqual(ended);
    await expectNothingLeft(theirs, person);
    const [entry] = await api.dataSource.query<{ after: object }[]>(
      `select after from audit_entry where action = 'member.remove' and subject_id = $1`,
      [person.id],
    );
    expect(entry!.after).toEqual({ ended });

    // What is another project's, or another person's, goes on.
    await withKey((elsewhere.body as { key: string }).key)
      .get(`${api.otherProject.path}/records`)
      .expect(200);
    await withKey(colleagues.key).get('/records').expect(200);
    await preview(colleagues.invite).expect(200);
    for (const stream of [colleagues.here, colleagues.there, colleagues.ofKey]) stream.close();
  });

  it('gives the tasks to the next', async () => {
    const person = await member();
    const { slot, here, there, ofKey } = await hold(person);
    await api.as('admin').delete(`/members/${person.id}`).expect(200);
    await Promise.all([here.ended, there.ended, ofKey.ended]);
    const got: string[] = [];
    for (let n = 0; n < 12 && !got.includes(slot.recordId); n++) {
      const next = await member(['annotator']);
      const claimed = await api.as(next).post('/work/claim', { taskSetId }).expect(200);
      got.push((claimed.body as { slot: Holdings['slot'] }).slot.recordId);
    }
    expect(got).toContain(slot.recordId);
  });
});

describe('a closed account', () => {
  it('ends everywhere with its sign-ins and links, and opening it again brings none of them back', async () => {
    const person = await member();
    const theirs = await hold(person);
    await api.signIn(person.login);
    const link = await api.as('installation').post(`/api/v1/people/${person.id}/reset-link`).expect(201);
    const closed = await api.as('installation').post(`/api/v1/people/${person.id}/deactivate`).expect(200);
    expect((closed.body as DeactivatedAccount).ended).toEqual({
      ...{ apiKeys: 1, invites: 1, streams: 3, downloads: 1, tasks: 1 },
      ...{ sessions: 2, resetLinks: 1 },
    });
    await expectNothingLeft(theirs, person);
    await api.as('installation').post(`/api/v1/people/${person.id}/reactivate`).expect(200);
    await withKey(theirs.key).get('/records').expect(401);
    await preview(theirs.invite).expect(410);
    await api.as(person).get('/api/v1/me').expect(401);
    const { token } = link.body as { token: string };
    await api.nobody().post('/api/v1/auth/reset-password', { token, password: 'another password' }).expect(410);
    expect(await api.signIn(person.login)).not.toBe('');
  });

  it('takes the reset links it made for others with it', async () => {
    const keeper = await api.addPerson({ installationAdmin: true });
    const victim = await member();
    const link = await api.as(keeper).post(`/api/v1/people/${victim.id}/reset-link`).expect(201);
    await api.as('installation').post(`/api/v1/people/${keeper.id}/deactivate`).expect(200);
    const { token } = link.body as { token: string };
    await api.nobody().post('/api/v1/auth/reset-password', { token, password: 'taken over now' }).expect(410);
  });
});

describe('a right that is lost', () => {
  const changeRoles = (person: TestPerson, roles: Role[], revision = 1) =>
    api.as('admin').patch(`/members/${person.id}`, { roles }).set('If-Match', `"${revision}"`).expect(200);
  const news = (topic: string, id: string) =>
    api.dataSource.query('select pg_notify($1, $2)', [
      'qingnang',
      JSON.stringify({ projectId: api.project.id, topic, id }),
    ]);

  it('is lost in streams that are open: news of it stop, others go on', async () => {
    const person = await member(['data_lead']);
    const stream = await openEvents(api, person.token, { app: other });
    await news('imports', 'first');
    await stream.until('"first"');
    await changeRoles(person, ['annotator']);
    let round = 0;
    const told = async (): Promise<boolean> => {
      round += 1;
      await news('imports', `imports-${round}`);
      await news('work', `work-${round}`);
      return (await stream.until(`"work-${round}"`)).includes(`"imports-${round}"`);
    };
    await expect.poll(told).toBe(false);
    stream.close();
  });

  it('takes the invites along that it had made, and the way back by one’s own', async () => {
    const person = await member();
    const made = await api
      .as(person)
      .post('/invites', { roles: ['admin'] })
      .expect(201);
    const { token } = made.body as { token: string };
    await changeRoles(person, ['annotator']);
    await preview(token).expect(410);
    await api.as(person).post('/api/v1/me/invites', { token }).expect(410);
  });

  it('is looked at when an invite is used, whatever the invite was worth when it was made', async () => {
    const person = await member();
    const made = await api
      .as(person)
      .post('/invites', { roles: ['lay'] })
      .expect(201);
    const { token } = made.body as { token: string };
    await preview(token).expect(200);
    await api.dataSource.query(`update membership set roles = '{reviewer}' where person_id = $1`, [person.id]);
    await preview(token).expect(410);
  });

  it('ends the address of a file at once', async () => {
    const person = await member(['reviewer']);
    const lease = { projectId: api.project.id, personId: person.id, apiKeyId: null };
    const actor = await api.app.get(Authenticator).holderOf(lease);
    const { url } = await api.app.get(DownloadTickets).issue(actor!, { kind: 'test-file', id: '1' });
    await api.nobody().get(url).expect(200);
    await changeRoles(person, ['annotator']);
    await api.nobody().get(url).expect(403);
  });
});

describe('an open stream', () => {
  it('ends with the key it was opened with', async () => {
    const made = await api
      .as('admin')
      .post('/api-keys', { name: 'k', scopes: ['events:read'] })
      .expect(201);
    const { id, key } = made.body as { id: string; key: string };
    const stream = await openEvents(api, key, { app: other });
    await stream.until(': open');
    await api.as('admin').delete(`/api-keys/${id}`).expect(204);
    await stream.ended;
  });

  it('ends with the sign-in it was opened with, and with no other', async () => {
    const person = await member();
    const second = { ...person, token: await api.signIn(person.login) };
    const [ending, staying] = [
      await openEvents(api, person.token, { app: other }),
      await openEvents(api, second.token),
    ];
    await api
      .as(second)
      .post('/api/v1/me/password', { currentPassword: 'correct horse battery', newPassword: 'correct horse battery' })
      .expect(204);
    await ending.ended;
    await hearsOfWork(staying);
    staying.close();
  });

  async function hearsOfWork(stream: EventStream): Promise<void> {
    await api.dataSource.query('select pg_notify($1, $2)', [
      'qingnang',
      JSON.stringify({ projectId: api.project.id, topic: 'work', id: 'still' }),
    ]);
    await stream.until('"still"');
  }
});
