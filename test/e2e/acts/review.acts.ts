import { polishRecords } from '../../support/review.js';
import { type Act, inProject } from './act.js';

export const reviewActs: readonly Act[] = [
  {
    route: inProject('POST', '/task-sets'),
    call: async (api, world) => {
      await polishRecords(api.dataSource, api.project.id, [world.get('record')!]);
      return api.as('data_lead').post('/task-sets', { name: '润色审核', kind: 'polish_review' });
    },
    keep: (body, world) => world.set('taskSet', String(body.id)),
  },
  {
    route: inProject('PATCH', '/task-sets/{id}'),
    call: (api, world) =>
      api
        .as('data_lead')
        .patch(`/task-sets/${world.get('taskSet')}`, { name: '改名' })
        .set('If-Match', '"1"'),
  },
  {
    route: inProject('POST', '/work/slots/{id}/polish'),
    call: async (api, world) => {
      const claimed = await api.as('annotator').post('/work/claim', { taskSetId: world.get('taskSet') });
      const { slot } = claimed.body as { slot: { id: string; fencingToken: number } };
      const shown = await api.as('annotator').get(`/work/slots/${slot.id}/polish`);
      return api.as('annotator').post(`/work/slots/${slot.id}/polish`, {
        fencingToken: slot.fencingToken,
        baseVersionId: (shown.body as { slot: { shownVersionId: string } }).slot.shownVersionId,
        verdict: 'accept',
        seconds: 5,
      });
    },
    keep: (body, world) => world.set('answer', String(body.answerId)),
  },
  {
    route: inProject('POST', '/work/answers/{id}/undo'),
    call: (api, world) => api.as('annotator').post(`/work/answers/${world.get('answer')}/undo`),
  },
];
