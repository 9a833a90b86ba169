import { uuidv7 } from '@qingnang/kernel';
import { makeSnapshot } from '../../support/runs.js';
import { type Act, inProject } from './act.js';

export const trainingActs: readonly Act[] = [
  {
    route: inProject('POST', '/snapshots'),
    call: (api) => api.as('data_lead').post('/snapshots', { name: 'first', kind: 'sft' }),
  },
  {
    route: inProject('POST', '/snapshots/{id}/withdraw'),
    call: async (api) => {
      const frozen = await makeSnapshot(api.dataSource, api.settings.dataDir, api.project.id, 'sft');
      return api.as('data_lead').post(`/snapshots/${frozen}/withdraw`);
    },
  },
  {
    route: inProject('DELETE', '/models/{id}/server'),
    call: async (api) => {
      const model = uuidv7();
      await api.dataSource.query(
        `insert into model (id, project_id, name, stage, weights_hash, folder, context_tokens)
         values ($1, $2, 'm', 'sft', 'hash', 'models/m', 128)`,
        [model, api.project.id],
      );
      return api.as('data_lead').delete(`/models/${model}/server`);
    },
  },
  {
    route: inProject('PUT', '/webhook'),
    call: (api) =>
      api
        .as('admin')
        .put('/webhook', { form: 'json', address: 'https://93.184.215.14/hook', secret: 'sixteen letters or more' })
        .set('If-Match', '"0"'),
  },
  {
    route: inProject('POST', '/webhook/test'),
    call: (api) => api.as('admin').post('/webhook/test'),
  },
  {
    route: inProject('DELETE', '/webhook'),
    call: (api) => api.as('admin').delete('/webhook').set('If-Match', '"1"'),
  },
];
