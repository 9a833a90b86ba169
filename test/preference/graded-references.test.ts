import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { JudgementView, ReferenceGrade } from '@qingnang/contracts';
import { corpusEntities } from '@qingnang/corpus';
import { defaultDimensions, ensureRubric, judgeEntities, RubricVersionEntity } from '@qingnang/judge';
import { llmEntities } from '@qingnang/llm';
import {
  JudgementService,
  JudgePurpose,
  preferenceEntities,
  ReferenceService,
  selectPairs,
  type SelectedPair,
} from '@qingnang/preference';
import { uuidv7 } from '@qingnang/kernel';
import { importDialogues, makeSource } from '../support/corpus.js';
import { type LlmBench, openLlmBench } from '../support/llm.js';
import { createTestDataSource } from '../support/postgres.js';
import { addCandidates, promptsOf } from '../support/preference.js';
import { makePerson } from '../support/review.js';

let db: Awaited<ReturnType<typeof createTestDataSource>>;
let bench: LlmBench;

beforeAll(async () => {
  db = await createTestDataSource([...corpusEntities, ...llmEntities, ...judgeEntities, ...preferenceEntities]);
});
afterAll(() => db.close());
beforeEach(async () => {
  bench = await openLlmBench(db.dataSource);
  bench.purposes.register(new JudgePurpose());
  return () => bench.close();
});

const INSOMNIA = '最近总是失眠怎么办？';
/** What another complaint's leaflet says: athlete's foot. */
const WRONG = '这个注意保持干燥、每天换袜，穿宽松鞋就行，皮肤破了请及时就诊。';
const RIGHT = '考虑是压力大引起的，建议睡前泡脚、少看手机，少喝浓茶，定时上床，失眠超过一月请及时就诊。';

async function promptWith(question: string, reference: string | null, candidates: readonly string[]) {
  const source = await makeSource(db.dataSource, bench.projectId);
  await importDialogues(db.dataSource, source, [[question, '见下。']]);
  const ids = await promptsOf(db.dataSource, bench.projectId);
  const [promptId] = await db.dataSource
    .query<{ id: string }[]>(
      `select p.id from prompt p where p.id = any($1) and not exists (select from candidate c where c.prompt_id = p.id)
       order by p.created_at desc, p.id desc limit 1`,
      [ids],
    )
    .then((rows) => rows.map((row) => row.id));
  if (reference !== null) {
    await db.dataSource.query(
      `insert into reference (id, project_id, prompt_id, kind, text) values ($1, $2, $3, 'answer', $4)`,
      [uuidv7(), bench.projectId, promptId, reference],
    );
  }
  return {
    promptId: promptId!,
    candidates: await addCandidates(db.dataSource, bench.projectId, promptId!, candidates),
  };
}

async function estimateJudging() {
  const rubric = await db.dataSource.transaction((tx) => ensureRubric(tx, bench.projectId));
  const { id } = await db.dataSource.transaction((tx) =>
    bench.service.create(tx, bench.actor, {
      purpose: 'judge',
      name: 'judge',
      providerId: bench.providerId,
      model: 'rehearsal-judge',
      promptVersionIds: [rubric.promptVersionId!],
      settings: { rubricVersionId: rubric.id },
    }),
  );
  return bench.detail(id);
}

async function judge(): Promise<void> {
  const { id } = await estimateJudging();
  await bench.start(id);
  await bench.runLane(id);
  expect(await bench.detail(id)).toMatchObject({ state: 'done', counts: { failed: 0 } });
}

const judgements = async (filter: { referenceGrade?: ReferenceGrade } = {}): Promise<JudgementView[]> => {
  const lead = await makePerson(db.dataSource, bench.projectId, ['data_lead']);
  const page = { page: 1, perPage: 50, sort: 'createdAt', order: 'desc' } as const;
  return (await new JudgementService(db.dataSource).list(lead, { ...page, ...filter })).items;
};

async function pairs(): Promise<SelectedPair[]> {
  const found: SelectedPair[] = [];
  for await (const pair of selectPairs(db.dataSource.manager, bench.projectId, {})) found.push(pair);
  return found;
}

describe('a doctor’s reference that is wrong', () => {
  it('is graded so, in both orders, and the candidate that repeats it does not win', async () => {
    const { candidates } = await promptWith(INSOMNIA, WRONG, [WRONG, RIGHT]);
    await judge();
    const made = await judgements();
    expect(made).toHaveLength(2);
    for (const { referenceGrade, referenceWeight, items } of made) {
      expect([referenceGrade, referenceWeight]).toEqual(['wrong', 0]);
      const of = (id: string) => items.find((item) => item.candidateId === id)!;
      const [wrong, right] = candidates.map((id) => of(id!));
      // It does agree with the doctor; that just counts for nothing.
      expect(wrong!.scores.agreement).toBe(10);
      expect(right!.scores.agreement).toBeLessThan(5);
      expect(right!.total!).toBeGreaterThan(wrong!.total! + 1);
      const mean = defaultDimensions.reduce((sum, { key }) => sum + right!.scores[key]!, 0) / defaultDimensions.length;
      expect(right!.total).toBeCloseTo(mean, 10);
    }
    expect(await pairs()).toMatchObject([{ chosenId: candidates[1], rejectedId: candidates[0], evidence: 'ai' }]);
  });

  it('is found by its grade, among judgements and among references', async () => {
    await promptWith(INSOMNIA, WRONG, [WRONG, RIGHT]);
    await promptWith('孩子便秘好几天了', '多喝温水，多吃蔬菜，适量运动，便中带血请及时就诊。', [
      '多喝温水。',
      '随便。',
    ]);
    await promptWith('痛经怎么缓解', null, ['热敷。', '忍忍。']);
    await judge();
    const grades = (await judgements()).map((one) => one.referenceGrade ?? 'none').sort();
    expect(grades).toEqual(['complete', 'complete', 'none', 'none', 'wrong', 'wrong']);
    expect(await judgements({ referenceGrade: 'wrong' })).toHaveLength(2);
    const lead = await makePerson(db.dataSource, bench.projectId, ['data_lead']);
    const page = { page: 1, perPage: 50, sort: 'createdAt', order: 'desc' } as const;
    const references = new ReferenceService(db.dataSource);
    expect((await references.list(lead, { ...page, grade: 'wrong' })).items).toMatchObject([
      { text: WRONG, grade: 'wrong' },
    ]);
    expect((await references.list(lead, { ...page, grade: 'unsafe' })).items).toEqual([]);
  });
});

it('an estimate does not count prompts without candidates as done', async () => {
  await promptWith(INSOMNIA, WRONG, [WRONG, RIGHT]);
  await promptWith('痛经怎么缓解', null, ['热敷。']);
  await promptWith('孩子便秘好几天了', null, []);
  const before = await estimateJudging();
  expect(before.estimate).toMatchObject({ subjects: 3, calls: 2, alreadyDone: 0, lacking: 2 });
  await judge();
  const after = await estimateJudging();
  expect(after.estimate).toMatchObject({ subjects: 3, calls: 0, alreadyDone: 1, lacking: 2 });
});

it('a rubric from before references were graded is followed by one that asks for it', async () => {
  const { manager } = db.dataSource;
  const id = uuidv7();
  const earlier = defaultDimensions.filter(({ key }) => key !== 'diagnosis');
  await manager.insert(RubricVersionEntity, {
    id,
    projectId: bench.projectId,
    key: 'reward',
    number: 1,
    dimensions: earlier,
    promptVersionId: null,
  });
  const today = await db.dataSource.transaction((tx) => ensureRubric(tx, bench.projectId));
  expect(today).toMatchObject({ number: 2, gradesReference: true });
  expect(today.dimensions.map(({ name_zh }) => name_zh)).toContain('诊断能力');
  expect(await db.dataSource.transaction((tx) => ensureRubric(tx, bench.projectId))).toEqual(today);
  expect(await manager.findOneByOrFail(RubricVersionEntity, { id })).toMatchObject({ gradesReference: false });
});
