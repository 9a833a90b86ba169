import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { corpusEntities } from '@qingnang/corpus';
import { llmEntities } from '@qingnang/llm';
import type { LlmJobDetail } from '@qingnang/contracts';
import type { DataSource } from 'typeorm';
import { importDialogues, makeSource } from '../support/corpus.js';
import { type LlmBench, openLlmBench, shortDialogues } from '../support/llm.js';
import { createTestDataSource } from '../support/postgres.js';

let dataSource: DataSource;
let close: () => Promise<void>;
let bench: LlmBench;

beforeAll(async () => {
  ({ dataSource, close } = await createTestDataSource([...llmEntities, ...corpusEntities]));
});
afterAll(() => close());

/** Runs a polish of `records` records under these faults to its end. */
async function polishUnder(faults: object[], records = 6): Promise<LlmJobDetail> {
  bench = await openLlmBench(dataSource);
  const source = await makeSource(dataSource, bench.projectId);
  await importDialogues(dataSource, source, shortDialogues(records));
  await bench.setFaults(faults);
  return runToEnd();
}

async function runToEnd(): Promise<LlmJobDetail> {
  const job = await bench.createPolish();
  await bench.start(job.id);
  // A lane leaves long pauses to the queue; here the pauses are cut short.
  await expect
    .poll(
      async () => {
        await bench.runLane(job.id);
        await dataSource.query('update model_breaker set open_until = null where project_id = $1', [bench.projectId]);
        await dataSource.query(`update llm_item set run_at = now() where job_id = $1 and run_at > now()`, [job.id]);
        return (await bench.detail(job.id)).state;
      },
      { timeout: 120_000, interval: 10 },
    )
    .not.toBe('running');
  return bench.detail(job.id);
}

const errorsOf = (jobId: string): Promise<{ error_code: string; n: number }[]> =>
  dataSource.query(
    `select error_code, count(*)::int as n from llm_item where job_id = $1 and error_code is not null group by 1`,
    [jobId],
  );
const keysOf = (jobId: string): Promise<{ keys: number; calls: number; doubts: number }[]> =>
  dataSource.query(
    `select count(distinct idempotency_key)::int as keys, count(*)::int as calls,
       count(*) filter (where state = 'in_doubt')::int as doubts from llm_call where job_id = $1`,
    [jobId],
  );

describe('a provider that fails', () => {
  it('is waited for when it says 429, for as long as it says', async () => {
    const done = await polishUnder([{ kind: 'rate_limit', times: 4, retryAfterMs: 120 }]);
    expect(done).toMatchObject({ state: 'done', counts: { stored: 6 }, reserved: 0 });
    const [waited] = await dataSource.query<{ n: number; ms: number }[]>(
      `with limited as (select item_id, answered_at from llm_call where job_id = $1 and status_code = 429)
       select count(*)::int as n, min(extract(epoch from c.created_at - l.answered_at))::float8 * 1000 as ms
       from limited l join lateral (select created_at from llm_call c where c.item_id = l.item_id
         and c.created_at > l.answered_at order by c.created_at limit 1) c on true`,
      [done.id],
    );
    expect(waited!.n).toBe(4);
    expect(waited!.ms).toBeGreaterThanOrEqual(115);
    expect((await bench.charges()).calls).toBe(6);
    await bench.close();
  });

  it('is asked again after 500, under the same key, and failed after six tries', async () => {
    const done = await polishUnder([{ kind: 'server_error', times: 3 }]);
    expect(done).toMatchObject({ state: 'done', counts: { stored: 6 } });
    const [keys] = await keysOf(done.id);
    expect(keys).toEqual({ keys: 6, calls: 9, doubts: 0 });
    await bench.close();

    const failed = await polishUnder([{ kind: 'server_error' }], 2);
    expect(failed).toMatchObject({ state: 'done', counts: { failed: 2 }, cost: 0, reserved: 0 });
    expect(await errorsOf(failed.id)).toEqual([{ error_code: 'server_error', n: 2 }]);
    const [breaker] = await dataSource.query<{ failures: number }[]>(
      'select failures from model_breaker where provider_id = $1',
      [bench.providerId],
    );
    expect(breaker!.failures).toBe(12);

    await bench.setFaults([]);
    await dataSource.transaction((tx) => bench.service.retryFailed(tx, bench.actor, failed.id));
    await bench.closeBreakers();
    await bench.runLane(failed.id);
    expect(await bench.detail(failed.id)).toMatchObject({ state: 'done', counts: { stored: 2 } });
    await bench.close();
  });

  it('leaves calls in doubt when it answers too late or cuts the line; resent under the same key they cost once', async () => {
    const done = await polishUnder([
      { kind: 'timeout', times: 2, delayMs: 3_000 },
      { kind: 'cut_stream', times: 2 },
    ]);
    expect(done).toMatchObject({ state: 'done', counts: { stored: 6 }, inDoubtTotal: 4, reserved: 0 });
    const [keys] = await keysOf(done.id);
    expect(keys).toEqual({ keys: 6, calls: 10, doubts: 4 });
    const charges = await bench.charges();
    expect(charges.calls).toBe(6);
    expect(done.cost).toBeCloseTo((charges.prompt_tokens * 2 + charges.completion_tokens * 8) / 1e6, 6);
    await bench.close();
  });

  it('keeps doubtful calls charged at their estimate where it honours no key', async () => {
    bench = await openLlmBench(dataSource);
    await bench.updateProvider('honours_idempotency = false');
    const source = await makeSource(dataSource, bench.projectId);
    await importDialogues(dataSource, source, shortDialogues(3));
    await bench.setFaults([{ kind: 'cut_stream', times: 1 }]);
    const done = await runToEnd();
    expect(done).toMatchObject({ state: 'done', counts: { stored: 3 }, inDoubtTotal: 1 });
    expect(done.reserved).toBeGreaterThan(0);
    await bench.close();
  });

  it('is asked anew for an answer that cannot be read, three times, then the item fails as unparsable', async () => {
    const mended = await polishUnder([{ kind: 'broken_json', times: 2 }]);
    expect(mended).toMatchObject({ state: 'done', counts: { stored: 6 } });
    expect((await bench.charges()).calls).toBe(8);
    expect((await keysOf(mended.id))[0]!.keys).toBe(8);
    await bench.close();

    const broken = await polishUnder([{ kind: 'broken_json' }], 2);
    expect(broken).toMatchObject({ state: 'done', counts: { failed: 2 } });
    expect(await errorsOf(broken.id)).toEqual([{ error_code: 'unparsable', n: 2 }]);
    const charges = await bench.charges();
    expect(charges.calls).toBe(6);
    expect(broken.cost).toBeCloseTo((charges.prompt_tokens * 2 + charges.completion_tokens * 8) / 1e6, 6);
    await bench.close();
  });

  it('is not reached: nothing was bought, the items wait', async () => {
    bench = await openLlmBench(dataSource);
    await bench.close();
    const source = await makeSource(dataSource, bench.projectId);
    await importDialogues(dataSource, source, shortDialogues(1));
    const done = await runToEnd();
    expect(done).toMatchObject({ state: 'done', counts: { failed: 1 }, cost: 0, reserved: 0 });
    expect(await errorsOf(done.id)).toEqual([{ error_code: 'not_sent', n: 1 }]);
  });
});

describe('a provider that refuses', () => {
  let server: Server;
  let reply: (n: number) => { status: number; body: string; location?: string };
  let asked = 0;

  beforeAll(async () => {
    server = createServer((request, response) => {
      request.resume().on('end', () => {
        const { status, body, location } = reply(++asked);
        const headers = { 'content-type': 'application/json', ...(location ? { location } : {}) };
        response.writeHead(status, headers).end(body);
      });
    }).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
  });
  afterAll(() => server.close());

  async function polishAgainst(answer: typeof reply, records: number, allowed = true): Promise<LlmJobDetail> {
    bench = await openLlmBench(dataSource);
    reply = answer;
    asked = 0;
    const url = `http://localhost:${(server.address() as AddressInfo).port}/v1`;
    await bench.updateProvider(`kind = 'external', outside = false, inside_address = $3, base_url = $2`, [
      url,
      allowed,
    ]);
    const source = await makeSource(dataSource, bench.projectId);
    await importDialogues(dataSource, source, shortDialogues(records));
    return runToEnd();
  }

  it('fails an item at once on 400, and by name when the text is too long for it', async () => {
    const long = JSON.stringify({ error: { message: 'x', code: 'context_length_exceeded' } });
    const done = await polishAgainst((n) => ({ status: 400, body: n === 1 ? long : '{"error":{"message":"no"}}' }), 3);
    expect(done.counts.failed).toBe(3);
    expect(asked).toBe(3);
    expect((await errorsOf(done.id)).toSorted((a, b) => a.n - b.n)).toEqual([
      { error_code: 'context_too_long', n: 1 },
      { error_code: 'request_rejected', n: 2 },
    ]);
    await bench.close();
  });

  it('pauses the whole job on 401 instead of spending every item on it', async () => {
    const paused = await polishAgainst(() => ({ status: 401, body: '{}' }), 9);
    expect(paused).toMatchObject({ state: 'paused', failure: 'provider_unauthorised', cost: 0 });
    expect(paused.counts).toMatchObject({ waiting: 9, failed: 0 });
    expect(asked).toBeLessThanOrEqual(4);
    await bench.close();
  });

  it('pauses the whole job where it sends on to another server, which hears nothing', async () => {
    const heard: string[] = [];
    const other = createServer((request, response) => {
      heard.push(request.url ?? '');
      response.end('{}');
    }).listen(0, '127.0.0.1');
    await new Promise((resolve) => other.once('listening', resolve));
    const location = `http://127.0.0.1:${(other.address() as AddressInfo).port}/v1/chat/completions`;
    const paused = await polishAgainst(() => ({ status: 307, body: '', location }), 9);
    expect(paused).toMatchObject({ state: 'paused', failure: 'provider_redirects', cost: 0 });
    expect(paused.counts).toMatchObject({ waiting: 9, failed: 0 });
    expect(heard).toEqual([]);
    await bench.close();
    other.close();
  });

  it('pauses where a name leads inside and nobody has allowed it to: not a word is sent', async () => {
    const paused = await polishAgainst(() => ({ status: 401, body: '' }), 3, false);
    expect(paused).toMatchObject({ state: 'paused', failure: 'provider_address_refused', cost: 0 });
    expect(asked).toBe(0);
    await bench.close();
  });

  it('is tried six times where a document is no document, which buys nothing', async () => {
    const done = await polishAgainst(() => ({ status: 200, body: 'not json at all' }), 1);
    expect(done).toMatchObject({ state: 'done', counts: { failed: 1 }, cost: 0 });
    expect(asked).toBe(6);
    await bench.close();
  });
});
