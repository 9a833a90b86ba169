import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startApi, type TestApi } from '../support/api.js';
import { addAiJudgement, addCandidates, makeQuestions } from '../support/preference.js';

let api: TestApi;
const held = { recordId: '', promptId: '' };
beforeAll(async () => {
  api = await startApi();
  const { dataSource, project } = api;
  for (const promptId of await makeQuestions(dataSource, project.id, 2)) {
    const ids = await addCandidates(dataSource, project.id, promptId, ['甲', '乙']);
    await addAiJudgement(dataSource, project.id, promptId, ids, [8, 4]);
    await dataSource.query(
      `insert into reference (id, project_id, prompt_id, kind, text) values (gen_random_uuid(), $1, $2, 'answer', '多喝水。')`,
      [project.id, promptId],
    );
    held.promptId = promptId;
  }
  const [row] = await dataSource.query<{ record_id: string }[]>('select record_id from prompt where id = $1', [
    held.promptId,
  ]);
  held.recordId = row!.record_id;
});
afterAll(() => api?.close());

const lead = () => api.as('data_lead');
const total = async (path: string): Promise<number> =>
  ((await lead().get(path).expect(200)).body as { total: number }).total;
const setState = (state: string) =>
  lead().put(`/records/${held.recordId}/state`, { state, reason: '来源存疑' }).expect(200);

describe.each([
  ['prompts', 1],
  ['candidates', 2],
  ['judgements', 1],
  ['references', 1],
] as const)('the list of %s', (resource, each) => {
  it('leaves out what belongs to a record held back, and has it again afterwards', async () => {
    expect(await total(`/${resource}`)).toBe(2 * each);
    await setState('held_back');
    const { body } = await lead().get(`/${resource}`).expect(200);
    expect(body).toMatchObject({ total: each });
    expect(JSON.stringify(body)).not.toContain(held.promptId);
    await setState('imported');
    expect(await total(`/${resource}`)).toBe(2 * each);
  });
});

it('a record held back gives no prompts to jobs either, and whoever asks for its very prompt still sees why', async () => {
  await setState('held_back');
  expect(await total(`/candidates?promptId=${held.promptId}`)).toBe(2);
  expect(await total(`/judgements?promptId=${held.promptId}`)).toBe(1);
  await lead().get(`/prompts/${held.promptId}`).expect(200);
  expect(await total('/prompts?hasCandidates=true&judged=true')).toBe(1);
  await setState('imported');
});
