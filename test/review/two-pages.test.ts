import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { startApi, type TestApi, type TestPerson } from '../support/api.js';
import { importDialogues, makeSource } from '../support/corpus.js';
import { polishRecords, polishReview } from '../support/review.js';

interface Slot {
  id: string;
  fencingToken: number;
  shownVersionId: string;
  draft: { body: { turns: { text: string }[] } } | null;
}

let api: TestApi;
let setId: string;
let person: TestPerson;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api?.close());
beforeEach(async () => {
  const source = await makeSource(api.dataSource, api.project.id);
  const dialogues = [1, 2].map((n) => [`头晕${n}天怎么办${source.id}`, `少盐，${n}天后复诊。`]);
  const ids = await importDialogues(api.dataSource, source, dialogues);
  await polishRecords(api.dataSource, api.project.id, ids);
  const made = await api.as('data_lead').post('/task-sets', polishReview({ filter: { ids } }));
  setId = (made.body as { id: string }).id;
  person = await api.addPerson({ roles: ['annotator'] });
});

const claim = async (takeOver: boolean, who = person): Promise<Slot> =>
  ((await api.as(who).post('/work/claim', { taskSetId: setId, takeOver }).expect(200)).body as { slot: Slot }).slot;
const body = (slot: Slot, text: string) => ({
  ...{ fencingToken: slot.fencingToken, baseVersionId: slot.shownVersionId },
  body: { turns: [{ n: 1, text }] },
});
const write = (slot: Slot, text: string) => api.as(person).put(`/work/slots/${slot.id}/draft`, body(slot, text));
const submit = (slot: Slot, text: string) =>
  api.as(person).post(`/work/slots/${slot.id}/polish`, {
    ...{ fencingToken: slot.fencingToken, baseVersionId: slot.shownVersionId },
    ...{ verdict: 'edit', turns: [{ n: 1, text }], seconds: 5 },
  });
const elsewhere = { code: 'slot.lease_lost', details: { what: 'elsewhere' } };

test('a page whose task another page has taken over neither saves, submits, skips nor renews', async () => {
  const one = await claim(true);
  // Looking takes nothing.
  expect((await claim(false)).fencingToken).toBe(one.fencingToken);
  await write(one, '第一页').expect(200);
  const two = await claim(true);
  expect(two).toMatchObject({ id: one.id, draft: { body: { turns: [{ text: '第一页' }] } } });
  expect(two.fencingToken).toBeGreaterThan(one.fencingToken);
  await write(two, '第二页').expect(200);
  const { fencingToken } = one;
  const refused = [
    await write(one, '晚到'),
    await submit(one, '晚到'),
    await api.as(person).post(`/work/slots/${one.id}/skip`, { fencingToken }),
    await api.as(person).post(`/work/slots/${one.id}/heartbeat`, { fencingToken }),
  ];
  for (const reply of refused) expect([reply.status, reply.body]).toMatchObject([409, elsewhere]);
  // What was written where it went on stands.
  expect((await claim(false)).draft?.body.turns[0]!.text).toBe('第二页');
  await submit(two, '第二页').expect(200);
});

test('what only the page before knew is kept where nothing newer was written', async () => {
  const one = await claim(true);
  await claim(true);
  await write(one, '只有第一页知道').expect(409);
  expect((await claim(false)).draft?.body.turns[0]!.text).toBe('只有第一页知道');
});

test('nobody takes over what is another person’s', async () => {
  const [mine, theirs] = [await claim(true), await claim(true, await api.addPerson({ roles: ['annotator'] }))];
  expect(theirs.id).not.toBe(mine.id);
  await write(mine, '还是我的').expect(200);
});
