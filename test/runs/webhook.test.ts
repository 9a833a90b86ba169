import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { KEYS, type Keys } from '@qingnang/config';
import { type WebhookDelivery, webhookMessage } from '@qingnang/contracts';
import { startQueueWorker } from '@qingnang/queue';
import { sweepLostRuns, WebhookDeliverer } from '@qingnang/runs';
import { WebhookDeliverHandler } from '../../apps/worker/src/runs/webhook-deliver.handler.js';
import { startApi, type TestApi } from '../support/api.js';
import { OutsideTrainer } from '../support/outside-runs.js';
import { makeSnapshot, sftRun } from '../support/runs.js';

const SECRET = 'a secret nobody is told';
const WAIT = { timeout: 120_000, interval: 100 };

let api: TestApi;
let snapshot: string;
let deliverer: WebhookDeliverer;
let server: Server;
let address: string;
/** What the receiver got, and what it answers, one after the other; then it takes everything. */
let got: { headers: IncomingMessage['headers']; body: string }[] = [];
let answers: { status: number; body?: string; location?: string }[] = [];

beforeAll(async () => {
  api = await startApi({ settings: { QINGNANG_PUBLIC_URL: 'https://qingnang.example' } });
  snapshot = await makeSnapshot(api.dataSource, api.settings.dataDir, api.project.id, 'sft');
  deliverer = new WebhookDeliverer(api.dataSource, api.app.get<Keys>(KEYS), api.settings);
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      got.push({ headers: request.headers, body: Buffer.concat(chunks).toString() });
      const { status, body, location } = answers.shift() ?? { status: 200, body: '{"errcode":0}' };
      response.writeHead(status, location === undefined ? {} : { location }).end(body);
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook?key=robot-key`;
});
afterAll(async () => {
  server.close();
  await api?.close();
});

beforeEach(async () => {
  got = [];
  answers = [];
  await api.dataSource.query('delete from webhook_delivery');
  await api.dataSource.query('delete from project_webhook');
});

/** The installation's admin may name an inside address; this machine is one. */
const put = (body: object, revision = 0, who: 'installation' | 'admin' | 'data_lead' = 'installation') =>
  api.as(who).put('/webhook', body).set('If-Match', `"${revision}"`);
const configure = (changes: object = {}) => put({ form: 'json', address, secret: SECRET, ...changes }).expect(200);
const deliveries = async (): Promise<WebhookDelivery[]> =>
  ((await api.as('data_lead').get('/webhook/deliveries').expect(200)).body as { items: WebhookDelivery[] }).items;

/** Works off what is queued until nothing waits. */
async function deliverAll(): Promise<void> {
  const worker = await startQueueWorker({
    url: api.url,
    handlers: [new WebhookDeliverHandler(deliverer)],
    concurrency: 2,
    pollMs: 100,
    onError: () => undefined,
  });
  try {
    await expect.poll(async () => (await deliveries()).filter(({ state }) => state === 'waiting').length, WAIT).toBe(0);
  } finally {
    await worker.stop();
  }
}

describe('the address', () => {
  it('is set by the project’s admin, and neither it nor the secret is ever told again', async () => {
    const none = await api.as('data_lead').get('/webhook').expect(200);
    expect(none.body).toMatchObject({ configured: false, host: null, revision: 0 });
    await put(
      { form: 'json', address: 'https://93.184.215.14/h?key=hidden-key', secret: SECRET },
      0,
      'data_lead',
    ).expect(403);
    const made = await put(
      { form: 'json', address: 'https://93.184.215.14/h?key=hidden-key', secret: SECRET },
      0,
      'admin',
    );
    expect(made.body).toMatchObject({ configured: true, host: '93.184.215.14', hasSecret: true, revision: 1 });
    for (const text of [
      made.text,
      (await api.as('admin').get('/webhook')).text,
      JSON.stringify(await api.dataSource.query('select * from project_webhook')),
      JSON.stringify(await api.dataSource.query('select * from audit_entry')),
    ]) {
      expect(text).not.toContain('hidden-key');
      expect(text).not.toContain(SECRET);
    }
    await put({ form: 'json' }, 7, 'admin').expect(412);
    await api.as('admin').put('/webhook', { form: 'json' }).expect(428);
    await api.as('annotator').get('/webhook').expect(403);
    await api.nobody().get('/webhook').expect(401);
  });

  it('keeps to the rules of model servers’ addresses', async () => {
    const codes = async (to: string, who: 'installation' | 'admin') => {
      const { status, body } = await put({ form: 'json', address: to, secret: SECRET }, 0, who);
      return [status, (body as { code: string }).code];
    };
    expect(await codes('http://169.254.169.254/latest', 'installation')).toEqual([422, 'webhook.address_refused']);
    expect(await codes('http://10.0.0.8/hook', 'admin')).toEqual([403, 'webhook.inside_refused']);
    expect((await codes('https://name:word@example.com/', 'admin'))[0]).toBe(422);
    expect((await codes('ftp://example.com/', 'admin'))[0]).toBe(422);
  });

  it('takes its secret with it: another address needs one of its own', async () => {
    await configure();
    const kept = await put({ form: 'json', active: false }, 1).expect(200);
    expect(kept.body).toMatchObject({ hasSecret: true, active: false, revision: 2 });
    const moved = await put({ form: 'json', address: 'http://127.0.0.1:9/other' }, 2).expect(422);
    expect(moved.body).toMatchObject({ code: 'webhook.secret_needed', field: '/secret' });
    await put({ form: 'wecom', address }, 2).expect(200);
  });
});

describe('a message', () => {
  it('is signed, says what happened and where to look, and holds no address or secret', async () => {
    await configure();
    const made = await api.as('data_lead').post('/runs', sftRun(snapshot, { name: '夜间训练' }));
    await api.as('data_lead').post(`/runs/${made.body.id}/pause`).expect(200);
    await deliverAll();
    expect(got).toHaveLength(1);
    const { headers, body } = got[0]!;
    const message = webhookMessage.parse(JSON.parse(body));
    expect(message).toMatchObject({
      event: 'run.paused',
      project: { slug: 'first' },
      subject: { type: 'run', id: made.body.id, name: '夜间训练', method: 'sft', state: 'paused' },
      url: `https://qingnang.example/#/p/first/runs/${made.body.id}/show`,
    });
    expect(headers['x-qingnang-delivery']).toBe(message.id);
    const [time, signature] = String(headers['x-qingnang-signature']).split(',') as [string, string];
    const expected = createHmac('sha256', SECRET)
      .update(`${time.slice(2)}.${body}`)
      .digest('hex');
    expect(signature).toBe(`v1=${expected}`);
    expect(body).not.toContain('robot-key');
    expect(await deliveries()).toMatchObject([
      {
        event: 'run.paused',
        subjectName: '夜间训练',
        state: 'delivered',
        attempts: 1,
        statusCode: 200,
        errorCode: null,
      },
    ]);
  });

  it('is tried again with growing delay until it is taken, under one id', async () => {
    await configure();
    answers = [{ status: 500 }, { status: 429 }];
    await api.as('admin').post('/webhook/test').expect(202);
    await deliverAll();
    expect(got).toHaveLength(3);
    expect(new Set(got.map(({ headers }) => headers['x-qingnang-delivery'])).size).toBe(1);
    expect(await deliveries()).toMatchObject([{ event: 'test', state: 'delivered', attempts: 3, nextAt: null }]);
  });

  it('takes WeCom’s word for it, not its status', async () => {
    await configure({ form: 'wecom' });
    answers = [{ status: 200, body: '{"errcode":93000,"errmsg":"invalid webhook url"}' }];
    await api.as('admin').post('/webhook/test').expect(202);
    await deliverAll();
    expect(JSON.parse(got[0]!.body)).toMatchObject({ msgtype: 'markdown' });
    expect(await deliveries()).toMatchObject([{ state: 'delivered', attempts: 2 }]);
  });

  it('goes on to no other server', async () => {
    await configure();
    answers = [{ status: 307, location: 'http://127.0.0.2:1/' }];
    await api.as('admin').post('/webhook/test').expect(202);
    await deliverAll();
    expect(await deliveries()).toMatchObject([{ state: 'failed', errorCode: 'redirects', attempts: 1 }]);
  });

  it('is not sent any more once the webhook is gone, and a test needs one', async () => {
    await configure();
    await api.as('admin').post('/webhook/test').expect(202);
    await api.as('admin').delete('/webhook').set('If-Match', '"1"').expect(204);
    await deliverAll();
    expect(got).toEqual([]);
    expect(await deliveries()).toMatchObject([{ state: 'dropped' }]);
    const refused = await api.as('admin').post('/webhook/test').expect(409);
    expect(refused.body.code).toBe('webhook.none_active');
  });
});

describe('a run', () => {
  afterEach(() => api.dataSource.query(`update run set state = 'cancelled' where state <> 'cancelled'`));

  it('that was lost says so, and so does one that failed', async () => {
    await configure();
    const lost = await api.as('data_lead').post('/runs', sftRun(snapshot));
    await api.dataSource.query(`update run set state = 'running' where id = $1`, [lost.body.id]);
    await api.dataSource.query(
      `insert into run_attempt (id, project_id, run_id, n, launcher, state, heartbeat_at)
       values (gen_random_uuid(), $1, $2, 1, 'local', 'running', now() - interval '5 minutes')`,
      [api.project.id, lost.body.id],
    );
    const failed = await new OutsideTrainer(api, snapshot).start();
    await api.dataSource.query(`update api_key set revoked_at = now() where run_id = $1`, [failed.run.id]);
    await sweepLostRuns(api.dataSource);
    const told = (await deliveries()).map(({ event, subjectId, code }) => [event, subjectId, code]).sort();
    expect(told).toEqual([
      ['run.failed', failed.run.id, 'run.token_expired'],
      ['run.lost', lost.body.id, null],
    ]);
  });

  it('of a project without a webhook tells nobody', async () => {
    const made = await api.as('data_lead').post('/runs', sftRun(snapshot));
    await api.as('data_lead').post(`/runs/${made.body.id}/pause`).expect(200);
    expect(await deliveries()).toEqual([]);
  });
});
