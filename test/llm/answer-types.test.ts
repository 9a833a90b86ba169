import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { AnswerType, LlmJobDetail, Turn } from '@qingnang/contracts';
import { corpusEntities } from '@qingnang/corpus';
import { defaultDimensions, scoreForm } from '@qingnang/judge';
import { type AnswerForm, llmEntities, plainAnswer } from '@qingnang/llm';
import type { DataSource } from 'typeorm';
import { importDialogues, makeSource } from '../support/corpus.js';
import { type LlmBench, openLlmBench, shortDialogues } from '../support/llm.js';
import {
  completion,
  events,
  inTurn,
  json,
  type ModelServer,
  openModelServer,
  type Reply,
  say,
} from '../support/model-server.js';
import { createTestDataSource } from '../support/postgres.js';

/** A busy machine is no silent server. */
const PATIENCE_MS = 60_000;

let dataSource: DataSource;
let close: () => Promise<void>;
let bench: LlmBench;
let server: ModelServer;
let records: string[];

beforeAll(async () => {
  ({ dataSource, close } = await createTestDataSource([...llmEntities, ...corpusEntities]));
  server = await openModelServer();
});
afterAll(async () => {
  await server.close();
  await close();
});
afterEach(() => bench.close());

/** A polish of `n` records by a server that answers so, worked off to its end. */
async function polish(reply: Reply, n = 1): Promise<LlmJobDetail> {
  bench = await openLlmBench(dataSource);
  bench.options.timeoutMs = PATIENCE_MS;
  server.reply = reply;
  server.asked.length = 0;
  await bench.updateProvider(
    `kind = 'external', inside_address = true, outside = false, honours_idempotency = false, base_url = $2`,
    [server.url],
  );
  const source = await makeSource(dataSource, bench.projectId);
  records = await importDialogues(dataSource, source, shortDialogues(n));
  const job = await bench.createPolish();
  await bench.start(job.id);
  await expect
    .poll(
      async () => {
        await bench.runLane(job.id);
        await bench.closeBreakers();
        await dataSource.query(`update llm_item set run_at = now() where job_id = $1 and run_at > now()`, [job.id]);
        return (await bench.detail(job.id)).state;
      },
      { timeout: 120_000, interval: 10 },
    )
    .not.toBe('running');
  return bench.detail(job.id);
}

const doctorsTurn = (text: string): string => JSON.stringify({ turns: [{ n: 1, text }] });
const polishes = async (): Promise<string[]> => {
  const rows = await dataSource.query<{ turns: Turn[] }[]>(
    `select turns from version where record_id = any($1::uuid[]) and kind = 'polish'`,
    [records],
  );
  return rows.map(({ turns }) => turns[1]!.text);
};
const items = (jobId: string) =>
  dataSource.query<{ state: string; error_code: string | null; output_cap: number | null }[]>(
    'select state, error_code, output_cap from llm_item where job_id = $1 order by id',
    [jobId],
  );
const types = async (jobId: string): Promise<(AnswerType | null)[]> => {
  const rows = await dataSource.query<{ answer_type: AnswerType | null }[]>(
    `select answer_type from llm_call where job_id = $1 order by created_at, id`,
    [jobId],
  );
  return rows.map((row) => row.answer_type);
};

/** One question of a person, whose answer is read by this form. */
async function ask<T>(reply: Reply, form: AnswerForm<T>) {
  bench = await openLlmBench(dataSource);
  bench.options.timeoutMs = PATIENCE_MS;
  server.reply = reply;
  await bench.updateProvider(`kind = 'external', inside_address = true, outside = false, base_url = $2`, [server.url]);
  const question = { messages: [{ role: 'user' as const, content: '我头疼' }], settings: { maxOutputTokens: 50 } };
  const where = { purpose: 'test', providerId: bench.providerId, model: 'rehearsal-chat', mayLeave: true };
  return bench.gate.askOnce(bench.actor, { ...question, ...where }, form);
}

const anyScore: AnswerForm<number> = { read: Number, words: () => [] };
const rubric = { dimensions: defaultDimensions, gradesReference: false };
const scores = scoreForm(rubric, { candidates: 1, reference: false });

describe('an answer is typed once, in the gate', () => {
  it.each<[string, AnswerType, Reply]>([
    ['cut by the provider’s filter', 'filtered', say('您好，根据您的', { finish_reason: 'content_filter' })],
    ['another server’s word for that', 'filtered', say('', { finish_reason: 'sensitive' })],
    ['kept from the model by a filter', 'filtered', json(400, { error: { code: 'content_filter', message: 'no' } })],
    ['a polite refusal', 'refused', say('很抱歉，我无法提供医疗建议。')],
    ['a refusal in English', 'refused', say("I'm sorry, but I can't assist with that request.")],
    ['a refusal in a field of its own', 'refused', say(null, { refusal: "I can't help with that." })],
    ['a refusal as a part of the content', 'refused', say([{ type: 'refusal', refusal: 'No.' }])],
    ['reasoning that never ended', 'truncated', say('<think>先看看原文', { finish_reason: 'length' })],
    ['reasoning that never ended, though said to', 'truncated', say('<thinking>先看看原文')],
    ['reasoning that took all the room', 'truncated', say('', { reasoning_content: '分析', finish_reason: 'length' })],
    ['nothing', 'empty', say('')],
    ['blanks', 'empty', say(' \n ')],
    ['no choice at all', 'empty', json(200, { id: 'c', choices: [] })],
    ['reasoning and nothing else', 'empty', say('<think>想</think>\n')],
    ['a call of a tool', 'unparsable', say(null, { tool_calls: [{ id: 't' }], finish_reason: 'tool_calls' })],
    ['words', 'complete', say('您好，建议您清淡饮食。')],
    [
      'words in parts',
      'complete',
      say([
        { type: 'text', text: '您好，' },
        { type: 'text', text: '请休息。' },
      ]),
    ],
    ['words without a finish', 'complete', say('您好。', { finish_reason: null })],
  ])('%s: %s', async (_name, type, reply) => {
    expect((await ask(reply, plainAnswer)).type).toBe(type);
    const [call] = await dataSource.query<{ answer_type: string }[]>(
      'select answer_type from llm_call where project_id = $1',
      [bench.projectId],
    );
    expect(call!.answer_type).toBe(type);
  });

  it('keeps reasoning apart from what was said, wherever the server puts it', async () => {
    const beside = await ask(say('7.5', { reasoning_content: '分析……' }), anyScore);
    expect(beside).toMatchObject({ type: 'complete', text: '7.5', reasoning: '分析……', read: 7.5 });
    const before = await ask(say('<think>用户想要润色</think>\n您好，建议您清淡饮食。'), plainAnswer);
    expect(before).toMatchObject({ text: '您好，建议您清淡饮食。', reasoning: '用户想要润色' });
    const closed = await ask(say('用户想要润色</think>您好。'), plainAnswer);
    expect(closed).toMatchObject({ text: '您好。', reasoning: '用户想要润色' });
    const [kept] = await dataSource.query<{ answer: string; reasoning: string }[]>(
      'select answer, reasoning from llm_payload where project_id = $1',
      [bench.projectId],
    );
    expect(kept).toEqual({ answer: '您好。', reasoning: '用户想要润色' });
  });

  it('finds a refusal in a judge’s answer, and none where the judge quotes one', async () => {
    const row = (reason: string): string =>
      JSON.stringify({
        scores: [{ id: 'A', correctness: 1, richness: 1, consistency: 1, diagnosis: 1, friendliness: 1, reason }],
      });
    expect((await ask(say(null, { refusal: "I can't help with that." }), scores)).type).toBe('refused');
    expect((await ask(say(row('抱歉，我不能协助处理该请求。')), scores)).type).toBe('refused');
    const quoting = row('候选A只说“很抱歉，我无法提供医疗建议”，没有回答患者关心的用药问题，内容太少。');
    expect((await ask(say(quoting), scores)).type).toBe('complete');
    expect((await ask(say('很抱歉，我无法评价。'), scores)).type).toBe('refused');
    expect((await ask(say('A很好'), scores)).type).toBe('unparsable');
  });

  it('takes an answer that comes as events, and its faults as faults', async () => {
    const piece = (delta: object, finish_reason: string | null = null) => ({
      choices: [{ index: 0, delta, finish_reason }],
    });
    const usage = { choices: [], usage: { prompt_tokens: 3, completion_tokens: 4 } };
    const words = [
      piece({ role: 'assistant', content: '' }),
      piece({ content: '您好，' }),
      piece({ content: '请休息。' }, 'stop'),
      usage,
    ];
    const whole = await ask(events(words), plainAnswer);
    expect(whole).toMatchObject({ type: 'complete', text: '您好，请休息。', inputTokens: 3, outputTokens: 4 });
    expect((await ask(events([piece({ content: '您好' }, 'length')]), plainAnswer)).type).toBe('truncated');
    expect(
      (await ask(events([piece({ reasoning_content: '想' }), piece({ refusal: 'No.' }, 'stop')]), plainAnswer)).type,
    ).toBe('refused');
    await expect(ask(events([piece({ content: '您' })], false), plainAnswer)).rejects.toMatchObject({
      details: { reason: 'connection_cut' },
    });
    await expect(
      ask(events([piece({ content: '您' }), { error: { message: 'overloaded' } }]), plainAnswer),
    ).rejects.toMatchObject({
      details: { reason: 'error_in_answer' },
    });
  });
});

describe('only a complete answer becomes text', () => {
  it('stores what was said, out of fences, chatter and reasoning', async () => {
    const wrapped = `好的，如下{}：\n\`\`\`json\n${doctorsTurn('您好，请多休息。')}\n\`\`\`\n希望有帮助`;
    const done = await polish(
      inTurn(say(wrapped), say(`<think>{"turns":[]}</think>${doctorsTurn('您好，少吃盐。')}`)),
      2,
    );
    expect(done).toMatchObject({ state: 'done', counts: { stored: 2 } });
    expect((await polishes()).toSorted()).toEqual(['您好，少吃盐。', '您好，请多休息。'].toSorted());
  });

  it('buys a cut answer again only with a higher cap, and stops where there is no higher one', async () => {
    const cut = say('您好，建', { finish_reason: 'length' });
    const mended = await polish(inTurn(cut, say(doctorsTurn('您好，请多休息。'))));
    expect(mended).toMatchObject({ state: 'done', counts: { stored: 1 } });
    const [first, second] = server.asked.map((asked) => asked.max_tokens!);
    expect(second).toBe(first! * 2);
    expect(await types(mended.id)).toEqual(['truncated', 'complete']);
    await bench.close();

    const never = await polish(cut);
    expect(never).toMatchObject({ state: 'done', counts: { failed: 1 } });
    expect(await items(never.id)).toEqual([{ state: 'failed', error_code: 'truncated', output_cap: first! * 8 }]);
    expect(server.asked.map((asked) => asked.max_tokens)).toEqual([first, first! * 2, first! * 4]);
    expect(await polishes()).toEqual([]);
    await dataSource.transaction((tx) => bench.service.retryFailed(tx, bench.actor, never.id));
    await bench.runLane(never.id);
    expect(server.asked.at(-1)!.max_tokens).toBeGreaterThan(first! * 4);
    await dataSource.query('update llm_item set output_cap = null where job_id = $1', [never.id]);
    await expect(
      dataSource.transaction((tx) => bench.service.retryFailed(tx, bench.actor, never.id)),
    ).rejects.toMatchObject({ code: 'llm_job.nothing_failed' });
  });

  it.each<[AnswerType, number, Reply]>([
    ['refused', 1, say(doctorsTurn('抱歉，我不能协助处理该请求。'))],
    ['refused', 1, say('很抱歉，我无法润色这段内容。')],
    ['filtered', 1, say('您好，根据您的', { finish_reason: 'content_filter' })],
    ['filtered', 1, json(400, { error: { code: 'data_inspection_failed', message: 'no' } })],
    ['empty', 3, say('')],
    ['unparsable', 3, say(null, { tool_calls: [{ id: 't' }], finish_reason: 'tool_calls' })],
    ['unparsable', 3, say('{"turns":[{"n":1,"text":"您好')],
  ])('%s: own reason after %i purchases, nothing stored', async (type, purchases, reply) => {
    const done = await polish(reply);
    expect(done).toMatchObject({ state: 'done', counts: { failed: 1, stored: 0 } });
    expect((await items(done.id))[0]).toMatchObject({ state: 'failed', error_code: type });
    expect(server.asked).toHaveLength(purchases);
    expect(await types(done.id)).toEqual(Array<AnswerType>(purchases).fill(type));
    expect(await polishes()).toEqual([]);
  });

  it('keeps a doctor’s own refusal: it is not the model’s', async () => {
    bench = await openLlmBench(dataSource);
    bench.options.timeoutMs = PATIENCE_MS;
    server.reply = say(doctorsTurn('很抱歉，这个问题我无法回答。'));
    await bench.updateProvider(`kind = 'external', inside_address = true, outside = false, base_url = $2`, [
      server.url,
    ]);
    const source = await makeSource(dataSource, bench.projectId);
    records = await importDialogues(dataSource, source, [['牙疼', '对不起，这个问题我回答不了，我无法回答这个问题']]);
    const job = await bench.createPolish();
    await bench.start(job.id);
    await bench.runLane(job.id);
    expect(await polishes()).toEqual(['很抱歉，这个问题我无法回答。']);
  });

  it('takes nothing but complete answers from the cache', async () => {
    const refused = await polish(say('很抱歉，我无法提供医疗建议。'));
    expect(refused.counts.failed).toBe(1);
    server.reply = say(doctorsTurn('您好，请多休息。'));
    const again = await bench.createPolish();
    await bench.start(again.id);
    await bench.runLane(again.id);
    expect(await bench.detail(again.id)).toMatchObject({ counts: { stored: 1 }, cachedCalls: 0 });
  });
});

describe('a fault with status 200', () => {
  it.each<[string, Reply]>([
    ['error_in_answer', json(200, { error: { message: 'upstream timed out' } })],
    ['error_in_answer', json(200, { detail: 'Internal error' })],
    ['error_in_answer', say('您', { finish_reason: 'insufficient_system_resource' })],
    [
      'no_completion',
      (response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<html>502 Bad Gateway</html>'),
    ],
    ['no_completion', json(200, [])],
  ])('%s: tried again, not bought, with its own reason', async (code, fault) => {
    const mended = await polish(inTurn(fault, say(doctorsTurn('您好，请多休息。'))));
    expect(mended).toMatchObject({ state: 'done', counts: { stored: 1 } });
    await bench.close();
    const failed = await polish(fault);
    expect(failed).toMatchObject({ state: 'done', counts: { failed: 1 }, cost: 0, reserved: 0 });
    expect(await items(failed.id)).toMatchObject([{ error_code: code }]);
  });

  it('waits as told by a 429, and goes on', async () => {
    const limited = json(
      429,
      { error: { code: 'rate_limit_exceeded', message: 'slow down' } },
      { 'retry-after-ms': '20' },
    );
    const done = await polish(inTurn(limited, say(doctorsTurn('您好，请多休息。'))));
    expect(done).toMatchObject({ state: 'done', counts: { stored: 1 } });
  });

  it('counts an answer without usage by its own rule, marked as an estimate', async () => {
    const done = await polish(json(200, completion({ content: doctorsTurn('您好，请多休息。'), usage: null })));
    expect(done.counts.stored).toBe(1);
    expect(done.estimatedCost).toBeGreaterThan(0);
    expect(done.cost).toBe(done.estimatedCost);
    expect(done.reserved).toBe(0);
    const [call] = await dataSource.query<{ estimated: boolean; output_tokens: number }[]>(
      'select estimated, output_tokens from llm_call where job_id = $1',
      [done.id],
    );
    expect(call!.estimated).toBe(true);
    expect(call!.output_tokens).toBeGreaterThan(8);
  });
});
