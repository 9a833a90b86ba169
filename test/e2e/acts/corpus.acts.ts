import { importDialogues } from '../../support/corpus.js';
import { SourceEntity } from '@qingnang/corpus';
import { type Act, inProject } from './act.js';

const FILE = '{"conversations":[{"from":"human","value":"头晕两天"},{"from":"gpt","value":"测一下血压"}]}\n';

export const corpusActs: readonly Act[] = [
  {
    route: inProject('POST', '/sources'),
    call: (api) =>
      api.as('data_lead').post('/sources', {
        name: '门诊问答',
        licence: 'CC-BY-4.0',
        allowedUse: ['train', 'evaluate', 'reference'],
        deidentified: true,
      }),
    keep: (body, world) => world.set('source', String(body.id)),
  },
  {
    route: inProject('PATCH', '/sources/{id}'),
    call: (api, world) =>
      api
        .as('data_lead')
        .patch(`/sources/${world.get('source')}`, { origin: 'hospital' })
        .set('If-Match', '"1"'),
  },
  {
    route: inProject('POST', '/uploads'),
    call: (api) =>
      api.as('data_lead').post('/uploads?fileName=a.jsonl').set('Content-Type', 'application/octet-stream').send(FILE),
    keep: (body, world) => world.set('upload', String(body.id)),
  },
  {
    route: inProject('POST', '/imports'),
    call: (api, world) =>
      api.as('data_lead').post('/imports', {
        uploadId: world.get('upload'),
        sourceId: world.get('source'),
        dataSet: 'real_instruction',
        plan: { container: 'json', layout: 'sharegpt', encoding: 'utf-8', mapping: {} },
      }),
    keep: (body, world) => world.set('import', String(body.id)),
  },
  {
    route: inProject('POST', '/imports/{id}/cancel'),
    call: (api, world) => api.as('data_lead').post(`/imports/${world.get('import')}/cancel`),
  },
  {
    route: inProject('POST', '/imports/{id}/undo'),
    call: (api, world) => api.as('data_lead').post(`/imports/${world.get('import')}/undo`),
  },
  {
    route: inProject('PUT', '/records/{id}/state'),
    call: async (api, world) => {
      const source = await api.dataSource.manager.findOneByOrFail(SourceEntity, { id: world.get('source')! });
      const dialogues = ['咳嗽三天', '胃痛一周'].map((question) => [question, `${question}，多喝水，休息。`]);
      const [first, second] = await importDialogues(api.dataSource, source, dialogues);
      world.set('record', second!);
      return api.as('data_lead').put(`/records/${first}/state`, { state: 'held_back', reason: 'test' });
    },
  },
];
