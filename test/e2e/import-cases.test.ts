import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startApi, type TestApi } from '../support/api.js';
import { jsonFiles, tables, type ImportCase } from '../support/import-cases.js';
import { addSource, importFile, rejectedRows, turnsBrought, uploadFile } from '../support/import-file.js';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());

async function run({ file, content, mapping, ...one }: ImportCase): Promise<void> {
  const upload = await uploadFile(api, file, content);
  expect(upload.problem).toBeNull();
  const sourceId = await addSource(api, one.name);
  const job = await importFile(api, upload, sourceId, mapping ? { mapping } : {});
  expect(job).toMatchObject({ state: 'done', read: job.accepted + job.replaced + job.duplicate + job.rejected });
  const refused = (await rejectedRows(api, job.id)).map((row) => [row.line, row.reason]);
  expect(refused).toEqual(one.rejected ?? []);
  expect(await turnsBrought(api, job.id)).toEqual(one.accepted);
}

describe('a table', () => {
  test.each(tables)('$name', run);
});

describe('a JSON file', () => {
  test.each(jsonFiles)('$name', run);
});

describe('a file nobody knows', () => {
  test.each([
    [
      'marked.txt',
      '<|endoftext|> <|context|> <|endofcontext|> 咳嗽怎么办？\n<|endoftext|> <|context|> 咳嗽\n',
      '<|endof',
    ],
    ['blocks.txt', 'id=1\nhttps://example.org/1\nDescription\n疾病： 咳嗽\nDialogue\n病人：\n咳嗽\n\n', 'id=1'],
    ['prose.txt', '患者昨天来诊，咳嗽两周。\n医生建议拍胸片。\n复查后好转，没有发热，没有咯血。\n', '患者昨天来诊'],
    ['fake.json', '{咳嗽两周怎么办}\n{多喝水}\n', '{咳嗽'],
  ])('%s is refused by name, with its first line', async (file, content, line) => {
    const upload = await uploadFile(api, file, content);
    expect(upload.detection).toBeNull();
    expect(upload.problem).toContain(line);
  });

  test('an encoding nobody knows is said before the import', async () => {
    const big5 = Buffer.from('b7d0b7c8b1b5a4f9a147a672b1f7ab65b7d0b7c8'.repeat(30), 'hex');
    const upload = await uploadFile(api, 'big5.csv', Buffer.concat([Buffer.from('ask,answer\n'), big5]));
    expect(upload).toMatchObject({ detection: null, problem: expect.stringContaining('encoding') as string });
  });
});

test('numbers of rows are no ids: a second file of one source replaces nothing', async () => {
  const sourceId = await addSource(api, 'numbered');
  const [first, second] = ['胃痛', '手指割伤'].map(
    (words) => `序号,问题,回答\n1,${words}一怎么办,先做检查\n2,${words}二怎么办,先做检查\n`,
  );
  for (const content of [first!, second!]) {
    const upload = await uploadFile(api, 'numbered.csv', content);
    expect(upload.detection).toMatchObject({ mapping: { ask: '问题', answer: '回答' }, rowCounters: ['序号'] });
    expect(upload.detection!.mapping.id).toBeUndefined();
    expect(await importFile(api, upload, sourceId)).toMatchObject({ read: 2, accepted: 2 });
  }
});

test('long numbers are ids with every digit', async () => {
  const sourceId = await addSource(api, 'long ids');
  for (const [id, words] of [
    ['1234567890123456789', '胃痛怎么办'],
    ['1234567890123456790', '手割伤了'],
  ]) {
    const upload = await uploadFile(api, 'ids.jsonl', `{"id":${id},"question":"${words}","answer":"清创"}\n`);
    expect(upload.detection!.mapping.id).toBe('id');
    const job = await importFile(api, upload, sourceId);
    const rows = await api.dataSource.query<{ outside_id: string }[]>(
      'select outside_id from occurrence where import_id = $1',
      [job.id],
    );
    expect(rows).toEqual([{ outside_id: id }]);
  }
});

test('a preference pair is refused with a remedy, and the remedy works', async () => {
  const sourceId = await addSource(api, 'pairs');
  const pair = { question: '咳嗽怎么办', response_chosen: '多喝水，必要时就医。', response_rejected: '不用管' };
  const upload = await uploadFile(api, 'pair.json', JSON.stringify(pair));
  expect(upload.detection!.outlook).toMatchObject({ accepted: 0, reasons: { preference_pair: 1 } });
  const refused = await importFile(api, upload, sourceId);
  const [row] = await rejectedRows(api, refused.id);
  expect(row).toMatchObject({
    reason: 'preference_pair',
    detail: expect.stringContaining('response_chosen') as string,
  });
  const mapping = { ...upload.detection!.mapping, answer: 'response_chosen' };
  const taken = await importFile(api, upload, sourceId, { mapping });
  expect(await turnsBrought(api, taken.id)).toEqual([['咳嗽怎么办', '多喝水，必要时就医。']]);
});

test('10,000 rows behind an unclosed mark', async () => {
  const rows = Array.from({ length: 9_998 }, (_, i) => `问${i}怎么办,答${i}\n`).join('');
  const upload = await uploadFile(api, 'long.csv', `ask,answer\n问甲,答甲\n"问乙未关,答乙\n${rows}`);
  const job = await importFile(api, upload, await addSource(api, 'long quote'));
  expect(job).toMatchObject({ read: 10_000, accepted: 9_999, rejected: 1, reasons: { bad_quoting: 1 } });
});

test('private-use characters of a UTF-8 file are kept and flagged', async () => {
  const upload = await uploadFile(api, 'word.csv', 'ask,answer\n头痛,\uf0b7休息\n发热,喝水\n');
  const job = await importFile(api, upload, await addSource(api, 'word'));
  expect(await turnsBrought(api, job.id)).toEqual([
    ['头痛', '\uf0b7休息'],
    ['发热', '喝水'],
  ]);
  const flagged = await api.dataSource.query<{ flags: string[] | null }[]>(
    `select r.flags from record r join occurrence o on o.record_id = r.id where o.import_id = $1 order by o.row_number`,
    [job.id],
  );
  expect(flagged).toEqual([{ flags: ['private_use'] }, { flags: null }]);
});
