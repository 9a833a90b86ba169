import { afterAll, beforeAll, expect, it } from 'vitest';
import { startApi, type TestApi } from '../support/api.js';
import { importDialogues, makeSource } from '../support/corpus.js';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
  const source = await makeSource(api.dataSource, api.project.id);
  await importDialogues(api.dataSource, source, [
    ['头晕三天，血压150/95', '少盐，早晚 各测一次血压。'],
    ['血压偏高，不头晕', '少盐。'],
    ['咳嗽两周', '早晚多喝水，各一杯。'],
  ]);
  const other = await makeSource(api.dataSource, api.otherProject.id);
  await importDialogues(api.dataSource, other, [['头晕，血压高', '少盐。']]);
});
afterAll(() => api?.close());

it.each([
  ['头晕', 2],
  ['血压 头晕', 2],
  // In two turns of one record.
  ['头晕 早晚', 1],
  ['“早晚 各”', 1],
  ['"早晚各"', 0],
  ['头晕 咳嗽', 0],
])('%s is found in %i records of the project', async (text, found) => {
  const { body } = await api
    .as('data_lead')
    .get(`/records?${new URLSearchParams({ text })}`)
    .expect(200);
  expect(body).toMatchObject({ total: found });
});
