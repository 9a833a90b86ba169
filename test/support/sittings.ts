import type { Role, SubmitPolish } from '@qingnang/contracts';
import type { ConsoleBench } from './console-bench.js';
import { importDialogues, makeSource } from './corpus.js';
import { promptsOf } from './preference.js';
import { polishRecords, polishReview } from './review.js';

export const sittingKinds = ['review', 'reference', 'blind', 'adjudication'] as const;
export type SittingKindName = (typeof sittingKinds)[number];

/** Somebody at a page where a text can be written: where, and who. */
export interface Sitting {
  who: Extract<Role, 'annotator' | 'doctor' | 'data_lead'>;
  path: string;
}

/** Queues made anew, with two tasks each (one to adjudicate), by the kind of their sitting. */
export function sittingMaker({ api }: ConsoleBench): Record<SittingKindName, () => Promise<Sitting>> {
  const made = async (path: string, body: object, status = 201): Promise<{ id: string }> => {
    const reply = await api.as('data_lead').post(path, body);
    if (reply.status !== status) throw new Error(`${path}: ${reply.status} ${reply.text}`);
    return reply.body as { id: string };
  };
  const records = async (days: readonly number[]) => {
    const { dataSource, project } = api;
    const source = await makeSource(dataSource, project.id);
    const dialogues = days.map((i) => [`咳嗽${i}天怎么办？${source.id}`, `多喝水，${i}天后复诊。`]);
    return importDialogues(dataSource, source, dialogues);
  };
  const polished = async (days: readonly number[], overlap: number) => {
    const ids = await records(days);
    await polishRecords(api.dataSource, api.project.id, ids);
    return made('/task-sets', polishReview({ filter: { ids }, overlap }));
  };
  return {
    review: async () => ({ who: 'annotator', path: `/work/polish_review/${(await polished([1, 2], 1)).id}` }),
    reference: async () => {
      const ids = await records([1, 2]);
      await promptsOf(api.dataSource, api.project.id, { filter: { ids } });
      const set = { name: '参考', kind: 'reference', roles: ['doctor'], filter: { ids } };
      return { who: 'doctor', path: `/work/reference/${(await made('/task-sets', set)).id}` };
    },
    blind: async () => {
      const questions = [{ messages: [{ role: 'user', content: `头痛${Math.random()}天，要不要紧？` }] }];
      const { id: suiteId } = await made('/suites', { name: `一问 ${Math.random()}`, questions });
      await api.as('data_lead').post(`/suites/${suiteId}/freeze`).expect(200);
      const entrants = ['甲', '乙'].map((name) => ({
        kind: 'uploaded',
        name,
        answers: [{ n: 1, turns: [{ role: 'doctor', text: `${name}：多休息。` }] }],
      }));
      const evaluation = { name: '盲评', suiteId, entrants, judges: [{ kind: 'doctors' }] };
      const { id } = await made('/evaluations', evaluation, 202);
      const { body } = await api.as('data_lead').get(`/evaluations/${id}`).expect(200);
      const [judge] = (body as { judges: { taskSetId: string }[] }).judges;
      return { who: 'doctor', path: `/work/blind_pair/${judge!.taskSetId}` };
    },
    adjudication: async () => {
      const { id } = await polished([1], 2);
      const second = await api.addPerson({ roles: ['annotator'] });
      const answers: [Parameters<typeof api.as>[0], Partial<SubmitPolish>][] = [
        ['annotator', { verdict: 'accept' }],
        [second, { verdict: 'ask_doctor', comment: '要不要紧？' }],
      ];
      for (const [who, answer] of answers) {
        const { slot } = (await api.as(who).post('/work/claim', { taskSetId: id })).body as {
          slot: { id: string; fencingToken: number; shownVersionId: string };
        };
        const held = { fencingToken: slot.fencingToken, baseVersionId: slot.shownVersionId, seconds: 20 };
        await api
          .as(who)
          .post(`/work/slots/${slot.id}/polish`, { ...held, ...answer })
          .expect(200);
      }
      const { body } = await api.as('data_lead').get('/adjudications').expect(200);
      const [first] = (body as { items: { deskTaskSetId: string }[] }).items;
      return { who: 'data_lead', path: `/work/adjudication/${first!.deskTaskSetId}` };
    },
  };
}
