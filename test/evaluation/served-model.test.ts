import { readFileSync, readdirSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type ChatEvent,
  type EvaluationItemView,
  type EvaluationView,
  type LlmJobDetail,
  type ModelView,
  type ProviderView,
  type RunMetrics,
} from '@qingnang/contracts';
import { importDialogues, makeSource } from '../support/corpus.js';
import { eventually, startWorkshop, type Workshop } from '../support/served-models.js';

let shop: Workshop;
let first: ModelView;
let second: ModelView;
/** Polishes that the first model brought to an end. */
let polished = 0;

beforeAll(async () => {
  shop = await startWorkshop();
  first = await shop.train('first model', 7);
  second = await shop.train('second model', 8);
});
afterAll(() => shop?.close());

const lead = () => shop.api.as('data_lead');

/** A talk over the wire, as a browser reads it. */
async function chat(body: object, onEvent?: (event: ChatEvent) => void, signal?: AbortSignal): Promise<Response> {
  const response = await fetch(`${shop.address}${shop.api.project.path}/chat`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${shop.api.people.data_lead.token}`,
      'content-type': 'application/json',
    },
    body: JSON.stringify(body),
    ...(signal ? { signal } : {}),
  });
  if (response.status !== 200 || !onEvent) return response;
  let rest = '';
  for await (const piece of response.body!.pipeThrough(new TextDecoderStream())) {
    const events = (rest + piece).split('\n\n');
    rest = events.pop()!;
    events.forEach((event) => onEvent(JSON.parse(event.slice('data: '.length)) as ChatEvent));
  }
  return response;
}
const ask = (content: string, more: object = {}): object => ({
  modelId: first.id,
  messages: [{ role: 'user', content }],
  maxTokens: 40,
  ...more,
});

/** Model servers below this process, by the name they answer to. */
function serverPids(name: string): number[] {
  return readdirSync('/proc').flatMap((pid) => {
    if (!/^\d+$/.test(pid)) return [];
    try {
      const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
      const parent = /^PPid:\t(\d+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
      return Number(parent) === process.pid && command.includes('serve') && command.includes(name) ? [Number(pid)] : [];
    } catch {
      return [];
    }
  });
}

it('was reported on by its trainer over HTTP while it was trained', async () => {
  const { series } = (await lead().get(`/runs/${first.runId}/metrics`)).body as RunMetrics;
  expect(series.map(({ key }) => key)).toEqual(expect.arrayContaining(['eval/loss', 'train/loss']));
  const [token] = await shop.api.dataSource.query(
    'select last_used_at is not null as used, revoked_at is not null as revoked from api_key where run_id = $1',
    [first.runId],
  );
  expect(token).toEqual({ used: true, revoked: true });
});

describe('a talk with a registered model', () => {
  it('wakes it, streams its words and marks them as rehearsal', async () => {
    const partners = (await lead().get('/chat/partners')).body as { items: { modelId: string | null }[] };
    expect(partners.items.map(({ modelId }) => modelId)).toEqual(expect.arrayContaining([first.id, second.id]));
    const events: ChatEvent[] = [];
    const response = await chat(ask('头痛两天了，怎么办？', { temperature: 0 }), (event) => events.push(event));
    expect(response.status).toBe(200);
    const words = events.flatMap((event) => (event.type === 'text' ? [event.text] : []));
    expect(words.length).toBeGreaterThan(1);
    expect(events.at(-1)).toMatchObject({ type: 'done', rehearsal: true });
    const model = (await lead().get(`/models/${first.id}`)).body as ModelView;
    expect(model.server).toMatchObject({ state: 'ready', failure: null });
    const [call] = await shop.api.dataSource.query(
      `select c.state, c.rehearsal, p.answer from llm_call c join llm_payload p on p.call_id = c.id where c.purpose = 'chat'`,
    );
    expect(call).toEqual({ state: 'answered', rehearsal: true, answer: words.join('') });
  });

  it('goes on over several turns', async () => {
    const events: ChatEvent[] = [];
    const messages = [
      { role: 'user', content: '头痛两天了，怎么办？' },
      { role: 'assistant', content: '您好，建议多休息。' },
      { role: 'user', content: '还有咳嗽。' },
    ];
    await chat({ modelId: first.id, messages, maxTokens: 20 }, (event) => events.push(event));
    expect(events.at(-1)).toMatchObject({ type: 'done', rehearsal: true });
  });

  it('is refused clearly when it is longer than the model can read', async () => {
    const response = await chat(ask('头痛两天了，怎么办？'.repeat(60)));
    expect(response.status).toBe(422);
    expect(await response.json()).toMatchObject({ code: 'chat.context_too_long', field: 'messages' });
  });

  it('ends at the reader’s wish, and what was said stands in the ledger', async () => {
    const stop = new AbortController();
    const talk = chat(ask('失眠一周了，怎么办？', { maxTokens: 200, temperature: 1 }), () => stop.abort(), stop.signal);
    await expect(talk).rejects.toThrow(/abort/i);
    const open = () =>
      shop.api.dataSource.query<unknown[]>(`select from llm_call where purpose = 'chat' and state = 'sending'`);
    await eventually(async () => (await open()).length === 0);
    const [left] = await shop.api.dataSource.query(`select count(*)::int as n from llm_call where state = 'in_doubt'`);
    expect(left).toEqual({ n: 0 });
  });

  it('finds the model again after its process was killed', async () => {
    const [pid] = serverPids('first model');
    process.kill(pid!, 'SIGKILL');
    await eventually(() => Promise.resolve(serverPids('first model').some((each) => each !== pid)));
    const events: ChatEvent[] = [];
    await eventually(async () => (await chat(ask('咳嗽三天了。'), (event) => events.push(event))).status === 200);
    expect(events.at(-1)).toMatchObject({ type: 'done' });
  });

  it('is for those who may, with words inside the house', async () => {
    expect((await shop.api.nobody().post('/chat', ask('您好'))).status).toBe(401);
    expect((await shop.api.as('annotator').post('/chat', ask('您好'))).status).toBe(403);
    expect((await shop.api.as('stranger').post('/chat', ask('您好'))).status).toBe(404);
    expect((await lead().post('/chat', { ...ask('您好'), messages: [] })).status).toBe(422);
    const unknown = await lead().post('/chat', { ...ask('您好'), modelId: shop.api.project.id });
    expect(unknown.body).toMatchObject({ code: 'model.not_found', status: 404 });
  });
});

describe('a registered model in a polish job', () => {
  it('sleeps, is woken by the job, and has stored what it brought to an end with a text-only template', async () => {
    await lead().delete(`/models/${first.id}/server`);
    await eventually(async () => {
      const { server } = (await lead().get(`/models/${first.id}`)).body as ModelView;
      return server?.state === 'stopped' && serverPids('first model').length === 0;
    });
    const asleep = (await lead().get(`/providers/${first.providerId}`)).body as ProviderView;
    expect(asleep.waits).toEqual({ reason: 'asleep', model: null, until: null });

    const source = await makeSource(shop.api.dataSource, shop.api.project.id);
    await importDialogues(
      shop.api.dataSource,
      source,
      ['头痛', '咳嗽', '发热', '腹痛', '腰痛'].map((word) => [`${word}两天了，怎么办？`, `${word}要多休息。`]),
    );
    const [template] = await shop.api.dataSource.query<{ id: string }[]>(
      `select v.id from prompt_version v join prompt_template t on t.id = v.template_id where t.key = 'polish_text'`,
    );
    const made = await lead().post('/llm-jobs', {
      purpose: 'polish',
      name: 'by our own model',
      promptVersionIds: [template!.id],
      providerId: first.providerId,
      model: first.name,
    });
    expect(made.status, made.text).toBe(201);
    const { id } = made.body as LlmJobDetail;
    expect((await lead().post(`/llm-jobs/${id}/start`)).status).toBe(202);
    const done = await eventually(async () => {
      const job = (await lead().get(`/llm-jobs/${id}`)).body as LlmJobDetail;
      return job.state !== 'running' && job;
    });
    expect(done).toMatchObject({ state: 'done', failure: null });
    const items = await shop.api.dataSource.query<{ state: string; error: string | null; rehearsal: boolean | null }[]>(
      `select i.state, i.error_code as error, v.rehearsal from llm_item i left join version v on v.id = i.result_id
       where i.job_id = $1`,
      [id],
    );
    expect(items).toHaveLength(5);
    // So small a model does not always come to an end: what broke off is no polish, and says so.
    for (const item of items) {
      if (item.state === 'stored') expect(item).toMatchObject({ error: null, rehearsal: true });
      else expect(item).toMatchObject({ state: 'failed', error: expect.stringMatching(/^(truncated|empty)$/) });
    }
    polished = items.filter(({ state }) => state === 'stored').length;
  });
});

describe('an evaluation', () => {
  const entrant = ({ id }: ModelView) => ({ kind: 'model', modelId: id });
  let judge: object;
  beforeAll(async () => {
    const [provider] = await shop.api.dataSource.query<{ id: string }[]>(
      `select id from provider where project_id = $1 and kind = 'rehearsal'`,
      [shop.api.project.id],
    );
    judge = { kind: 'model', providerId: provider!.id, model: 'rehearsal-judge' };
  });

  const questions = Array.from({ length: 10 }, (_, n) => ({
    messages: [{ role: 'user', content: `${['头痛', '咳嗽', '发热', '腹痛', '失眠'][n % 5]}${n + 2}天了，怎么办？` }],
    reference: '您好，建议多休息，多喝水，按时复诊。',
    category: n % 2 === 0 ? '治疗方案' : '就医建议',
  }));

  it('needs a frozen suite and two models that speak', async () => {
    const draft = (await lead().post('/suites', { name: '十问', questions })).body as { id: string; items: number };
    expect(draft).toMatchObject({ state: 'draft', version: 1, items: 10 });
    const body = { name: 'e', suiteId: draft.id, entrants: [entrant(first), entrant(second)], judges: [judge] };
    expect((await lead().post('/evaluations', body)).body).toMatchObject({ status: 422, field: 'suiteId' });
    expect((await lead().post('/evaluations', { ...body, entrants: [entrant(first), entrant(first)] })).status).toBe(
      422,
    );
    const twice = await lead().post('/suites', { name: '重复', questions: [questions[0], questions[0]] });
    expect(twice.body).toMatchObject({ code: 'suite.repeated_question', field: 'questions.1' });
    expect((await shop.api.as('annotator').post('/evaluations', body)).status).toBe(403);
    expect((await lead().post(`/suites/${draft.id}/freeze`)).body).toMatchObject({ state: 'frozen' });
    expect((await lead().post(`/suites/${draft.id}/freeze`)).body).toMatchObject({ code: 'suite.frozen' });
    expect((await lead().post('/suites', { name: '十问', questions })).body).toMatchObject({ version: 2 });
  });

  it('lets both models answer, judges in both orders and adds up', async () => {
    const [suite] = await shop.api.dataSource.query<{ id: string }[]>(`select id from suite where state = 'frozen'`);
    const made = await lead().post('/evaluations', {
      name: '七号对八号',
      suiteId: suite!.id,
      entrants: [entrant(first), entrant(second)],
      judges: [judge],
      maxTokens: 40,
    });
    expect(made.status, made.text).toBe(202);
    const { id } = made.body as EvaluationView;
    const done = await eventually(async () => {
      const seen = (await lead().get(`/evaluations/${id}`)).body as EvaluationView;
      if (seen.state === 'failed') throw new Error(String(seen.failure));
      return seen.state === 'done' && seen;
    });
    const { summary } = done.results.judges[0]!.pairs[0]!;
    expect(done).toMatchObject({
      rehearsal: true,
      done: 40,
      total: 40,
      judges: [{ model: 'rehearsal-judge', done: 20 }],
    });
    expect(done.entrants).toMatchObject([
      { name: first.name, answered: 10, failed: 0 },
      { name: second.name, answered: 10, failed: 0 },
    ]);
    expect(summary).toMatchObject({ questions: 10, missing: 0 });
    expect(summary.win + summary.tie + summary.loss).toBe(10);
    expect(summary.byCategory.map(({ category, questions: n }) => [category, n])).toEqual([
      ['就医建议', 5],
      ['治疗方案', 5],
    ]);
    const { items } = (await lead().get(`/evaluations/${id}/items?perPage=50`)).body as { items: EvaluationItemView[] };
    expect(items.map(({ n }) => n)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    for (const item of items) {
      expect(item.verdicts.map((verdict) => verdict.first)).toEqual(['a', 'b']);
      expect(item.answerA).not.toBeNull();
    }
    for (const outcome of ['win', 'tie', 'loss'] as const) {
      const page = await lead().get(`/evaluations/${id}/items?outcome=${outcome}`);
      expect((page.body as { total: number }).total).toBe(summary[outcome]);
      expect(items.filter((item) => item.outcome === outcome)).toHaveLength(summary[outcome]);
    }
    const [labels] = await shop.api.dataSource.query('select count(*)::int as n from judgement');
    expect(labels).toEqual({ n: 0 });
    expect((await lead().post(`/evaluations/${id}/cancel`)).body).toMatchObject({ code: 'evaluation.ended' });
  });

  it('is ended by its maker, together with its jobs', async () => {
    const [suite] = await shop.api.dataSource.query<{ id: string }[]>(`select id from suite where state = 'frozen'`);
    const who = { entrants: [entrant(second), entrant(first)], judges: [judge] };
    const body = { name: 'cut short', suiteId: suite!.id, ...who, maxTokens: 39 };
    const { id } = (await lead().post('/evaluations', body)).body as EvaluationView;
    expect((await lead().post(`/evaluations/${id}/cancel`)).body).toMatchObject({ state: 'cancelled' });
    const jobs = await shop.api.dataSource.query<{ state: string }[]>(
      'select state from llm_job where parent_id = $1',
      [id],
    );
    expect(jobs.map(({ state }) => state)).toEqual(['cancelled', 'cancelled']);
  });

  it('shows on the dashboard with all that led to it', async () => {
    const dashboard = await lead().get('/dashboard');
    expect(dashboard.status, dashboard.text).toBe(200);
    const { stops, lastRun, nextStep } = dashboard.body as {
      stops: { key: string; count: number }[];
      lastRun: { method: string; curves: { key: string }[] };
      nextStep: string;
    };
    const counts = Object.fromEntries(stops.map(({ key, count }) => [key, count]));
    expect(counts).toMatchObject({ records: 5, polish: polished, snapshot: 2, sft: 2, evaluation: 2, ppo: 0 });
    expect(lastRun).toMatchObject({ method: 'sft' });
    expect(lastRun.curves.map(({ key }) => key)).toContain('train/loss');
    expect(nextStep).toBe(polished > 0 ? 'review' : 'polish');
    expect((await shop.api.as('doctor').get('/dashboard')).status).toBe(403);
  });
});
