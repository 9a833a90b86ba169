import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Response } from 'supertest';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { CreatedApiKey, RunJob } from '@qingnang/contracts';
import { uuidv7 } from '@qingnang/kernel';
import { sweepLostRuns } from '@qingnang/runs';
import { startApi, type TestApi } from '../support/api.js';
import { OutsideTrainer, resultOf, sha } from '../support/outside-runs.js';
import { makeSnapshot } from '../support/runs.js';

let api: TestApi;
let snapshot: string;
let outside: OutsideTrainer;

beforeAll(async () => {
  api = await startApi();
  await api.app.listen(0, '127.0.0.1');
  snapshot = await makeSnapshot(api.dataSource, api.settings.dataDir, api.project.id, 'sft');
  outside = new OutsideTrainer(api, snapshot);
});
afterAll(() => api?.close());

describe('starting a run for a trainer elsewhere', () => {
  it('answers with the inputs file by file and a token that runs out', async () => {
    const { run, token, expiresAt } = await outside.start({ expiresInHours: 2 });
    expect(token).toMatch(/^qn_/);
    expect(Date.parse(expiresAt) - Date.now()).toBeLessThan(7_200_001);
    expect(run).toMatchObject({ state: 'running', attempt: 1, config: { steps: 40 } });
    const [data] = run.inputs;
    expect(data).toMatchObject({ role: 'data', kind: 'snapshot', version: 1 });
    expect(data!.files.map(({ path }) => path)).toContain('manifest.json');
    const seen = await api.as('data_lead').get(`/runs/${run.id}`);
    expect(seen.body).toMatchObject({ launcher: 'outside', attemptList: [{ launcher: 'outside', state: 'running' }] });
  });

  it('takes names, the newest version among them', async () => {
    const [{ name }] = await api.dataSource.query<[{ name: string }]>('select name from snapshot where id = $1', [
      snapshot,
    ]);
    expect((await outside.start({ inputs: { data: `${name}@latest` } })).run.inputs[0]).toMatchObject({
      name,
      version: 1,
    });
    expect((await outside.start({ inputs: { data: `${name}@1` } })).run.inputs[0]).toMatchObject({ name, version: 1 });
  });

  it.each([
    ['a name that is not there', { inputs: { data: 'none@latest' } }, 'run.unknown_input', 'inputs.data'],
    ['a name without a version', { inputs: { data: 'none' } }, 'run.unknown_input', 'inputs.data'],
    ['no policy', { method: 'dpo' }, 'run.unsuitable_input', 'inputs.data'],
    ['a setting that does not fit', { config: { model: { heads: 5 } } }, 'run.config', 'config.model.heads'],
  ])('refuses %s', async (_what, changes, code, field) => {
    const refused = await api.as('data_lead').post('/runs/outside', outside.wish(changes));
    expect(refused.body, refused.text).toMatchObject({ status: 422, code, field });
  });

  it('is for those who may spend machine time', async () => {
    expect((await api.nobody().post('/runs/outside', outside.wish())).status).toBe(401);
    expect((await api.as('annotator').post('/runs/outside', outside.wish())).status).toBe(403);
  });
});

describe('its token', () => {
  it('fetches the run’s own files, from any byte on, and no others', async () => {
    const { run, token } = await outside.start();
    const path = `/runs/${run.id}/inputs/data/manifest.json`;
    const whole = await outside.as(token).get(path).buffer(true).parse(binary);
    expect(whole.status).toBe(200);
    expect(sha(whole.body as Buffer)).toBe(run.inputs[0]!.digest);
    const rest = await outside.as(token).get(path).set('Range', 'bytes=10-').buffer(true).parse(binary);
    expect(rest.status).toBe(206);
    expect((rest.body as Buffer).equals((whole.body as Buffer).subarray(10))).toBe(true);
    expect((await outside.as(token).get(path).set('Range', 'bytes=99999999-')).status).toBe(416);
    expect((await outside.as(token).get(`/runs/${run.id}/inputs/data/other.json`)).status).toBe(404);
    expect((await outside.as(token).get(`/runs/${run.id}/inputs/policy/manifest.json`)).status).toBe(404);
  });

  it('opens nothing else: 403 on other routes, 404 on other runs, 401 when forged', async () => {
    const { run, token } = await outside.start();
    const other = await outside.start();
    for (const path of ['', '/log', '/metrics', '/samples']) {
      expect((await outside.as(token).get(`/runs/${run.id}${path}`)).status, path).toBe(403);
    }
    for (const path of ['/runs', '/records', `/snapshots/${snapshot}`, '/models']) {
      expect((await outside.as(token).get(path)).status, path).toBe(403);
    }
    expect((await outside.as(token).post(`/runs/${run.id}/cancel`)).status).toBe(403);
    expect((await outside.as(token).post('/runs/outside', outside.wish())).status).toBe(403);
    expect((await outside.as(token).get(`/runs/${other.run.id}/job`)).status).toBe(404);
    expect((await outside.as(token).get(`/runs/${other.run.id}/inputs/data/manifest.json`)).status).toBe(404);
    expect((await outside.as(token).get(`${api.otherProject.path}/runs/${run.id}/job`)).status).toBe(404);
    expect((await outside.as(`${token.slice(0, -3)}abc`).get(`/runs/${run.id}/job`)).status).toBe(401);
  });

  it('is good for nothing once it has run out, and its run has failed then', async () => {
    const { run, token } = await outside.start();
    await api.dataSource.query(`update api_key set expires_at = now() - interval '1 second' where run_id = $1`, [
      run.id,
    ]);
    expect((await outside.as(token).get(`/runs/${run.id}/job`)).status).toBe(401);
    await sweepLostRuns(api.dataSource);
    const seen = await api.as('data_lead').get(`/runs/${run.id}`);
    expect(seen.body).toMatchObject({
      state: 'failed',
      failure: expect.stringMatching(/^run\.token_expired/) as string,
    });
  });

  it('alone fetches inputs: a right to read runs is none to read snapshots', async () => {
    const { run } = await outside.start();
    const key = await api.as('admin').post('/api-keys', { name: 'curves', scopes: ['runs:read'], expiresInDays: 9 });
    const path = `/runs/${run.id}/inputs/data/manifest.json`;
    const refused = await outside.as((key.body as CreatedApiKey).key).get(path);
    expect(refused.body).toMatchObject({ status: 403, code: 'access.denied' });
  });

  it('ends when a person cancels the run; a pause is not theirs to give', async () => {
    const { run, token } = await outside.start();
    expect((await api.as('data_lead').post(`/runs/${run.id}/pause`)).body).toMatchObject({
      code: 'run.outside',
      status: 409,
    });
    expect((await api.as('data_lead').post(`/runs/${run.id}/cancel`)).body).toMatchObject({ state: 'cancelled' });
    expect((await outside.as(token).get(`/runs/${run.id}/job`)).status).toBe(401);
  });

  it('says 410 for an input withdrawn meanwhile, 409 for one that is not what it was', async () => {
    const own = await makeSnapshot(api.dataSource, api.settings.dataDir, api.project.id, 'sft');
    const { run, token } = await outside.start({ inputs: { data: own } });
    const manifest = join(api.settings.dataDir, 'snapshots', own, 'manifest.json');
    const before = await readFile(manifest);
    await writeFile(manifest, '{}');
    const path = `/runs/${run.id}/inputs/data/manifest.json`;
    expect((await outside.as(token).get(path)).body).toMatchObject({ status: 409, code: 'run.input_changed' });
    await writeFile(manifest, before);
    await api.as('data_lead').post(`/snapshots/${own}/withdraw`);
    expect((await outside.as(token).get(path)).body).toMatchObject({ status: 410, code: 'run.input_withdrawn' });
  });
});

describe('what the trainer sends', () => {
  it('arrives in stretches, is checked by its hash, and sent twice changes nothing', async () => {
    const started = await outside.start();
    const text = 'one two three';
    const first = await outside.send(started, 'log.txt', text.slice(0, 5), { sha256: sha(text), bytes: text.length });
    expect(first.body).toEqual({ path: 'log.txt', bytes: 13, received: 5, whole: false });
    const gap = await outside.send(started, 'log.txt', text.slice(9), {
      sha256: sha(text),
      bytes: text.length,
      offset: 9,
    });
    expect(gap.body).toMatchObject({ status: 409, code: 'run.artefact_offset', details: { offset: 5 } });
    const rest = await outside.send(started, 'log.txt', text.slice(5), {
      sha256: sha(text),
      bytes: text.length,
      offset: 5,
    });
    expect(rest.body).toMatchObject({ received: 13, whole: true });
    const again = await outside.send(started, 'log.txt', text);
    expect(again.body).toMatchObject({ received: 13, whole: true });
    const list = await outside.as(started.token).get(`/runs/${started.run.id}/artefacts`);
    expect(list.body).toEqual({ items: [{ path: 'log.txt', bytes: 13, sha256: sha(text), attempt: 1 }] });
    expect(await readFile(join(api.settings.dataDir, 'runs', started.run.id, 'log.txt'), 'utf8')).toBe(text);
  });

  it('stays what it is when a request that was given up trickles in beside its repetition', async () => {
    const started = await outside.start();
    const text = 'one two three';
    await outside.send(started, 'log.txt', text.slice(0, 5), { sha256: sha(text), bytes: text.length });
    const query = { path: 'log.txt', sha256: sha(text), bytes: String(text.length), offset: '5', attempt: '1' };
    const slow = httpRequest({
      port: (api.app.getHttpServer().address() as AddressInfo).port,
      method: 'POST',
      path: `${api.project.path}/runs/${started.run.id}/artefacts?${new URLSearchParams(query).toString()}`,
      headers: { authorization: `Bearer ${started.token}`, 'content-type': 'application/octet-stream' },
    });
    slow.write(text.slice(5, 9));
    await vi.waitFor(async () => {
      const asked = await outside.send(started, 'log.txt', '', { sha256: sha(text), bytes: text.length });
      expect(asked.body).toMatchObject({ received: 9 });
    }, 120_000);
    const rest = await outside.send(started, 'log.txt', text.slice(9), {
      sha256: sha(text),
      bytes: text.length,
      offset: 9,
    });
    expect(rest.body).toMatchObject({ received: 13, whole: true });
    slow.end(text.slice(9));
    await once(slow, 'response');
    expect(await readFile(join(api.settings.dataDir, 'runs', started.run.id, 'log.txt'), 'utf8')).toBe(text);
  });

  it.each([
    ['a hash that is another', { sha256: sha('other') }, 422, 'run.artefact_hash'],
    ['more than announced', { bytes: 2, sha256: sha('lo') }, 422, 'run.artefact_too_long'],
    ['a path out of the folder', { path: '../../secret' }, 422, undefined],
    ['a file that is not the trainer’s', { path: 'request.json' }, 422, undefined],
    ['an attempt that is not known', { attempt: 5 }, 422, 'run.unknown_attempt'],
  ])('is refused: %s', async (_what, changes, status, code) => {
    const refused = await outside.send(await outside.start(), 'log.txt', 'longer', changes);
    expect(refused.status, refused.text).toBe(status);
    if (code) expect(refused.body).toMatchObject({ code });
  });

  it('is refused from an attempt that another has taken over from', async () => {
    const started = await outside.start();
    const second = await outside.as(started.token).post(`/runs/${started.run.id}/attempts`);
    expect((second.body as RunJob).attempt).toBe(2);
    expect((await outside.send(started, 'log.txt', 'late')).body).toMatchObject({
      status: 409,
      code: 'run.attempt_superseded',
    });
    expect((await outside.send(started, 'log.txt', 'now', { attempt: 2 })).status).toBe(200);
  });

  it('is refused for a run of the platform’s own', async () => {
    const made = await api.as('data_lead').post('/runs', { ...outside.wish(), name: 'local' });
    const { id } = made.body as { id: string };
    const refused = await api.as('data_lead').post(`/runs/${id}/attempts`);
    expect(refused.body).toMatchObject({ status: 409, code: 'run.not_outside' });
  });
});

describe('the result', () => {
  it('registers the model with its inputs, ends run and token; the same again is nothing new', async () => {
    const name = `nightly ${uuidv7()}`;
    const started = await outside.start({ name });
    await outside.sendModel(started);
    const handed = await outside.handIn(started);
    expect(handed.status, handed.text).toBe(200);
    expect(handed.body).toMatchObject({ state: 'succeeded', modelName: name });
    const { modelId } = handed.body as { modelId: string };
    const model = await api.as('data_lead').get(`/models/${modelId}`);
    expect(model.body).toMatchObject({
      stage: 'sft',
      rehearsal: true,
      contextTokens: 128,
      inputs: [{ snapshotId: snapshot }],
    });
    const run = await api.as('data_lead').get(`/runs/${started.run.id}`);
    expect(run.body).toMatchObject({ state: 'succeeded', modelId, checkpoints: [{ step: 8 }] });

    const again = await api.as('data_lead').post('/runs/outside', outside.wish({ name }));
    expect(again.body).toMatchObject({ outcome: 'skipped', lastRunId: started.run.id });
    await outside.start({ name, evenIfNothingNew: true });
    await outside.start({ name, seed: 8 });
  });

  it.each([
    ['weights that did not come', {}, 'run.weights_mismatch'],
    ['no checkpoint', { checkpoint: null }, 'run.result_incomplete'],
    ['a checkpoint elsewhere', { checkpoint: '../other' }, 'run.result_incomplete'],
    ['another method', { method: 'reward' as const }, 'run.result_mismatch'],
    ['inputs it was not made with', { inputs: [] }, 'run.inputs_mismatch'],
  ])('is refused, and the run stays open: %s', async (what, changes, code) => {
    const started = await outside.start();
    if (what !== 'weights that did not come') await outside.sendModel(started);
    const refused = await outside.handIn(started, resultOf(started, changes));
    expect(refused.body, refused.text).toMatchObject({ status: 422, code });
    expect((await outside.as(started.token).get(`/runs/${started.run.id}/job`)).body).toMatchObject({
      state: 'running',
    });
  });

  it('of a run that an earlier version made without a setting that came later is taken', async () => {
    const started = await outside.start();
    const { id, config } = started.run;
    await api.dataSource.query(`update run set config = config - 'save' where id = $1`, [id]);
    const text = JSON.stringify({ config, inputs: [], attempts: [] });
    expect((await outside.send(started, 'config.json', text)).status).toBe(200);
    await outside.sendModel(started);
    expect((await outside.handIn(started)).body).toMatchObject({ state: 'succeeded' });
  });

  it('may be a failure, which the run then shows', async () => {
    const started = await outside.start();
    const failed = resultOf(started, { state: 'failed', checkpoint: null, error: 'training.memory: lower batch_size' });
    expect((await outside.handIn(started, failed)).body).toMatchObject({
      state: 'failed',
      modelId: null,
    });
    expect((await api.as('data_lead').get(`/runs/${started.run.id}`)).body).toMatchObject({
      failure: 'training.memory: lower batch_size',
    });
  });
});

it('a model made elsewhere can be fetched by the next run', async () => {
  const first = await outside.start({ name: 'base' });
  await outside.sendModel(first);
  const { body } = await outside.handIn(first);
  const pairs = await makeSnapshot(api.dataSource, api.settings.dataDir, api.project.id, 'preference');
  const { run, token } = await outside.start({
    method: 'dpo',
    config: {},
    inputs: { data: pairs, policy: 'base@latest' },
  });
  expect(run.inputs.map(({ role }) => role)).toEqual(['data', 'policy']);
  expect(run.inputs[1]!.files.map(({ path }) => path)).toEqual(['config.json', 'model.safetensors']);
  const file = await outside
    .as(token)
    .get(`/runs/${run.id}/inputs/policy/model.safetensors`)
    .buffer(true)
    .parse(binary);
  expect((file.body as Buffer).toString()).toBe('weights');
  await rm(join(api.settings.dataDir, 'runs', first.run.id, 'checkpoints'), { recursive: true });
  await mkdir(join(api.settings.dataDir, 'runs', first.run.id, 'checkpoints', 'step-8'), { recursive: true });
  const gone = await outside.as(token).get(`/runs/${run.id}/inputs/policy/model.safetensors`);
  expect(gone.body).toMatchObject({ status: 409, code: 'run.input_changed' });
  expect(body).toMatchObject({ modelName: 'base' });
});

it('a model withdrawn takes with it what was trained from it, and no run starts from them any more', async () => {
  const base = await outside.start({ name: 'old base' });
  await outside.sendModel(base);
  const made = await outside.handIn(base);
  const { modelId } = made.body as { modelId: string };
  const child = await outside.start({ name: 'its child', inputs: { data: snapshot, policy: 'old base' } });
  await outside.sendModel(child);
  const grown = await outside.handIn(child);
  expect(grown.body, grown.text).toMatchObject({ modelName: 'its child' });
  const open = await outside.start({ name: 'open', inputs: { data: snapshot, policy: 'its child@latest' } });

  expect((await api.as('annotator').post(`/models/${modelId}/withdraw`)).status).toBe(403);
  const gone = await api.as('data_lead').post(`/models/${modelId}/withdraw`);
  expect(gone.body, gone.text).toMatchObject({ state: 'withdrawn' });
  const heir = await api.as('data_lead').get(`/models/${(grown.body as { modelId: string }).modelId}`);
  expect(heir.body).toMatchObject({ state: 'withdrawn' });
  expect((await api.as('data_lead').post(`/models/${modelId}/withdraw`)).body).toMatchObject({ status: 409 });
  const path = `/runs/${open.run.id}/inputs/policy/model.safetensors`;
  expect((await outside.as(open.token).get(path)).body).toMatchObject({ status: 410, code: 'run.input_withdrawn' });
  await outside.sendModel(open);
  const late = await outside.handIn(open);
  const { modelId: lateId } = late.body as { modelId: string };
  expect((await api.as('data_lead').get(`/models/${lateId}`)).body, late.text).toMatchObject({ state: 'withdrawn' });
  const providers = await api.dataSource.query<unknown[]>('select from provider where model_id = $1', [lateId]);
  expect(providers).toEqual([]);
  const refused = await api
    .as('data_lead')
    .post('/runs/outside', outside.wish({ inputs: { data: snapshot, policy: 'old base' } }));
  expect(refused.body).toMatchObject({ status: 409, code: 'run.input_withdrawn' });
});

function binary(response: Response, done: (error: Error | null, body: unknown) => void): void {
  const chunks: Buffer[] = [];
  const stream = response as unknown as NodeJS.ReadableStream;
  stream.on('data', (chunk: Buffer) => chunks.push(chunk)).on('end', () => done(null, Buffer.concat(chunks)));
}
