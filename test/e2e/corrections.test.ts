import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { HeldSlot, MyAnswer, RankingTask, SubmitRankingReply, SubmitReferenceReply } from '@qingnang/contracts';
import { startApi, type TestApi } from '../support/api.js';
import { importDialogues, makeSource } from '../support/corpus.js';
import { addCandidates, promptsOf } from '../support/preference.js';

const TEXTS = ['您好，先多喝水，三天不好请就诊。', '多喝水。', '喝水就行。'];

describe('what a doctor did', () => {
  let api: TestApi;
  let promptId: string;

  beforeAll(async () => {
    api = await startApi();
  });
  afterAll(() => api?.close());
  beforeEach(async () => {
    const source = await makeSource(api.dataSource, api.project.id);
    const [recordId] = await importDialogues(api.dataSource, source, [[`咳嗽几天了？${source.id}`, '多喝水。']]);
    await promptsOf(api.dataSource, api.project.id);
    const [made] = await api.dataSource.query<{ id: string }[]>('select id from prompt where record_id = $1', [
      recordId,
    ]);
    promptId = made!.id;
  });

  const doctor = () => api.as('doctor');
  const claim = async (taskSetId: string): Promise<HeldSlot> => {
    const { body } = await doctor().post('/work/claim', { taskSetId }).expect(200);
    return (body as { slot: HeldSlot }).slot;
  };
  const newSet = async (kind: string, more: object = {}): Promise<string> => {
    const [{ record_id: id }] = await api.dataSource.query<[{ record_id: string }]>(
      'select record_id from prompt where id = $1',
      [promptId],
    );
    const body = { name: kind, kind, roles: ['doctor'], filter: { ids: [id] }, ...more };
    return ((await api.as('data_lead').post('/task-sets', body).expect(201)).body as { id: string }).id;
  };
  const mine = async (id: string): Promise<MyAnswer> => {
    const { body } = await doctor().get('/work/answers?perPage=100').expect(200);
    return (body as { items: MyAnswer[] }).items.find((answer) => answer.id === id)!;
  };
  const prompt = async () => (await api.as('data_lead').get(`/prompts/${promptId}`).expect(200)).body as object;
  const counts = async () => {
    const { body } = await api.as('data_lead').get('/prompts?perPage=100').expect(200);
    return (body as { items: { id: string }[] }).items.find(({ id }) => id === promptId);
  };
  const order = async (slot: HeldSlot, order: readonly string[], bad = false) => {
    const { body } = await doctor().get(`/work/slots/${slot.id}/ranking`).expect(200);
    const keys = new Map((body as RankingTask).candidates.map(({ key, text }) => [text, key]));
    const ranks = order.map((text, i) => ({ key: keys.get(text), rank: i + 1, bad: bad && i === 2 }));
    const sent = { fencingToken: slot.fencingToken, ranks, reason: '一时手快', seconds: 5 };
    return (await doctor().post(`/work/slots/${slot.id}/ranking`, sent).expect(200)).body as SubmitRankingReply;
  };
  const write = async (slot: HeldSlot, text: string) => {
    const sent = { fencingToken: slot.fencingToken, kind: 'answer', text, seconds: 30 };
    return (await doctor().post(`/work/slots/${slot.id}/reference`, sent).expect(200)).body as SubmitReferenceReply;
  };
  const undo = (id: string) => doctor().post(`/work/answers/${id}/undo`);

  it('is seen by them in their own words, and an order is put right: the mis-tapped one counts for nothing', async () => {
    await addCandidates(api.dataSource, api.project.id, promptId, TEXTS);
    const setId = await newSet('ranking');
    const first = await order(await claim(setId), [...TEXTS].reverse(), true);
    expect(await mine(first.answerId)).toMatchObject({
      undone: false,
      said: {
        use: null,
        lines: [
          { rank: 1, text: TEXTS[2], bad: false },
          { rank: 2, text: TEXTS[1], bad: false },
          { rank: 3, text: TEXTS[0], bad: true },
        ],
      },
    });
    expect(await counts()).toMatchObject({ judgements: 1 });

    const back = (await undo(first.answerId).expect(200)).body as { slot: HeldSlot };
    expect(await counts()).toMatchObject({ judgements: 0 });
    expect(await prompt()).toMatchObject({ judgements: [], pairs: [] });
    expect((back.slot.draft!.body as { ranks: object[] }).ranks).toHaveLength(3);
    expect(back.slot.draft).toMatchObject({ body: { reason: '一时手快' } });
    const second = await order(back.slot, TEXTS);
    expect(await prompt()).toMatchObject({ judgements: [{ id: second.judgementId }] });
    expect(await counts()).toMatchObject({ judgements: 1 });
    expect(await mine(first.answerId)).toMatchObject({ undone: true });
    const { body } = await api.as('data_lead').get(`/judgements?promptId=${promptId}`).expect(200);
    expect(body).toMatchObject({ total: 1, items: [{ id: second.judgementId }] });
    // The same press twice, and another's answer.
    expect((await undo(first.answerId)).body).toMatchObject({ status: 409, code: 'answer.used' });
    await api.as('lay').post(`/work/answers/${second.answerId}/undo`).expect(404);
    await api.nobody().post(`${api.project.path}/work/answers/${second.answerId}/undo`).expect(401);
  });

  it('is put right in a reference too, until a judge was shown it', async () => {
    const setId = await newSet('reference');
    const first = await write(await claim(setId), '多喝水。');
    expect(await mine(first.answerId)).toMatchObject({ said: { use: null, lines: [{ text: '多喝水。' }] } });
    const { slot } = (await undo(first.answerId).expect(200)).body as { slot: HeldSlot };
    expect(slot.draft).toMatchObject({ body: { kind: 'answer', text: '多喝水。' } });
    const { body } = await api.as('data_lead').get(`/references?promptId=${promptId}`).expect(200);
    expect((body as { items: { doctor: unknown }[] }).items.filter(({ doctor: by }) => by !== null)).toEqual([]);
    const second = await write(slot, '多喝水，三天不好请就诊。');
    expect(second.reference.revision).toBe(2);

    await judgedWith(second.reference.id);
    expect(await mine(second.answerId)).toMatchObject({ said: { use: 'judged' } });
    expect((await undo(second.answerId)).body).toMatchObject({ code: 'answer.used', details: { why: 'judged' } });
    const change = { kind: 'answer', text: '改了。' };
    const revised = await doctor()
      .post(`/work/references/${second.reference.id}/revisions`, change)
      .set('If-Match', '"2"');
    expect(revised.body).toMatchObject({ status: 409, code: 'answer.used' });
  });

  it('stays as it is once a snapshot holds it, or the set is closed', async () => {
    const closed = await newSet('reference');
    const written = await write(await claim(closed), '多喝水。');
    await close(closed);
    expect((await undo(written.answerId)).body).toMatchObject({ code: 'answer.used', details: { why: 'closed' } });
    expect(await mine(written.answerId)).toMatchObject({ said: { use: 'closed' } });

    await addCandidates(api.dataSource, api.project.id, promptId, TEXTS);
    const ranked = await order(await claim(await newSet('ranking')), TEXTS);
    await frozenWith(ranked.judgementId);
    expect(await mine(ranked.answerId)).toMatchObject({ said: { use: 'snapshot' } });
    expect((await undo(ranked.answerId)).body).toMatchObject({ code: 'answer.used', details: { why: 'snapshot' } });
    expect(await prompt()).toMatchObject({ judgements: [{ id: ranked.judgementId }] });
  });

  const close = async (id: string) => {
    const { revision } = (await api.as('data_lead').get(`/task-sets/${id}`)).body as { revision: number };
    const reply = await api
      .as('data_lead')
      .patch(`/task-sets/${id}`, { state: 'closed' })
      .set('If-Match', `"${revision}"`);
    expect(reply.status, reply.text).toBe(200);
  };
  /** A judge was shown the reference. */
  const judgedWith = async (referenceId: string) => {
    await api.dataSource.query(
      `insert into judgement (id, project_id, prompt_id, reference_id, rubric_version_id, origin, rehearsal)
       select gen_random_uuid(), f.project_id, f.prompt_id, f.id, v.id, 'ai', true
       from reference f, lateral (select id from rubric_version where project_id = f.project_id limit 1) v where f.id = $1`,
      [referenceId],
    );
  };
  /** A pair that the order decided stands in a snapshot. */
  const frozenWith = async (judgementId: string) => {
    await api.dataSource.query(
      `with s as (
         insert into snapshot (id, project_id, name, version, kind, selection, state, frozen_at)
         select gen_random_uuid(), project_id, 'labels', 1, 'preference', '{}', 'freezing', now() from judgement where id = $1
         returning id, project_id)
       insert into snapshot_item (snapshot_id, project_id, ordinal, split, item_type, prompt_id, chosen_id, rejected_id,
         evidence, rehearsal)
       select s.id, s.project_id, 1, 'train', 'pair', j.prompt_id, a.candidate_id, b.candidate_id, j.origin, false
       from s, judgement j join judgement_item a on a.judgement_id = j.id and a.rank = 1
         join judgement_item b on b.judgement_id = j.id and b.rank = 2 where j.id = $1`,
      [judgementId],
    );
  };
});
