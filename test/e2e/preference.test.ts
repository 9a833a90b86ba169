import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ensureLlmDefaults } from '@qingnang/llm';
import type { HeldSlot } from '@qingnang/contracts';
import { startApi, type TestApi } from '../support/api.js';
import { importDialogues, makeSource } from '../support/corpus.js';
import { addAiJudgement, addCandidates } from '../support/preference.js';

let api: TestApi;
let promptIds: string[];

beforeAll(async () => {
  api = await startApi();
  const source = await makeSource(api.dataSource, api.project.id);
  const dialogues = Array.from({ length: 6 }, (_, i) => [`胃痛${i + 1}天怎么办？`, `清淡饮食，${i + 2}天后复诊。`]);
  await importDialogues(api.dataSource, source, dialogues);
});
afterAll(() => api?.close());

const lead = () => api.as('data_lead');
const doctor = () => api.as('doctor');
const newSet = async (kind: string, changes: object = {}): Promise<string> => {
  const made = await lead()
    .post('/task-sets', { name: kind, kind, roles: ['doctor'], ...changes })
    .expect(201);
  return (made.body as { id: string }).id;
};
const claim = async (taskSetId: string): Promise<HeldSlot> =>
  ((await doctor().post('/work/claim', { taskSetId }).expect(200)).body as { slot: HeldSlot }).slot;

describe('prompts', () => {
  it('are made of records by the data lead, once', async () => {
    const made = await lead().post('/prompts', { originalReplies: true }).expect(201);
    expect(made.body).toEqual({ made: 6, references: 6 });
    expect((await lead().post('/prompts', {}).expect(201)).body).toEqual({ made: 0, references: 0 });
    const list = await lead().get('/prompts?perPage=4&hasReference=true').expect(200);
    expect(list.body).toMatchObject({ total: 6, items: [{ references: 1, candidates: 0, turnCount: 1 }, {}, {}, {}] });
    promptIds = (list.body as { items: { id: string }[] }).items.map((item) => item.id);
    expect((await lead().get('/prompts?multiTurn=true')).body).toMatchObject({ total: 0 });
  });

  it('open with everything that was said about them', async () => {
    const ids = await addCandidates(api.dataSource, api.project.id, promptIds[0]!, ['甲', '乙', '丙']);
    await addAiJudgement(api.dataSource, api.project.id, promptIds[0]!, ids, [9, 6, 3]);
    const { body } = await lead().get(`/prompts/${promptIds[0]}`).expect(200);
    expect(body).toMatchObject({
      turns: [{ role: 'patient' }],
      references: [{ kind: 'answer', doctor: null }],
      candidates: [{}, {}, {}],
      judgements: [{ origin: 'ai', items: [{ rank: 1 }, { rank: 2 }, { rank: 3 }] }],
      pairs: [{}, {}, {}],
      rubrics: [{ key: 'reward', number: 1 }],
    });
    const question = (body as { turns: { text: string }[] }).turns.at(-1)!.text;
    const rows = (await lead().get(`/candidates?promptId=${promptIds[0]}`)).body as { items: object[] };
    expect(rows).toMatchObject({ total: 3 });
    expect(rows.items).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ text: '甲', question, judged: { total: 9, rank: 1, of: 3 } }),
        expect.objectContaining({ text: '丙', question, judged: { total: 3, rank: 3, of: 3 } }),
      ]),
    );
    expect((await lead().get(`/judgements?promptId=${promptIds[0]}&origin=ai`)).body).toMatchObject({
      total: 1,
      items: [{ question, winners: ['甲'] }],
    });
    await addCandidates(api.dataSource, api.project.id, promptIds[1]!, ['丁']);
    expect((await lead().get(`/candidates?promptId=${promptIds[1]}`)).body).toMatchObject({
      items: [{ judged: null }],
    });
    expect((await lead().get('/references?kind=answer')).body).toMatchObject({ total: 6 });
    expect((await lead().get('/judgements/calibration').expect(200)).body).toMatchObject({ judgements: 0 });
  });

  it('are for those who manage and review, in their own project', async () => {
    for (const path of ['/prompts', '/references', '/candidates', '/judgements', '/judgements/rubrics']) {
      await api.nobody().get(path).expect(401);
      await api
        .as('stranger')
        .get(path)
        .expect((answer) => expect([403, 404]).toContain(answer.status));
      await doctor().get(path).expect(403);
      await api.as('reviewer').get(path).expect(200);
    }
    await api.as('reviewer').post('/prompts', {}).expect(403);
    await lead().get('/prompts/0198c2a0-0000-7000-8000-000000000000').expect(404);
    await lead().get('/prompts?multiTurn=perhaps').expect(422);
    await lead().post('/prompts', { turns: 'some' }).expect(422);
  });
});

describe('jobs', () => {
  it('are written down with an estimate, and wait for their start', async () => {
    await api.dataSource.transaction((tx) => ensureLlmDefaults(tx, api.project.id));
    const [provider] = await api.dataSource.query<{ id: string }[]>('select id from provider');
    const job = { name: '候选', providerId: provider!.id, model: 'rehearsal-doctor' };
    const made = await lead()
      .post('/candidates/jobs', { ...job, settings: { k: 3 } })
      .expect(201);
    expect(made.body).toMatchObject({ state: 'estimated' });
    const detail = await lead().get(`/llm-jobs/${(made.body as { id: string }).id}`);
    expect(detail.body).toMatchObject({ purpose: 'candidate', estimate: { subjects: 6, calls: 18 } });
    const judge = { ...job, name: '标注', model: 'rehearsal-judge' };
    const judged = await lead()
      .post('/judgements/jobs', { ...judge, settings: { skipJudged: false } })
      .expect(201);
    const judgeJob = await lead().get(`/llm-jobs/${(judged.body as { id: string }).id}`);
    expect(judgeJob.body).toMatchObject({ purpose: 'judge', estimate: { calls: 2 } });
    await lead()
      .post('/candidates/jobs', { ...job, settings: { k: 99 } })
      .expect(422);
    await lead()
      .post('/candidates/jobs', { ...job, model: 'no-such-model' })
      .expect(422);
    await doctor().post('/judgements/jobs', judge).expect(403);
  });
});

describe('a doctor’s sitting', () => {
  it('goes from the queue to a reference, saving what is typed', async () => {
    const slot = await claim(await newSet('reference', { limit: 3 }));
    const task = await doctor().get(`/work/slots/${slot.id}/reference`).expect(200);
    expect(task.body).toMatchObject({
      exposed: false,
      prompt: { turns: [{ role: 'patient' }] },
      slot: { waiting: 3, done: 0 },
    });
    expect(JSON.stringify(task.body)).not.toContain('清淡饮食');
    const draft = { fencingToken: slot.fencingToken, baseVersionId: null, body: { kind: 'answer', text: '少量' } };
    await doctor().put(`/work/slots/${slot.id}/draft`, draft).expect(200);
    expect((await doctor().get(`/work/slots/${slot.id}`)).body).toMatchObject({ draft: { body: { text: '少量' } } });
    const body = { fencingToken: slot.fencingToken, kind: 'answer', text: '少量多餐。', seconds: 30 };
    await api.as('annotator').post(`/work/slots/${slot.id}/reference`, body).expect(404);
    await api.nobody().post(`/work/slots/${slot.id}/reference`, body).expect(401);
    await doctor()
      .post(`/work/slots/${slot.id}/reference`, { ...body, kind: 'shrug' })
      .expect(422);
    await doctor()
      .post(`/work/slots/${slot.id}/ranking`, {
        fencingToken: slot.fencingToken,
        ranks: [{ key: 'A', rank: 1 }],
        seconds: 1,
      })
      .expect(404);
    const done = await doctor().post(`/work/slots/${slot.id}/reference`, body).expect(200);
    expect(done.body).toMatchObject({ fate: 'stored', reference: { revision: 1, text: '少量多餐。' } });
    const late = await doctor().post(`/work/slots/${slot.id}/reference`, body).expect(409);
    expect(late.body).toMatchObject({ code: 'slot.lease_lost', details: { what: 'answered' } });

    const { id } = (done.body as { reference: { id: string } }).reference;
    await doctor().get(`/work/references/${id}`).expect(200);
    await api.as('annotator').get(`/work/references/${id}`).expect(404);
    const change = { kind: 'answer', text: '少量多餐，忌辛辣。' };
    await doctor().post(`/work/references/${id}/revisions`, change).expect(428);
    await doctor().post(`/work/references/${id}/revisions`, change).set('If-Match', '"1"').expect(201);
    await doctor().post(`/work/references/${id}/revisions`, change).set('If-Match', '"1"').expect(412);
  });

  it('ends before a reference where a model’s reply was seen, unless it is marked', async () => {
    for (const id of promptIds.slice(1)) await addCandidates(api.dataSource, api.project.id, id, ['甲', '乙']);
    const [unanswered] = await api.dataSource.query<{ record_id: string }[]>(
      `select record_id from prompt p where id = any($1)
         and not exists (select from reference f where f.prompt_id = p.id and f.doctor_id is not null)`,
      [promptIds.slice(1)],
    );
    const ranking = await claim(await newSet('ranking', { filter: { ids: [unanswered!.record_id] } }));
    await doctor().get(`/work/slots/${ranking.id}/ranking`).expect(200);
    const set = await newSet('reference', { filter: { ids: [ranking.recordId] } });
    const slot = await claim(set);
    const body = { fencingToken: slot.fencingToken, kind: 'answer', text: '少吃。', seconds: 9 };
    const refused = await doctor().post(`/work/slots/${slot.id}/reference`, body).expect(409);
    expect(refused.body).toMatchObject({ code: 'reference.exposed', field: 'afterExposure' });
    expect((await doctor().get(`/work/slots/${slot.id}`)).body).toMatchObject({ draft: { body: { text: '少吃。' } } });
    await doctor()
      .post(`/work/slots/${slot.id}/reference`, { ...body, afterExposure: true })
      .expect(200);
  });

  it('puts candidates in order, blind and over the AI’s order', async () => {
    const blind = await claim(await newSet('ranking', { limit: 1 }));
    const task = await doctor().get(`/work/slots/${blind.id}/ranking`).expect(200);
    const { candidates } = task.body as { candidates: { key: string }[] };
    expect(JSON.stringify(task.body)).not.toContain('some-model');
    const ranks = candidates.map(({ key }, i) => ({ key, rank: i + 1 }));
    const body = { fencingToken: blind.fencingToken, ranks, seconds: 12 };
    const short = await doctor()
      .post(`/work/slots/${blind.id}/ranking`, { ...body, ranks: ranks.slice(1) })
      .expect(422);
    expect(short.body).toMatchObject({ code: 'ranking.incomplete' });
    const done = await doctor().post(`/work/slots/${blind.id}/ranking`, body).expect(200);
    expect(done.body).toMatchObject({ fate: 'stored', pairs: (ranks.length * (ranks.length - 1)) / 2 });

    const confirm = await claim(await newSet('confirm_ranking'));
    const shown = await doctor().get(`/work/slots/${confirm.id}/ranking`).expect(200);
    expect(shown.body).toMatchObject({
      aiRanks: [1, 2, 3],
      candidates: [{ text: '甲' }, { text: '乙' }, { text: '丙' }],
    });
    const order = (shown.body as { candidates: { key: string }[] }).candidates.map(({ key }, i) => ({
      key,
      rank: i + 1,
    }));
    await doctor()
      .post(`/work/slots/${confirm.id}/ranking`, { fencingToken: confirm.fencingToken, ranks: order, seconds: 5 })
      .expect(200);
    const marked = await lead().get('/judgements?aiOrderShown=true').expect(200);
    expect(marked.body).toMatchObject({ total: 1, items: [{ origin: 'doctor', aiOrderShown: true }] });
  });

  it('is for no annotator', async () => {
    const refused = await lead()
      .post('/task-sets', { name: 'x', kind: 'reference', roles: ['annotator'] })
      .expect(422);
    expect(refused.body).toMatchObject({ code: 'task_set.wrong_roles', field: 'roles' });
  });
});
