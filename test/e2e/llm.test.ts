import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ensureLlmDefaults, LlmJobRunner } from '@qingnang/llm';
import { startRehearsalServer, type RehearsalServer } from '../../apps/rehearsal/src/server.js';
import type { LlmJobDetail, PromptTemplateDetail, ProviderView } from '@qingnang/contracts';
import { runJobsUntilEmpty } from '@qingnang/queue';
import { LlmJobRunHandler } from '../../apps/worker/src/llm/llm-job-run.handler.js';
import { startApi, type TestApi } from '../support/api.js';
import { importDialogues, makeSource } from '../support/corpus.js';
import { shortDialogues } from '../support/llm.js';

const SECRET = 'sk-very-secret-7341';
const provider = {
  name: 'House server',
  baseUrl: 'http://127.0.0.1:9/v1',
  apiKey: SECRET,
  models: [{ name: 'm', input_price: 1, output_price: 2 }],
};

let api: TestApi;
let rehearsal: RehearsalServer;

beforeAll(async () => {
  api = await startApi();
  rehearsal = await startRehearsalServer({ port: 0, host: '127.0.0.1', seed: 3 });
  await api.dataSource.transaction((tx) => ensureLlmDefaults(tx, api.project.id));
  await api.dataSource.query(`update provider set base_url = $1 where kind = 'rehearsal'`, [
    `http://127.0.0.1:${rehearsal.port}/v1`,
  ]);
});
afterAll(async () => {
  await rehearsal.close();
  await api.close();
});

async function template(key: string): Promise<PromptTemplateDetail> {
  const { body } = await api.as('data_lead').get('/prompt-templates?perPage=50').expect(200);
  const found = (body as { items: PromptTemplateDetail[] }).items.find((item) => item.key === key)!;
  return (await api.as('data_lead').get(`/prompt-templates/${found.id}`).expect(200)).body as PromptTemplateDetail;
}

async function polishBody(changes: object = {}): Promise<object> {
  const { body } = await api.as('data_lead').get('/providers').expect(200);
  const rehearsalRow = (body as { items: ProviderView[] }).items.find((item) => item.kind === 'rehearsal')!;
  return {
    purpose: 'polish',
    name: '润色试行',
    promptVersionIds: [(await template('polish')).latest!.id],
    providerId: rehearsalRow.id,
    model: 'rehearsal-polish',
    ...changes,
  };
}

describe('providers', () => {
  it('are kept by the installation admin alone, and their key is never answered nor kept in the clear', async () => {
    await api.nobody().get('/providers').expect(401);
    await api.as('annotator').get('/providers').expect(403);
    await api.as('stranger').get('/providers').expect(404);
    await api.as('data_lead').post('/providers', provider).expect(403);
    const made = await api.as('installation').post('/providers', provider).expect(201);
    expect(made.body).toMatchObject({ name: 'House server', hasKey: true, outside: true });
    expect(made.text).not.toContain(SECRET);
    expect(made.text).not.toContain('encrypted');
    const [row] = await api.dataSource.query<{ text: string }[]>(
      'select p::text || coalesce((select string_agg(a::text, chr(10)) from audit_entry a), $2) as text from provider p where id = $1',
      [made.body.id, ''],
    );
    expect(row!.text).not.toContain(SECRET);
    await api.as('installation').post('/providers', provider).expect(409);
    const bad = await api
      .as('installation')
      .post('/providers', { ...provider, name: 'b', baseUrl: 'ftp://x' })
      .expect(422);
    expect(bad.body.errors[0].field).toContain('baseUrl');
  });

  it('change only from the revision that was read, and a new address ends what was declared of the old', async () => {
    const made = await api
      .as('installation')
      .post('/providers', { ...provider, name: 'Second' })
      .expect(201);
    const path = `/providers/${made.body.id as string}`;
    await api.as('installation').patch(path, { name: 'x' }).expect(428);
    await api.as('installation').patch(path, { name: 'x' }).set('If-Match', '"9"').expect(412);
    await api.as('data_lead').put(`${path}/inside`, { inside: true }).set('If-Match', '"1"').expect(403);
    const inside = await api
      .as('installation')
      .put(`${path}/inside`, { inside: true })
      .set('If-Match', '"1"')
      .expect(200);
    expect(inside.body).toMatchObject({ outside: false, revision: 2 });
    const [entry] = await api.dataSource.query<{ n: number }[]>(
      `select count(*)::int as n from audit_entry where action = 'provider.declare_inside' and subject_id = $1`,
      [made.body.id],
    );
    expect(entry!.n).toBe(1);
    const moved = await api
      .as('installation')
      .patch(path, { baseUrl: 'http://127.0.0.1:10/v1' })
      .set('If-Match', '"2"')
      .expect(200);
    expect(moved.body).toMatchObject({ outside: true, declaredInsideAt: null });
    await api.as('installation').get(`/providers/${api.project.id}`).expect(404);
  });

  it('lose their key with their address, unless the new one’s comes with it', async () => {
    const made = await api
      .as('installation')
      .post('/providers', { ...provider, name: 'Moving' })
      .expect(201);
    const path = `/providers/${made.body.id as string}`;
    const change = async (body: object, revision: number) =>
      (await api.as('installation').patch(path, body).set('If-Match', `"${revision}"`).expect(200))
        .body as ProviderView;
    // The same address, written another way.
    expect(await change({ baseUrl: 'HTTP://127.0.0.1:9/v1/' }, 1)).toMatchObject({ hasKey: true });
    expect(await change({ name: 'Moved' }, 2)).toMatchObject({ hasKey: true });
    expect(await change({ baseUrl: 'http://127.0.0.1:9/v2' }, 3)).toMatchObject({ hasKey: false });
    expect(await change({ apiKey: SECRET }, 4)).toMatchObject({ hasKey: true });
    expect(await change({ baseUrl: 'http://127.0.0.1:9/v3', apiKey: 'sk-new' }, 5)).toMatchObject({ hasKey: true });
    const [entry] = await api.dataSource.query<{ after: object }[]>(
      `select after from audit_entry where action = 'provider.update' and after ->> 'baseUrl' like '%/v2' order by at limit 1`,
    );
    expect(entry!.after).toMatchObject({ hasKey: false, keyChanged: true });
  });

  it.each([
    ['a name and password', 'https://me:secret@api.example.org/v1', 'input.invalid'],
    ['a name', 'https://me@api.example.org/v1', 'input.invalid'],
    ['a query', 'https://api.example.org/v1?key=secret', 'input.invalid'],
    ['a fragment', 'https://api.example.org/v1#x', 'input.invalid'],
    ['metadata', 'http://169.254.169.254/latest', 'provider.address_refused'],
    ['metadata in decimal', 'http://2852039166/latest', 'provider.address_refused'],
    ['metadata in octal', 'http://0251.0376.0251.0376/latest', 'provider.address_refused'],
    ['metadata with a trailing dot', 'http://169.254.169.254./latest', 'provider.address_refused'],
    ['metadata in an IPv6 address', 'http://[::ffff:169.254.169.254]/latest', 'provider.address_refused'],
    ['metadata of Alibaba Cloud', 'http://100.100.100.200/latest', 'provider.address_refused'],
    ['link-local', 'http://[fe80::1]/v1', 'provider.address_refused'],
    ['the unspecified address', 'http://0.0.0.0:8000/v1', 'provider.address_refused'],
  ])('are not entered with %s in the address', async (_what, baseUrl, code) => {
    const body = { ...provider, name: 'Elsewhere', baseUrl, insideAddress: true };
    const refused = await api.as('installation').post('/providers', body).expect(422);
    expect(refused.body).toMatchObject({ code });
    expect(refused.text).not.toContain('secret');
  });

  it('lie inside by the word of the installation’s admin alone', async () => {
    const body = { ...provider, name: 'Private', baseUrl: 'http://10.20.30.40:8000/v1' };
    for (const who of ['admin', 'data_lead'] as const) await api.as(who).post('/providers', body).expect(403);
    const made = await api.as('installation').post('/providers', body).expect(201);
    expect(made.body).toMatchObject({ insideAddress: true, outside: true });
    const path = `/providers/${made.body.id as string}`;
    const moved = await api
      .as('installation')
      .patch(path, { baseUrl: 'https://api.invalid/v1' })
      .set('If-Match', '"1"')
      .expect(200);
    expect(moved.body).toMatchObject({ insideAddress: false });
    await api.as('admin').patch(path, { insideAddress: true }).set('If-Match', '"2"').expect(403);
    const allowed = await api
      .as('installation')
      .patch(path, { insideAddress: true })
      .set('If-Match', '"2"')
      .expect(200);
    expect(allowed.body).toMatchObject({ insideAddress: true });
  });
});

describe('a new project', () => {
  it('begins with the rehearsal provider, a house style and prompts to polish with', async () => {
    const made = await api.as('installation').post('/api/v1/projects', { slug: 'fresh', name: 'Fresh' }).expect(201);
    const path = `/api/v1/projects/${made.body.id as string}`;
    const providers = await api.as('installation').get(`${path}/providers`).expect(200);
    expect(providers.body.items).toMatchObject([{ kind: 'rehearsal', outside: false, hasKey: false }]);
    const prompts = await api.as('installation').get(`${path}/prompt-templates`).expect(200);
    const keys = (prompts.body as { items: PromptTemplateDetail[] }).items.map((item) => item.key);
    expect(keys).toEqual(expect.arrayContaining(['house_style', 'polish', 'polish_text']));
  });
});

describe('prompt templates', () => {
  it('begin with the house style and two polishes, and grow by versions that nothing can change', async () => {
    await api.as('annotator').get('/prompt-templates').expect(403);
    const polish = await template('polish');
    expect(polish.latest!.variables).toEqual(['house_style', 'material']);
    expect((await template('polish_text')).latest!.settings.answer).toBe('text');
    const version = await api
      .as('data_lead')
      .post(`/prompt-templates/${polish.id}/versions`, { userText: '更短：{{material}}' })
      .expect(201);
    expect(version.body).toMatchObject({ number: 2, variables: ['material'] });
    await expect(
      api.dataSource.query(`update prompt_version set user_text = 'x' where id = $1`, [version.body.id]),
    ).rejects.toThrow(/never changed/);
    await api
      .as('data_lead')
      .post('/prompt-templates', { key: 'polish', purpose: 'polish', name: 'x', userText: 'y' })
      .expect(409);
    await api.as('data_lead').post('/prompt-templates', { key: 'Polish!', purpose: 'polish' }).expect(422);
  });
});

describe('model jobs', () => {
  it('are estimated, started, worked off and looked at over HTTP', async () => {
    const source = await makeSource(api.dataSource, api.project.id);
    await importDialogues(api.dataSource, source, shortDialogues(5));
    const lead = api.as('data_lead');
    await api
      .as('doctor')
      .post('/llm-jobs', await polishBody())
      .expect(403);
    const estimate = await lead.post('/llm-jobs/estimate', await polishBody()).expect(200);
    expect(estimate.body).toMatchObject({ subjects: 5, calls: 5, currency: 'CNY' });
    expect((await lead.get('/llm-jobs').expect(200)).body.total).toBe(0);

    const made = await lead
      .post('/llm-jobs', await polishBody())
      .set('Idempotency-Key', 'polish-1')
      .expect(201);
    const path = `/llm-jobs/${(made.body as LlmJobDetail).id}`;
    await lead
      .post('/llm-jobs', await polishBody())
      .set('Idempotency-Key', 'polish-1')
      .expect(201);
    await lead
      .post('/llm-jobs', await polishBody({ name: 'other' }))
      .set('Idempotency-Key', 'polish-1')
      .expect(422);
    expect((await lead.get('/llm-jobs').expect(200)).body.total).toBe(1);
    await lead.post(`${path}/pause`).expect(409);
    await lead.post(`${path}/start`).expect(202);
    await lead.post(`${path}/start`).expect(409);
    const handler = new LlmJobRunHandler(api.app.get(LlmJobRunner, { strict: false }));
    await runJobsUntilEmpty(api.url, [handler]);

    const done = (await lead.get(path).expect(200)).body as LlmJobDetail;
    expect(done).toMatchObject({ state: 'done', rehearsal: true, counts: { stored: 5 }, inDoubtTotal: 0 });
    const items = await lead.get(`${path}/items?state=stored&perPage=2`).expect(200);
    expect(items.body).toMatchObject({ total: 5 });
    const item = await lead.get(`${path}/items/${items.body.items[0].id as string}`).expect(200);
    expect(item.body.calls).toMatchObject([{ state: 'answered', attempt: 1, rehearsal: true }]);
    expect(item.text).not.toContain('头晕');
    await api.as('stranger').get(path).expect(404);
    await lead.post(`${path}/retry`).expect(409);
  });

  it('are refused with the field at fault', async () => {
    const lead = api.as('data_lead');
    await lead.post('/llm-jobs', await polishBody({ model: 'nobody' })).expect(422);
    const odd = await lead.post('/llm-jobs', await polishBody({ filter: { dataSet: 'nothing' } })).expect(422);
    expect(odd.body).toMatchObject({ code: 'input.invalid' });
    expect(JSON.stringify(odd.body)).toContain('dataSet');
    await lead
      .post('/llm-jobs', await polishBody({ promptVersionIds: [(await template('house_style')).latest!.id] }))
      .expect(422);
    await lead.post('/llm-jobs', await polishBody({ promptVersionIds: [api.project.id] })).expect(422);
    const made = await lead.post('/llm-jobs', await polishBody({ budgetLimit: 3 })).expect(201);
    const path = `/llm-jobs/${made.body.id as string}`;
    await lead.patch(path, { name: 'x' }).set('If-Match', '"7"').expect(412);
    const renamed = await lead
      .patch(path, { name: '新名' })
      .set('If-Match', `"${made.body.revision as number}"`)
      .expect(200);
    expect(renamed.body).toMatchObject({ name: '新名', budgetLimit: 3 });
    await lead.get(`/llm-jobs/${api.project.id}`).expect(404);
  });
});
