import type { EvaluationView } from '@qingnang/contracts';
import { EvaluatePurpose } from '@qingnang/evaluation';
import { LlmItemEntity, LlmJobEntity } from '@qingnang/llm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startApi, type TestApi } from '../support/api.js';
import { importDialogues, makeSource } from '../support/corpus.js';

let api: TestApi;
let suiteId: string;
let providerId: string;

const QUESTION = '头痛两天了，怎么办？';

beforeAll(async () => {
  api = await startApi();
  const source = await makeSource(api.dataSource, api.project.id);
  await importDialogues(api.dataSource, source, [[QUESTION, '多休息。']]);
  const questions = [{ messages: [{ role: 'user', content: QUESTION }] }];
  suiteId = ((await lead().post('/suites', { name: '一问', questions }).expect(201)).body as { id: string }).id;
  await lead().post(`/suites/${suiteId}/freeze`).expect(200);
  const model = { name: 'far', context_tokens: 8000, input_price: 0, output_price: 0 };
  const provider = { name: 'outside', baseUrl: 'https://model.invalid/v1', models: [model] };
  const made = await api.as('installation').post('/providers', provider);
  expect(made.status, made.text).toBe(201);
  providerId = (made.body as { id: string }).id;
});
afterAll(() => api?.close());

const lead = () => api.as('data_lead');
const uploaded = (name: string, deidentified?: boolean) => ({
  ...{ kind: 'uploaded', name, deidentified },
  answers: [{ n: 1, turns: [{ role: 'doctor', text: `${name}：多喝水。` }] }],
});
const judges = () => [{ kind: 'model', providerId, model: 'far' }];
async function evaluate(entrants: object[]): Promise<EvaluationView> {
  const made = await lead().post('/evaluations', { name: '比', suiteId, entrants, judges: judges() });
  expect(made.status, made.text).toBe(202);
  return made.body as EvaluationView;
}
const jobOf = (id: string) => api.dataSource.manager.findOneByOrFail(LlmJobEntity, { parentId: id });

it('answers brought along go to a judge outside only where they were declared de-identified', async () => {
  const purpose = new EvaluatePurpose();
  const context = { outside: true, contextTokens: 8000, textOnly: false };
  const verdicts = async (entrants: object[]) => {
    const job = await jobOf((await evaluate(entrants)).id);
    return api.dataSource.transaction(async (tx) => {
      await purpose.writeItems(tx, job, context);
      const items = await tx.findBy(LlmItemEntity, { jobId: job.id });
      const asked = await Promise.all(items.map((item) => purpose.buildRequest(tx, job, item)));
      return items.map(({ state, errorCode }, i) => [state, errorCode, asked[i]!.mayLeave]);
    });
  };
  const kept = ['skipped', 'egress_refused', false];
  expect(await verdicts([uploaded('甲', true), uploaded('乙')])).toEqual([kept, kept]);
  const open = ['waiting', null, true];
  expect(await verdicts([uploaded('丙', true), uploaded('丁', true)])).toEqual([open, open]);
});

it('ends with the reason where a judge is gone by the time it is asked', async () => {
  const entrants = [{ kind: 'provider', providerId, model: 'far' }, uploaded('戊')];
  const { id } = await evaluate(entrants);
  const job = await jobOf(id);
  await api.dataSource.query(`update llm_job set state = 'done' where id = $1`, [job.id]);
  await api.dataSource.query(`update provider set models = '[]' where id = $1`, [providerId]);
  await api.dataSource.transaction((tx) => new EvaluatePurpose().ended(tx, job));
  expect((await lead().get(`/evaluations/${id}`)).body).toMatchObject({
    state: 'failed',
    failure: 'provider.unknown_model',
  });
});
