import { createReadStream, existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { corpusEntities, DETECTION_BYTES, detectLayout } from '@qingnang/corpus';
import { importContent, makeProject, makeSource } from '../support/corpus.js';
import { createTestDataSource } from '../support/postgres.js';

const folder = '../shared/data';

/** What the readers' own test counts by other means must stand in the database, to the record. */
const files = [
  {
    name: 'toyhom-chinese-medical-dialogue/sample_internal_medicine_5000-6000.csv',
    counts: { readCount: 7644, acceptedCount: 7266, duplicateCount: 378, rejectedCount: 0, reasons: {} },
  },
  {
    name: 'cmtmedqa-test/CMtMedQA_test.json',
    counts: {
      readCount: 1144,
      acceptedCount: 1000,
      duplicateCount: 0,
      rejectedCount: 144,
      reasons: { second_shape: 144 },
    },
    again: { readCount: 1144, acceptedCount: 0, duplicateCount: 1000, rejectedCount: 144 },
  },
  {
    name: 'huatuo26m-test/huatuo26M_test.json',
    counts: { readCount: 6000, acceptedCount: 6000, duplicateCount: 0, rejectedCount: 0, reasons: {} },
  },
  {
    name: 'bentsao-distilled/llama_data.json',
    counts: { readCount: 8658, acceptedCount: 8658, duplicateCount: 0, rejectedCount: 0, reasons: {} },
  },
];

let db: Awaited<ReturnType<typeof createTestDataSource>>;
let projectId: string;
beforeAll(async () => {
  db = await createTestDataSource(corpusEntities);
  projectId = await makeProject(db.dataSource);
});
afterAll(() => db.close());

// The samples are not part of the repository: licences differ, and they are other people's words.
test.skipIf(!existsSync(folder)).each(files)(
  '$name ends in the database to the row',
  async ({ name, counts, again }) => {
    const path = `${folder}/${name}`;
    const plan = detectLayout((await readFile(path)).subarray(0, DETECTION_BYTES));
    const source = await makeSource(db.dataSource, projectId, { allowedUse: ['evaluate'] });
    const content = () => createReadStream(path);
    expect(await importContent(db.dataSource, source, content, { plan })).toMatchObject({ state: 'done', ...counts });
    if (again) expect(await importContent(db.dataSource, source, content, { plan })).toMatchObject(again);
  },
);
