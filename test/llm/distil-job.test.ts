import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ensureLlmDefaults, LlmJobRunner } from '@qingnang/llm';
import { startRehearsalServer, type RehearsalServer } from '../../apps/rehearsal/src/server.js';
import type { LlmItemView, LlmJobDetail, ProviderView, RecordDetail, Turn } from '@qingnang/contracts';
import { runJobsUntilEmpty } from '@qingnang/queue';
import { LlmJobRunHandler } from '../../apps/worker/src/llm/llm-job-run.handler.js';
import { startApi, type TestApi } from '../support/api.js';

let api: TestApi;
let house: RehearsalServer;
let outside: RehearsalServer;
/** The built-in rehearsal model, and another server of the kind that a person entered. */
let providers: { own: string; other: string };

beforeAll(async () => {
  api = await startApi();
  house = await startRehearsalServer({ port: 0, host: '127.0.0.1', seed: 3 });
  outside = await startRehearsalServer({ port: 0, host: '127.0.0.1', seed: 4 });
  await api.dataSource.transaction((tx) => ensureLlmDefaults(tx, api.project.id));
  await api.dataSource.query(`update provider set base_url = $1 where kind = 'rehearsal'`, [
    `http://127.0.0.1:${house.port}/v1`,
  ]);
  const made = await api
    .as('installation')
    .post('/providers', {
      name: 'Second',
      baseUrl: `http://127.0.0.1:${outside.port}/v1`,
      models: [{ name: 'rehearsal-doctor', input_price: 1, output_price: 2 }],
    })
    .expect(201);
  await api.dataSource.query('update provider set inside_address = true where id = $1', [
    (made.body as ProviderView).id,
  ]);
  const { body } = await api.as('data_lead').get('/providers').expect(200);
  const own = (body as { items: ProviderView[] }).items.find(({ kind }) => kind === 'rehearsal')!.id;
  providers = { own, other: (made.body as ProviderView).id };
});
afterAll(async () => {
  await house.close();
  await outside.close();
  await api.close();
});

const triplets = () => ({
  purpose: 'distil',
  name: '指令试行',
  settings: { kind: 'triplets', count: 20 },
  roles: [
    { role: 'instruct', providerId: providers.own, model: 'rehearsal-instruct' },
    { role: 'answer', providerId: providers.own, model: 'rehearsal-doctor' },
  ],
});
const dialogues = () => ({
  purpose: 'distil',
  name: '对话试行',
  settings: { kind: 'dialogues', count: 20, rounds: 3 },
  roles: [
    { role: 'patient', providerId: providers.own, model: 'rehearsal-patient' },
    { role: 'doctor', providerId: providers.other, model: 'rehearsal-doctor' },
  ],
});

async function distil(body: object): Promise<LlmJobDetail> {
  const lead = api.as('data_lead');
  const { id } = (await lead.post('/llm-jobs', body).expect(201)).body as LlmJobDetail;
  await lead.post(`/llm-jobs/${id}/start`).expect(202);
  await runJobsUntilEmpty(api.url, [new LlmJobRunHandler(api.app.get(LlmJobRunner, { strict: false }))]);
  return (await lead.get(`/llm-jobs/${id}`).expect(200)).body as LlmJobDetail;
}

interface Made {
  id: string;
  synthetic: boolean;
  rehearsal: boolean;
  kind: string;
  model: string;
  turns: Turn[];
  source: string;
  made_by_id: string;
}
const recordsOf = (dataSet: string): Promise<Made[]> =>
  api.dataSource.query(
    `select r.id, r.synthetic, v.rehearsal, v.kind, v.model, v.turns, s.name as source, v.made_by_id
     from record r join version v on v.id = r.import_version_id join source_set w on w.id = r.source_set_id
       join source s on s.id = w.source_id
     where r.project_id = $1 and r.data_set = $2 order by r.id`,
    [api.project.id, dataSet],
  );
/** The calls that a record's turns name: role, model and prompt of each, in order. */
const callsOf = ({ turns, made_by_id: maker }: Made) =>
  api.dataSource.query<{ role: string; model: string; key: string; job: string }[]>(
    `select i.role, c.model, t.key, c.job_id as job from unnest($1::uuid[]) with ordinality x (id, n)
       join llm_call c on c.id = x.id join llm_item i on i.id = c.item_id
       join prompt_version p on p.id = c.prompt_version_id join prompt_template t on t.id = p.template_id order by x.n`,
    [turns.map((turn) => turn.made_by?.id ?? maker)],
  );

describe('a triplet job', () => {
  it('lets one model set tasks and another answer them, and stores each with where it came from', async () => {
    const job = await distil(triplets());
    expect(job).toMatchObject({ state: 'done', counts: { failed: 0 }, results: [{ type: 'record', count: 20 }] });
    expect(job.stages.map(({ role, stored }) => [role, stored])).toEqual([
      ['instruct', expect.any(Number)],
      ['answer', 20],
    ]);
    expect(job.roles.map(({ role, model }) => [role, model])).toEqual([
      ['answer', 'rehearsal-doctor'],
      ['instruct', 'rehearsal-instruct'],
    ]);
    const records = await recordsOf('distilled_instruction');
    expect(records).toHaveLength(20);
    expect(new Set(records.map(({ turns }) => turns[0]!.text)).size).toBe(20);
    for (const record of records) {
      expect(record).toMatchObject({ synthetic: true, rehearsal: true, kind: 'distil' });
      expect(record.turns.map(({ role, rehearsal }) => [role, rehearsal])).toEqual([
        ['patient', true],
        ['doctor', true],
      ]);
      expect(await callsOf(record)).toEqual([
        { role: 'instruct', model: 'rehearsal-instruct', key: 'distil_instruct', job: job.id },
        { role: 'answer', model: 'rehearsal-doctor', key: 'distil_answer', job: job.id },
      ]);
    }
    const { body } = await api.as('data_lead').get(`/records/${records[0]!.id}`).expect(200);
    expect((body as RecordDetail).dataSet).toBe('distilled_instruction');
    const items = await api.as('data_lead').get(`/llm-jobs/${job.id}/items?perPage=100`).expect(200);
    expect((items.body as { items: LlmItemView[] }).items.filter(({ role }) => role === 'answer')).toHaveLength(20);
  });
});

describe('a job of two models', () => {
  it('lets a patient and a doctor of two providers talk over one background, of which the patient knows no diagnosis', async () => {
    const job = await distil(dialogues());
    expect(job).toMatchObject({ state: 'done', counts: { failed: 0 }, results: [{ type: 'record', count: 20 }] });
    expect(job.cost).toBeGreaterThan(0);
    const records = await recordsOf('distilled_conversation');
    expect(records).toHaveLength(20);
    for (const record of records) {
      const { turns, rehearsal, model } = record;
      expect(rehearsal).toBe(true);
      expect(model).toBe('rehearsal-patient + rehearsal-doctor');
      expect(turns.length).toBeGreaterThanOrEqual(4);
      expect(turns.map(({ role }) => role)).toEqual(turns.map((_turn, n) => (n % 2 === 0 ? 'patient' : 'doctor')));
      const calls = await callsOf(record);
      expect(calls.map(({ role }) => role)).toEqual(turns.map(({ role }) => role));
      expect(new Set(calls.map(({ key }) => key))).toEqual(new Set(['distil_patient', 'distil_doctor']));
    }
    const leaks = await api.dataSource.query<unknown[]>(
      `select from llm_call c join llm_item i on i.id = c.item_id join llm_payload p on p.call_id = c.id
       where c.job_id = $1 and i.role = 'patient' and p.request::text like '%diagnosis%'`,
      [job.id],
    );
    expect(leaks).toEqual([]);
    const [asked] = await api.dataSource.query<{ providers: number }[]>(
      'select count(distinct provider_id)::int as providers from llm_call where job_id = $1',
      [job.id],
    );
    expect(asked!.providers).toBe(2);
  });
});

describe('who may, and what cannot be asked', () => {
  it('is refused with its reason', async () => {
    await api.nobody().post('/llm-jobs', triplets()).expect(401);
    await api.as('annotator').post('/llm-jobs', triplets()).expect(403);
    await api.as('stranger').post('/llm-jobs', triplets()).expect(404);
    const lead = api.as('data_lead');
    await lead.post('/llm-jobs', { ...triplets(), roles: dialogues().roles }).expect(422);
    await lead.post('/llm-jobs', { ...triplets(), settings: { kind: 'triplets', count: 0 } }).expect(422);
    const wrong = { ...dialogues(), settings: { kind: 'dialogues', count: 5, department: '占星科' } };
    expect((await lead.post('/llm-jobs', wrong).expect(422)).body).toMatchObject({ code: 'distil.unknown_department' });
    const many = { ...dialogues(), settings: { kind: 'dialogues', count: 5_000, department: '骨科' } };
    expect((await lead.post('/llm-jobs', many).expect(422)).body).toMatchObject({ code: 'distil.too_many' });
    await api.dataSource.query(`update provider set currency = 'USD' where id = $1`, [providers.other]);
    expect((await lead.post('/llm-jobs', dialogues()).expect(422)).body).toMatchObject({
      code: 'llm_job.currencies_differ',
    });
    const estimate = await lead.post('/llm-jobs/estimate', triplets()).expect(200);
    expect(estimate.body).toMatchObject({ subjects: 20, calls: 22, cost: 0 });
  });
});
