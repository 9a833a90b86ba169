import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { issueApiKey } from '@qingnang/identity';
import { uuidv7 } from '@qingnang/kernel';
import { startApi, type TestApi } from '../support/api.js';
import { makeSnapshot, sftRun } from '../support/runs.js';

let api: TestApi;
let sft: string;
let run: string;

beforeAll(async () => {
  api = await startApi();
  sft = await makeSnapshot(api.dataSource, api.settings.dataDir, api.project.id, 'sft');
  const made = await api.as('data_lead').post('/runs', sftRun(sft));
  expect(made.status, made.text).toBe(202);
  run = (made.body as { id: string }).id;
});
afterAll(() => api?.close());

const tokenOf = async (runId: string): Promise<{ id: string; login: string; token: string }> => {
  const { key, id } = await issueApiKey(api.dataSource, {
    projectId: api.project.id,
    name: 'run token',
    scopes: ['runs:update'],
    runId,
    createdBy: null,
    expiresAt: null,
  });
  return { id, login: 'run token', token: key };
};
const batch = (attempt = 1) => ({
  points: [{ attempt, step: 1, key: 'train/loss', value: 2, time: '2026-01-01T00:00:00.000Z' }],
});

describe('starting a run', () => {
  it('answers at once with the whole configuration and inputs by digest', async () => {
    const read = await api.as('data_lead').get(`/runs/${run}`);
    expect(read.body).toMatchObject({
      state: 'queued',
      config: { preset: 'demo-cpu', steps: 40, sft: { accumulation: 1 } },
      inputs: [{ role: 'data', snapshotId: sft, digest: expect.stringMatching(/^[0-9a-f]{64}$/) as string }],
    });
    const [job] = await api.dataSource.query('select task_identifier from graphile_worker.jobs where key = $1', [
      `run.launch:${run}`,
    ]);
    expect(job).toEqual({ task_identifier: 'run.launch' });
  });

  it('shows the preset behind a form', async () => {
    const preset = await api.as('data_lead').get('/runs/preset?method=ppo');
    expect(preset.body).toMatchObject({ method: 'ppo', ppo: { kl_estimator: 'k1' } });
  });

  it.each([
    ['an unknown setting', { config: { speed: 9 } }, 'validation', 'config'],
    ['a setting that does not fit', { config: { model: { heads: 5 } } }, 'run.config', 'config.model.heads'],
    ['an adapter of no model', { config: { lora: {} } }, 'run.config', 'config.lora'],
    ['a section of another method', { config: { ppo: { epochs: 2 } } }, 'run.config', undefined],
    ['an unknown snapshot', { inputs: { data: uuidv7() } }, 'run.unsuitable_input', 'inputs.data'],
    ['no policy', { method: 'reward' }, 'run.unsuitable_input', 'inputs.data'],
  ])('refuses %s and says where', async (_what, change, code, field) => {
    const refused = await api.as('data_lead').post('/runs', { ...sftRun(sft), ...change });
    expect(refused.status, refused.text).toBe(422);
    if (code !== 'validation') expect(refused.body).toMatchObject({ code });
    if (field !== undefined) expect(JSON.stringify(refused.body)).toContain(field.split('.').at(-1));
  });

  it('is for those who may spend machine time', async () => {
    expect((await api.nobody().post('/runs', sftRun(sft))).status).toBe(401);
    for (const who of ['annotator', 'doctor', 'reviewer'] as const) {
      expect((await api.as(who).post('/runs', sftRun(sft))).status).toBe(403);
    }
    expect((await api.as('stranger').post('/runs', sftRun(sft))).status).toBe(404);
    expect((await api.as('data_lead').get(`/runs/${uuidv7()}`)).status).toBe(404);
    const foreign = await api.as('stranger').post(`${api.otherProject.path}/runs`, sftRun(sft));
    expect(foreign.body).toMatchObject({ status: 422, code: 'run.unsuitable_input' });
  });
});

describe('a run’s own token', () => {
  it('reports to its run; sent twice, nothing changes', async () => {
    await api.dataSource.query('insert into run_attempt (id, project_id, run_id, n) values ($1, $2, $3, 1)', [
      uuidv7(),
      api.project.id,
      run,
    ]);
    const trainer = api.as(await tokenOf(run));
    const first = await trainer.post(`/runs/${run}/metrics`, batch());
    expect(first.status, first.text).toBe(200);
    expect(first.body).toEqual({ received: 1, stored: 1 });
    expect((await trainer.post(`/runs/${run}/metrics`, batch())).body).toEqual({ received: 1, stored: 0 });
    const read = await api.as('data_lead').get(`/runs/${run}/metrics?keys=train/loss`);
    expect(read.body).toEqual({ keys: ['train/loss'], series: [{ key: 'train/loss', points: [[1, 2]] }] });
  });

  it('says nothing for another run, and does nothing else', async () => {
    const other = await api.as('data_lead').post('/runs', sftRun(sft));
    const otherId = (other.body as { id: string }).id;
    const trainer = api.as(await tokenOf(run));
    expect([403, 404]).toContain((await trainer.post(`/runs/${otherId}/metrics`, batch())).status);
    expect((await trainer.get(`/runs/${run}`)).status).toBe(403);
    expect((await trainer.post(`/runs/${run}/cancel`)).status).toBe(403);
    expect((await trainer.get('/records')).status).toBe(403);
  });

  it('is held to batches of a thousand points of known attempts', async () => {
    const trainer = api.as(await tokenOf(run));
    const many = Array.from({ length: 1001 }, (_, step) => ({ ...batch().points[0]!, step }));
    expect((await trainer.post(`/runs/${run}/metrics`, { points: many })).status).toBe(422);
    expect((await trainer.post(`/runs/${run}/metrics`, { points: [] })).status).toBe(422);
    expect((await trainer.post(`/runs/${run}/metrics`, batch(7))).body).toMatchObject({ code: 'run.unknown_attempt' });
  });
});

describe('a run that waits', () => {
  it('rests, goes on and ends as asked; what cannot be is a conflict', async () => {
    const lead = api.as('data_lead');
    expect((await lead.post(`/runs/${run}/pause`)).body).toMatchObject({ state: 'paused' });
    expect((await lead.post(`/runs/${run}/pause`)).status).toBe(409);
    expect((await lead.post(`/runs/${run}/resume`)).body).toMatchObject({ state: 'queued' });
    expect((await lead.post(`/runs/${run}/cancel`)).body).toMatchObject({ state: 'cancelled' });
    expect((await lead.post(`/runs/${run}/resume`)).body).toMatchObject({ code: 'run.wrong_state', status: 409 });
  });

  it('stands in the list, with an empty log and no samples yet', async () => {
    const list = await api.as('data_lead').get('/runs?method=sft&state=cancelled');
    expect((list.body as { items: { id: string }[] }).items.map(({ id }) => id)).toContain(run);
    expect((await api.as('data_lead').get(`/runs/${run}/log`)).body).toEqual({ lines: [] });
    expect((await api.as('data_lead').get(`/runs/${run}/samples`)).body).toEqual({ items: [], rehearsal: true });
    expect((await api.as('data_lead').get('/models')).body).toMatchObject({ items: [], total: 0 });
  });
});
