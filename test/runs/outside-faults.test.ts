import { execFileSync } from 'node:child_process';
import { open, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Test } from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { HandedIn, StartOutsideRun } from '@qingnang/contracts';
import { uuidv7 } from '@qingnang/kernel';
import { removeAbandonedParts } from '@qingnang/runs';
import { startApi, type TestApi } from '../support/api.js';
import { OutsideTrainer, resultOf, sha, type Started } from '../support/outside-runs.js';
import { makeSnapshot, tinyRunConfig } from '../support/runs.js';
import { untilWaiting } from '../support/waiting.js';

let api: TestApi;
let snapshot: string;
let outside: OutsideTrainer;

beforeAll(async () => {
  api = await startApi({ settings: { QINGNANG_RUN_UPLOAD_LIMIT_BYTES: '2000' } });
  await api.app.listen(0, '127.0.0.1');
  snapshot = await makeSnapshot(api.dataSource, api.settings.dataDir, api.project.id, 'sft');
  outside = new OutsideTrainer(api, snapshot);
});
afterAll(() => api?.close());

const ask = (key: string, wish: object, who: 'data_lead' | 'admin' = 'data_lead'): Test =>
  api.as(who).post('/runs/outside', wish).set('Idempotency-Key', key);
const folderOf = ({ run }: Started): string => join(api.settings.dataDir, 'runs', run.id);

describe('a request for a run, sent again with its key because the answer was lost', () => {
  it('is answered with the same run, whose tokens all do; with another body it is refused', async () => {
    const [key, wish] = [uuidv7(), outside.wish()];
    const first = (await ask(key, wish).expect(201)).body as Started;
    const again = (await ask(key, wish).expect(201)).body as Started;
    expect(again).toEqual({ ...first, token: expect.not.stringContaining(first.token) as string });
    for (const { token } of [first, again]) await outside.as(token).get(`/runs/${first.run.id}/job`).expect(200);
    const other = await ask(key, { ...wish, seed: 9 });
    expect(other.body).toMatchObject({ status: 422, code: 'idempotency.other_body' });
    await outside.sendModel(again);
    await outside.handIn(again).expect(200);
    expect((await ask(key, wish)).body).toMatchObject({ status: 409, code: 'run.ended' });
  });

  it('at the same moment makes one run', async () => {
    const wish: Partial<StartOutsideRun> = outside.wish({ name: 'at once' }) as object;
    const answers = await Promise.all([1, 2, 3].map(() => ask('at-once', wish)));
    expect(new Set(answers.map(({ body }) => (body as Started).run.id)).size).toBe(1);
    const runs = await api.dataSource.query<unknown[]>(`select from run where name = 'at once'`);
    expect(runs).toHaveLength(1);
  });

  it('a day later still is, for as long as the token is good; for another person it is another', async () => {
    const [key, wish] = [uuidv7(), outside.wish({ evenIfNothingNew: true })];
    const first = (await ask(key, wish).expect(201)).body as Started;
    const age = (interval: string) =>
      api.dataSource.query(
        `update idempotency_key set created_at = created_at - $2::interval, expires_at = expires_at - $2::interval
         where key = $1`,
        [key, interval],
      );
    await age('71 hours');
    expect(((await ask(key, wish)).body as Started).run.id).toBe(first.run.id);
    expect(((await ask(key, wish, 'admin')).body as Started).run.id).not.toBe(first.run.id);
  });
});

describe('files on their way', () => {
  const part = (started: Started, path: string, bytes: number) =>
    outside.send(started, path, 'begun', { bytes, sha256: sha(path) });

  it('count with what they will have, and no more is taken than a run may send', async () => {
    const started = await outside.start();
    await outside.send(started, 'log.txt', 'x'.repeat(900)).expect(200);
    await part(started, 'checkpoints/step-1/model.safetensors', 1000).expect(200);
    const refused = await part(started, 'metrics.jsonl', 101);
    expect(refused.body, refused.text).toMatchObject({
      status: 413,
      code: 'run.upload_limit',
      details: { used: 1900, bytes: 101, limit: 2000 },
      detail: expect.stringContaining('QINGNANG_RUN_UPLOAD_LIMIT_BYTES') as string,
    });
    await part(started, 'metrics.jsonl', 100).expect(200);
    // Another content of the same path takes the room of the one before it.
    await outside.send(started, 'metrics.jsonl', 'y'.repeat(100)).expect(200);
    expect((await part(started, 'samples.jsonl', 1)).status).toBe(413);
    expect(await readdir(join(folderOf(started), 'parts'))).toHaveLength(1);
  });

  it('do not take the name of the folder that others lie in', async () => {
    const started = await outside.start();
    const refused = await outside.send(started, 'model/adapter', '{}');
    expect(refused.body).toMatchObject({ status: 422, code: 'input.invalid' });
    await outside.send(started, 'model/adapter/adapter_config.json', '{}').expect(200);
  });

  it('are no longer than announced, also where more was announced before', async () => {
    const started = await outside.start();
    const known = { sha256: sha('five!') };
    await outside.send(started, 'log.txt', 'five!', { ...known, bytes: 1000 }).expect(200);
    const less = await outside.send(started, 'log.txt', '', { ...known, bytes: 1 }).set('Content-Length', '0');
    expect(less.body, less.text).toMatchObject({ status: 422, code: 'run.artefact_hash' });
    expect((await outside.send(started, 'log.txt', 'five!').expect(200)).body).toMatchObject({ whole: true });
  });

  it('are removed when the run has ended or nobody has added to them for a week, and not before', async () => {
    const [ended, silent, busy] = [await outside.start(), await outside.start(), await outside.start()];
    for (const each of [ended, silent, busy]) await part(each, 'log.txt', 1000).expect(200);
    await api.as('data_lead').post(`/runs/${ended.run.id}/cancel`).expect(200);
    await api.dataSource.query(`update run_artefact set created_at = now() - interval '8 days' where run_id = $1`, [
      silent.run.id,
    ]);
    while ((await removeAbandonedParts(api.dataSource, api.settings.dataDir)) > 0);
    const left = (each: Started) => readdir(join(folderOf(each), 'parts')).catch((): string[] => []);
    expect([await left(ended), await left(silent)]).toEqual([[], []]);
    expect(await left(busy)).toHaveLength(1);
    // The trainer that was silent begins that file anew.
    const on = await outside.send(silent, 'log.txt', 'rest', { sha256: sha('log.txt'), bytes: 1000, offset: 5 });
    expect(on.body).toMatchObject({ status: 409, code: 'run.artefact_offset', details: { offset: 0 } });
  });
});

describe('a result', () => {
  it('sent again is answered as the first time; another is refused, and the token opens nothing more', async () => {
    const started = await outside.start();
    await outside.sendModel(started);
    const first = await outside.handIn(started).expect(200);
    expect((await outside.handIn(started).expect(200)).body).toEqual(first.body);
    const other = await outside.handIn(started, resultOf(started, { steps: 9 }));
    expect(other.body).toMatchObject({ status: 409, code: 'run.other_result' });
    const { run, token } = started;
    const point = { attempt: 1, step: 1, key: 'train/loss', value: 1, time: '2026-01-01T00:00:00.000Z' };
    const refused = [
      await outside.as(token).post(`/runs/${run.id}/metrics`, { points: [point] }),
      await outside.as(token).post(`/runs/${run.id}/attempts`),
      await outside.as(token).get(`/runs/${run.id}/job`),
      await outside.as(token).get(`/runs/${run.id}/artefacts`),
      await outside.as(token).get(`/runs/${run.id}/inputs/data/manifest.json`),
      await outside.send(started, 'log.txt', 'late'),
    ];
    expect(refused.map(({ body }) => (body as { code: string }).code)).toEqual(refused.map(() => 'run.ended'));
    const [key] = await api.dataSource.query<{ left: number }[]>(
      'select extract(epoch from expires_at - now())::float8 as left from api_key where run_id = $1',
      [run.id],
    );
    expect(key!.left).toBeLessThanOrEqual(86_400);
  });

  it('that is a failure may be sent again too', async () => {
    const started = await outside.start();
    const failed = resultOf(started, { state: 'failed', checkpoint: null, weights_hash: null, error: 'out of memory' });
    const send = () => outside.as(started.token).post(`/runs/${started.run.id}/result`, failed);
    const first = await send().expect(200);
    expect((await send().expect(200)).body).toEqual(first.body);
  });

  it('of more steps than can be counted is refused, and does not keep the project from its runs', async () => {
    const started = await outside.start();
    const refused = await outside.handIn(started, resultOf(started, { state: 'failed', steps: 2 ** 31 }));
    expect(refused.body).toMatchObject({ status: 422, code: 'input.invalid' });
    const config = { ...tinyRunConfig, steps: 2 ** 31 };
    expect((await api.as('data_lead').post('/runs/outside', outside.wish({ config }))).status).toBe(422);
    await api.as('data_lead').get('/runs').expect(200);
  });

  it('sent twice at the same moment registers one model', async () => {
    const started = await outside.start();
    await outside.sendModel(started);
    const answers = await Promise.all([outside.handIn(started), outside.handIn(started)]);
    const models = answers.map(({ body }) => (body as HandedIn).modelId);
    expect(models[0]).toBeTruthy();
    expect(models[1]).toBe(models[0]);
  });

  it('keeps nobody else waiting while its weights are hashed', async () => {
    const started = await outside.start();
    await outside.sendModel(started);
    const weights = join(folderOf(started), 'checkpoints', 'step-8', 'model.safetensors');
    await rm(weights);
    execFileSync('mkfifo', [weights]);
    const answer = outside.handIn(started).then((reply) => reply);
    // A pipe opens for writing once somebody reads it: the hashing has begun.
    const pipe = await open(weights, 'w');
    await api.dataSource.query('select from run where id = $1 for update nowait', [started.run.id]);
    await rm(weights);
    await writeFile(weights, 'weights');
    await pipe.close();
    expect((await answer).status).toBe(200);
  });
});

describe('a model that is being withdrawn', () => {
  async function makeModel(name: string): Promise<string> {
    const started = await outside.start({ name });
    await outside.sendModel(started);
    return ((await outside.handIn(started).expect(200)).body as HandedIn).modelId!;
  }
  /** Does something in a transaction, ended only once somebody waits for it. */
  async function whileHeld<T>(sql: string, params: unknown[], meanwhile: () => Promise<T>): Promise<T> {
    const runner = api.dataSource.createQueryRunner();
    await runner.startTransaction();
    await runner.query(sql, params);
    const waiting = meanwhile();
    await untilWaiting(api.dataSource);
    await runner.commitTransaction();
    await runner.release();
    return waiting;
  }

  it('starts no run any more', async () => {
    const model = await makeModel('leaving');
    const wish = outside.wish({ inputs: { data: snapshot, policy: 'leaving' } });
    const refused = await whileHeld(`update model set state = 'withdrawn' where id = $1`, [model], () =>
      api
        .as('data_lead')
        .post('/runs/outside', wish)
        .then((reply) => reply),
    );
    expect(refused.body).toMatchObject({ status: 409, code: 'run.input_withdrawn' });
  });

  it('takes with it a child that is registered at this moment', async () => {
    const parent = await makeModel('parent');
    const { run } = await outside.start({ inputs: { data: snapshot, policy: 'parent' } });
    const child = uuidv7();
    await whileHeld(
      `with held as (select from model where id = $1 for share)
       insert into model (id, project_id, name, stage, run_id, weights_hash, folder, context_tokens)
       select $2, $3, 'child', 'sft', $4, 'hash', 'runs/child', 128 from held`,
      [parent, child, api.project.id, run.id],
      () =>
        api
          .as('data_lead')
          .post(`/models/${parent}/withdraw`)
          .then((reply) => reply),
    );
    expect((await api.as('data_lead').get(`/models/${child}`)).body).toMatchObject({ state: 'withdrawn' });
  });
});
