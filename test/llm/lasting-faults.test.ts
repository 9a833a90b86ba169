import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { LlmJobDetail } from '@qingnang/contracts';
import { corpusEntities } from '@qingnang/corpus';
import { llmEntities, plainAnswer } from '@qingnang/llm';
import type { DataSource } from 'typeorm';
import { claimItems } from '../../libs/llm/src/run/claim-items.js';
import { importDialogues, makeSource } from '../support/corpus.js';
import { type LlmBench, openLlmBench, shortDialogues } from '../support/llm.js';
import { events, json, type ModelServer, openModelServer, type Reply, say } from '../support/model-server.js';
import { createTestDataSource } from '../support/postgres.js';

/** A busy machine is no silent server. */
const PATIENCE_MS = 60_000;

let dataSource: DataSource;
let close: () => Promise<void>;
let bench: LlmBench;
let server: ModelServer;

beforeAll(async () => {
  ({ dataSource, close } = await createTestDataSource([...llmEntities, ...corpusEntities]));
});
afterAll(() => close());
afterEach(async () => {
  await bench.close();
  await server.close();
});

const polished = say(JSON.stringify({ turns: [{ n: 1, text: '您好，请多休息。' }] }));

async function open(reply: Reply, records: number): Promise<void> {
  bench = await openLlmBench(dataSource);
  bench.options.timeoutMs = PATIENCE_MS;
  server = await openModelServer(reply);
  await bench.updateProvider(`kind = 'external', outside = false, inside_address = true, base_url = $2`, [server.url]);
  const source = await makeSource(dataSource, bench.projectId);
  await importDialogues(dataSource, source, shortDialogues(records));
}

/** Works a job off until it no longer runs; pauses are cut short. */
async function workOff(id: string): Promise<LlmJobDetail> {
  await expect
    .poll(
      async () => {
        await bench.runLane(id);
        await bench.closeBreakers();
        await dataSource.query('update llm_item set run_at = now() where job_id = $1 and run_at > now()', [id]);
        return (await bench.detail(id)).state;
      },
      { timeout: 120_000, interval: 10 },
    )
    .not.toBe('running');
  return bench.detail(id);
}

async function polish(reply: Reply, records = 20): Promise<LlmJobDetail> {
  await open(reply, records);
  const job = await bench.createPolish();
  await bench.start(job.id);
  return workOff(job.id);
}

const resume = (id: string) => dataSource.transaction((tx) => bench.service.resume(tx, bench.actor, id));
const temperature = json(400, {
  error: {
    code: 'unsupported_value',
    param: 'temperature',
    message: "Unsupported value: 'temperature' does not support 0.3 with this model.",
  },
});

describe('a fault that will not go away stops the job', () => {
  it.each<[string, number, Reply]>([
    ['model_not_found', 3, json(404, { error: { code: 'model_not_found', message: 'The model `x` does not exist' } })],
    ['model_not_found', 3, json(400, { object: 'error', message: 'The model `x` does not exist.', code: 40301 })],
    ['address_not_found', 3, (response) => response.writeHead(404).end('<html>404</html>')],
    ['unsupported_parameter', 3, temperature],
    [
      'insufficient_quota',
      1,
      json(429, { error: { code: 'insufficient_quota', message: 'You exceeded your current quota' } }),
    ],
    ['insufficient_quota', 1, json(402, { error: { message: 'Insufficient Balance' } })],
    ['provider_unauthorised', 1, json(401, { error: { message: 'Incorrect API key provided: sk-abcdef123456.' } })],
  ])('%s: after %i equal answers, with nothing spent and every item waiting', async (code, equal, reply) => {
    const paused = await polish(reply);
    expect(paused).toMatchObject({ state: 'paused', failure: code, cost: 0, reserved: 0 });
    expect(paused.counts).toMatchObject({ waiting: 20, failed: 0 });
    // Calls that were out already are let come home.
    expect(server.asked.length).toBeLessThanOrEqual(equal + bench.options.concurrency);
    expect(JSON.stringify(paused.failureSaid ?? '')).not.toContain('abcdef');
  });

  it('says what the provider says and which setting it names; without it the job goes on', async () => {
    const paused = await polish((response, asked, n) =>
      (asked.temperature === undefined ? polished : temperature)(response, asked, n),
    );
    expect(paused.failureParam).toBe('temperature');
    expect(paused.failureSaid).toBe("Unsupported value: 'temperature' does not support 0.3 with this model.");
    await bench.updateProvider(
      `models = (select jsonb_agg(m || '{"fixed_sampling": true}') from jsonb_array_elements(models) m)`,
    );
    await resume(paused.id);
    expect(await workOff(paused.id)).toMatchObject({ state: 'done', counts: { stored: 20 }, failureSaid: null });
  });

  it('says nothing of what was asked, though the provider quotes it', async () => {
    const paused = await polish((response, asked, n) => {
      const words = asked.messages.at(-1)!.content;
      const quoted = words.slice(words.indexOf('我最近头晕'), words.indexOf('我最近头晕') + 30);
      json(404, { error: { code: 'model_not_found', message: `No model for ${quoted} (13912345678)` } })(
        response,
        asked,
        n,
      );
    });
    expect(paused.failureSaid).toContain('No model for …');
    expect(paused.failureSaid).not.toMatch(/头晕|血压|139/);
  });

  it('counts questions that are too long one by one, and stops where it is every one of them', async () => {
    const long = json(400, {
      error: { code: 'context_length_exceeded', message: "This model's maximum context length is 512 tokens." },
    });
    const paused = await polish(long);
    expect(paused).toMatchObject({ state: 'paused', failure: 'context_too_long' });
    expect(paused.counts.failed).toBeGreaterThanOrEqual(5);
    expect(paused.counts.waiting).toBeGreaterThan(5);
    await bench.close();
    await server.close();

    const some = await polish((response, asked, n) => (n % 4 === 0 ? long : polished)(response, asked, n));
    expect(some).toMatchObject({ state: 'done', counts: { failed: 5, stored: 15 } });
    await bench.close();
    await server.close();

    // Nothing is left to be spared: such a job has ended.
    expect(await polish(long, 5)).toMatchObject({ state: 'done', counts: { failed: 5, waiting: 0 } });
  });

  it('stops where a model declines again and again, before it was paid for all', async () => {
    const paused = await polish(say('很抱歉，我无法润色这段内容。'));
    expect(paused).toMatchObject({ state: 'paused', failure: 'refused' });
    expect(paused.counts.waiting).toBeGreaterThan(5);
  });

  it('is not followed to another address: neither words nor key go there', async () => {
    const other = await openModelServer(polished);
    const paused = await polish(json(307, {}, { location: `${other.url}/chat/completions` }));
    expect(paused).toMatchObject({ state: 'paused', failure: 'provider_redirects' });
    expect(other.asked).toEqual([]);
    await other.close();
  });
});

describe('a server with ways of its own', () => {
  it('is asked for a stream where it knows no other way, and counted by what it used', async () => {
    const piece = (content: string, finish_reason: string | null = null) => ({
      choices: [{ index: 0, delta: { content }, finish_reason }],
    });
    const streamed = events([
      piece(''),
      piece('{"turns":[{"n":1,'),
      piece('"text":"您好，请休息。"}]}', 'stop'),
      { choices: [], usage: { prompt_tokens: 7, completion_tokens: 5 } },
    ]);
    const refused = json(400, {
      error: { message: 'This model only support stream mode, please enable the stream parameter.' },
    });
    const done = await polish((response, asked, n) => (asked.stream ? streamed : refused)(response, asked, n), 6);
    expect(done).toMatchObject({
      state: 'done',
      counts: { stored: 6 },
      inputTokens: 42,
      outputTokens: 30,
      estimatedCost: 0,
    });
    expect(server.asked.filter(({ stream }) => !stream).length).toBeLessThanOrEqual(bench.options.concurrency);
  });

  it('is told its cap by the name it knows', async () => {
    const refused = json(400, {
      error: {
        code: 'unsupported_parameter',
        param: 'max_tokens',
        message: "'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
      },
    });
    const done = await polish(
      (response, asked, n) => (asked.max_tokens === undefined ? polished : refused)(response, asked, n),
      3,
    );
    expect(done).toMatchObject({ state: 'done', counts: { stored: 3 } });
    expect(server.asked.at(-1)!.max_completion_tokens).toBeGreaterThan(0);
  });
});

describe('jobs of one provider', () => {
  it('go on beside one whose model is broken, which says that it waits', async () => {
    await open(
      (response, asked, n) => (asked.model === 'rehearsal-chat' ? json(500, {}) : polished)(response, asked, n),
      12,
    );
    const broken = await bench.createPolish({ model: 'rehearsal-chat' });
    const sound = await bench.createPolish();
    await bench.start(broken.id);
    await bench.start(sound.id);
    // Two workers, a lane each; the broken one first.
    await Promise.all([bench.runLane(broken.id), bench.runLane(sound.id)]);
    expect(await bench.detail(sound.id)).toMatchObject({ state: 'done', counts: { stored: 12 }, waitsFor: null });
    const waiting = await bench.detail(broken.id);
    expect(waiting).toMatchObject({ state: 'running', waitsFor: { reason: 'failing', model: 'rehearsal-chat' } });
    const ask = {
      messages: [{ role: 'user' as const, content: '?' }],
      settings: { maxOutputTokens: 5 },
      mayLeave: true,
    };
    const where = { purpose: 'test', providerId: bench.providerId, model: 'rehearsal-polish' };
    expect((await bench.gate.askOnce(bench.actor, { ...ask, ...where }, plainAnswer)).type).toBe('complete');
  });

  it('share its places equally, and take turns where there is one', async () => {
    await open(polished, 10);
    await bench.updateProvider('max_concurrency = 4, requests_per_minute = 60000');
    const [one, two] = [await bench.createPolish(), await bench.createPolish()];
    await bench.start(one.id);
    await bench.start(two.id);
    const stopped = AbortSignal.abort();
    await bench.runLane(one.id, stopped);
    await bench.runLane(two.id, stopped);
    const claim = (jobId: string) =>
      dataSource.transaction((tx) => claimItems(tx, { jobId, role: 'answer', owner: 't', leaseSeconds: 60, limit: 8 }));
    const end = (ids: { id: string }[]) =>
      dataSource.query(`update llm_item set state = 'stored' where id = any($1::uuid[])`, [ids.map(({ id }) => id)]);
    const [first, second] = [await claim(one.id), await claim(two.id)];
    expect([first.length, second.length]).toEqual([2, 2]);
    await end([...first, ...second]);

    await bench.updateProvider('max_concurrency = 1');
    const only = await claim(one.id);
    expect([only.length, (await claim(two.id)).length]).toEqual([1, 0]);
    await end(only);
    expect(await claim(one.id)).toEqual([]);
    const turn = await claim(two.id);
    expect(turn).toHaveLength(1);
    await end(turn);
    expect([(await claim(two.id)).length, (await claim(one.id)).length]).toEqual([0, 1]);
  });

  it('leave nothing set aside when they end, and say how far a lowered budget may be overrun', async () => {
    await open((response, asked, n) => {
      if (n === 1) response.destroy();
      else polished(response, asked, n);
    }, 3);
    await bench.updateProvider('honours_idempotency = false');
    const job = await bench.createPolish({ budgetLimit: 10 });
    await bench.start(job.id);
    const done = await workOff(job.id);
    expect(done).toMatchObject({
      state: 'done',
      counts: { stored: 3 },
      inDoubtTotal: 1,
      inFlight: { calls: 0, atMost: 0 },
    });
    const [budget] = await dataSource.query<{ spent: number; reserved: number }[]>(
      'select spent::float8, reserved::float8 from budget where job_id = $1',
      [job.id],
    );
    expect(budget!.reserved).toBe(0);
    expect(budget!.spent).toBeCloseTo(done.cost + done.reserved, 6);
  });
});
