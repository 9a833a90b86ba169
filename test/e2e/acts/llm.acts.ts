import { uuidv7 } from '@qingnang/kernel';
import { ensureLlmDefaults } from '@qingnang/llm';
import type { TestApi } from '../../support/api.js';
import { type Act, inProject, type World } from './act.js';

const provider = {
  name: 'own',
  baseUrl: 'http://127.0.0.1:9/v1',
  models: [{ name: 'm', input_price: 1, output_price: 2 }],
};

async function defaults(api: TestApi, world: World): Promise<void> {
  await api.dataSource.transaction((tx) => ensureLlmDefaults(tx, api.project.id));
  const [row] = await api.dataSource.query<{ provider: string; version: string }[]>(
    `select p.id as provider, v.id as version from provider p, prompt_version v
     join prompt_template t on t.id = v.template_id
     where p.project_id = $1 and v.project_id = $1 and p.kind = 'rehearsal' and t.key = 'polish'`,
    [api.project.id],
  );
  world.set('rehearsal', row!.provider);
  world.set('polish', row!.version);
}

/** Steps of a job that no worker touches. */
const step = (name: string): Act => ({
  route: inProject('POST', `/llm-jobs/{id}/${name}`),
  call: (api, world) => api.as('data_lead').post(`/llm-jobs/${world.get('job')}/${name}`),
});

const makeJob: Act = {
  route: inProject('POST', '/llm-jobs'),
  call: async (api, world) => {
    await defaults(api, world);
    return api.as('data_lead').post('/llm-jobs', {
      purpose: 'polish',
      name: '润色',
      promptVersionIds: [world.get('polish')],
      providerId: world.get('rehearsal'),
      model: 'rehearsal-polish',
    });
  },
  keep: (body, world) => world.set('job', String(body.id)),
};

export const llmActs: readonly Act[] = [
  {
    route: inProject('POST', '/providers'),
    call: (api) => api.as('installation').post('/providers', provider),
    keep: (body, world) => world.set('provider', String(body.id)),
  },
  {
    route: inProject('PATCH', '/providers/{id}'),
    call: (api, world) =>
      api
        .as('installation')
        .patch(`/providers/${world.get('provider')}`, { name: 'renamed' })
        .set('If-Match', '"1"'),
  },
  {
    route: inProject('PUT', '/providers/{id}/inside'),
    call: (api, world) =>
      api
        .as('installation')
        .put(`/providers/${world.get('provider')}/inside`, { inside: true })
        .set('If-Match', '"2"'),
  },
  {
    route: inProject('POST', '/prompt-templates'),
    call: (api) =>
      api
        .as('data_lead')
        .post('/prompt-templates', { key: 'mine', purpose: 'polish', name: 'mine', userText: '{{material}}' }),
    keep: (body, world) => world.set('template', String(body.id)),
  },
  {
    route: inProject('POST', '/prompt-templates/{id}/versions'),
    call: (api, world) =>
      api.as('data_lead').post(`/prompt-templates/${world.get('template')}/versions`, { userText: '改：{{material}}' }),
  },
  makeJob,
  {
    route: inProject('PATCH', '/llm-jobs/{id}'),
    call: (api, world) =>
      api
        .as('data_lead')
        .patch(`/llm-jobs/${world.get('job')}`, { name: 'renamed' })
        .set('If-Match', '"1"'),
  },
  step('start'),
  step('pause'),
  step('resume'),
  step('cancel'),
  {
    route: inProject('POST', '/llm-jobs/{id}/retry'),
    call: async (api, world) => {
      // As a worker would have left it.
      const item = uuidv7();
      await api.dataSource.query(
        `insert into llm_item (id, project_id, job_id, subject_type, subject_id, idempotency_key, state)
         values ($1, $2, $3, 'record', $1, $4, 'failed')`,
        [item, api.project.id, world.get('job'), `${item}.0`],
      );
      await api.dataSource.query(`update llm_job set state = 'done' where id = $1`, [world.get('job')]);
      return api.as('data_lead').post(`/llm-jobs/${world.get('job')}/retry`);
    },
  },
];
