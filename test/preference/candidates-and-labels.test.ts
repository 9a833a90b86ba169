import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { corpusEntities } from '@qingnang/corpus';
import { ensureRubric, judgeEntities } from '@qingnang/judge';
import { llmEntities, type NewLlmJob } from '@qingnang/llm';
import {
  CandidatePurpose,
  JudgePurpose,
  preferenceEntities,
  type SelectedPair,
  selectPairs,
  type SelectedPrompt,
  selectPrompts,
} from '@qingnang/preference';
import { importDialogues, makeSource } from '../support/corpus.js';
import { type LlmBench, openLlmBench } from '../support/llm.js';
import { createTestDataSource } from '../support/postgres.js';
import { makeQuestions, promptsOf } from '../support/preference.js';

let db: Awaited<ReturnType<typeof createTestDataSource>>;
let bench: LlmBench;

beforeAll(async () => {
  db = await createTestDataSource([...corpusEntities, ...llmEntities, ...judgeEntities, ...preferenceEntities]);
});
afterAll(() => db.close());
beforeEach(async () => {
  bench = await openLlmBench(db.dataSource);
  bench.purposes.register(new CandidatePurpose());
  bench.purposes.register(new JudgePurpose());
  return () => bench.close();
});

const rows = <Row extends object>(sql: string, ...params: unknown[]): Promise<Row[]> =>
  db.dataSource.query(sql, params);

async function run(job: Omit<NewLlmJob, 'name' | 'providerId'> & { providerId?: string }) {
  const { id } = await db.dataSource.transaction((tx) =>
    bench.service.create(tx, bench.actor, { name: 'job', providerId: bench.providerId, ...job }),
  );
  const estimated = await bench.detail(id);
  await bench.start(id);
  await bench.runLane(id);
  return { estimate: estimated.estimate!, detail: await bench.detail(id) };
}

const candidates = (settings: Record<string, unknown> = {}) =>
  run({ purpose: 'candidate', model: 'rehearsal-doctor', settings: { k: 4, ...settings } });

async function judge(model = 'rehearsal-judge', settings: Record<string, unknown> = {}) {
  const rubric = await db.dataSource.transaction((tx) => ensureRubric(tx, bench.projectId));
  return run({
    purpose: 'judge',
    model,
    promptVersionIds: [rubric.promptVersionId!],
    settings: { rubricVersionId: rubric.id, ...settings },
  });
}

async function all<T>(generator: AsyncGenerator<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const item of generator) found.push(item);
  return found;
}

test('prompts are made of every patient turn, once, with the doctor’s next words as reference where asked', async () => {
  const source = await makeSource(db.dataSource, bench.projectId);
  await importDialogues(db.dataSource, source, [
    ['头晕三天', '血压多少？', '150/95', '少盐，复查。'],
    ['失眠怎么办', '睡前少看手机。'],
  ]);
  const ids = await promptsOf(db.dataSource, bench.projectId, { originalReplies: true });
  expect(ids).toHaveLength(3);
  expect(await promptsOf(db.dataSource, bench.projectId)).toEqual(ids);
  const references = await rows<{ text: string; doctor_id: string | null }>(
    'select f.text, f.doctor_id from reference f join prompt p on p.id = f.prompt_id where p.project_id = $1 order by p.record_id, p.turn_n',
    bench.projectId,
  );
  expect(references).toEqual(
    ['血压多少？', '少盐，复查。', '睡前少看手机。'].map((text) => ({ text, doctor_id: null })),
  );
  const select = (filter: object): Promise<SelectedPrompt[]> =>
    all(selectPrompts(db.dataSource.manager, bench.projectId, filter));
  expect((await select({})).map((prompt) => prompt.turnN)).toEqual([0, 2, 0]);
  expect(await select({ multiTurn: true })).toMatchObject([{ turnN: 2, rehearsal: false }]);
  expect((await select({ hasReference: true })).every((prompt) => prompt.referenceId !== null)).toBe(true);
});

test('k candidates are drawn a prompt, each anew and with where it came from; again draws what is missing', async () => {
  await makeQuestions(db.dataSource, bench.projectId, 3);
  const { estimate, detail } = await candidates();
  expect(estimate).toMatchObject({ subjects: 3, calls: 12, alreadyDone: 0, egressRefused: 0, tooLong: 0 });
  expect(detail).toMatchObject({ state: 'done', cachedCalls: 0, counts: { stored: 12, failed: 0 } });
  const drawn = await rows<{ prompt_id: string; sample_index: number; rehearsal: boolean; settings: { seed: number } }>(
    'select * from candidate where project_id = $1 order by prompt_id, sample_index',
    bench.projectId,
  );
  expect(drawn.map((row) => row.sample_index)).toEqual([0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3]);
  expect(drawn.every((row) => row.rehearsal && row.settings.seed === 1 + row.sample_index)).toBe(true);
  const texts = new Set(drawn.map((row) => (row as unknown as { text: string }).text));
  expect(texts.size).toBeGreaterThan(3);

  const again = await candidates({ k: 6 });
  expect(again.estimate).toMatchObject({ calls: 6, alreadyDone: 0 });
  const anew = await candidates({ k: 2, skipExisting: false });
  expect(anew.detail).toMatchObject({ cachedCalls: 0, counts: { stored: 6 } });
  expect((await bench.charges()).calls).toBe(12 + 6 + 6);
});

test('a judge scores each prompt in both orders, shown the reference; pairs follow from the mean', async () => {
  await makeQuestions(db.dataSource, bench.projectId, 2);
  await rows(
    `insert into reference (id, project_id, prompt_id, kind, text)
     select gen_random_uuid(), project_id, id, 'answer', '多喝水，房间加湿，三天不好请就诊。' from prompt where project_id = $1`,
    bench.projectId,
  );
  await candidates();
  const { estimate, detail } = await judge();
  expect(estimate).toMatchObject({ subjects: 2, calls: 4 });
  expect(detail).toMatchObject({ state: 'done', counts: { stored: 4 } });

  const judgements = await rows<{
    id: string;
    prompt_id: string;
    sample_index: number;
    reference_id: string;
    order: string[];
  }>(
    `select j.id, j.prompt_id, i.sample_index, j.reference_id,
       array(select x.candidate_id::text from judgement_item x where x.judgement_id = j.id order by x.position_shown) as order
     from judgement j join llm_item i on i.id = j.llm_item_id where j.project_id = $1 order by j.prompt_id, i.sample_index`,
    bench.projectId,
  );
  expect(judgements).toHaveLength(4);
  for (const [first, second] of [judgements.slice(0, 2), judgements.slice(2)]) {
    expect(second!.order).toEqual([...first!.order].reverse());
    expect(first!.reference_id).not.toBeNull();
  }
  const [payload] = await rows<{ request: { messages: { content: string }[] } }>(
    `select p.request from llm_payload p join llm_call c on c.id = p.call_id where c.purpose = 'judge' and c.project_id = $1`,
    bench.projectId,
  );
  expect(payload!.request.messages.at(-1)!.content).toContain('多喝水，房间加湿，三天不好请就诊。');
  // Blind to who wrote what.
  expect(payload!.request.messages.at(-1)!.content).not.toContain('rehearsal-doctor');

  const pairs: SelectedPair[] = await all(selectPairs(db.dataSource.manager, bench.projectId, {}));
  expect(pairs.length).toBeGreaterThan(0);
  for (const pair of pairs) {
    expect(pair).toMatchObject({ evidence: 'ai', rehearsal: true, rankGroup: pair.promptId, weight: 1 });
    expect(pair.margin).toBeGreaterThanOrEqual(0.5);
    expect(pair.referenceId).not.toBeNull();
  }
  expect(await all(selectPairs(db.dataSource.manager, bench.projectId, {}, { evidence: ['doctor'] }))).toEqual([]);

  await expect(judge()).rejects.toMatchObject({ code: 'llm_job.nothing_to_do' });
  const again = await judge('rehearsal-judge', { skipJudged: false });
  expect(again.detail).toMatchObject({ counts: { stored: 4 } });
});

test('an answer that cannot be read is asked for again', async () => {
  await makeQuestions(db.dataSource, bench.projectId, 1);
  await candidates();
  await bench.setFaults([{ kind: 'broken_json', times: 1 }]);
  const { detail } = await judge();
  expect(detail).toMatchObject({ state: 'done', counts: { stored: 2, failed: 0 } });
  expect((await bench.charges()).calls).toBe(4 + 2 + 1);
});

test('text of a source not declared de-identified goes to no outside provider', async () => {
  const open = await makeSource(db.dataSource, bench.projectId);
  await importDialogues(db.dataSource, open, [['口苦怎么办', '少吃油腻。']]);
  await makeQuestions(db.dataSource, bench.projectId, 2, { deidentified: false });
  await bench.updateProvider('outside = true');
  const { estimate, detail } = await candidates();
  expect(estimate).toMatchObject({ subjects: 3, calls: 4, egressRefused: 2 });
  expect(detail).toMatchObject({ counts: { stored: 4, skipped: 8 } });
  expect((await bench.charges()).calls).toBe(4);
});
