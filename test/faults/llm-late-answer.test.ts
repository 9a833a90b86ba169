import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { corpusEntities } from '@qingnang/corpus';
import { llmEntities } from '@qingnang/llm';
import type { DataSource } from 'typeorm';
import { importDialogues, makeSource } from '../support/corpus.js';
import { type LlmBench, openLlmBench, shortDialogues } from '../support/llm.js';
import { createTestDataSource } from '../support/postgres.js';

let dataSource: DataSource;
let close: () => Promise<void>;
let bench: LlmBench;
let jobId: string;

/** Requests that wait for the test's word, by their idempotency key in the order they came. */
const waiting: { key: string; answer(): void }[] = [];
let server: Server;

beforeAll(async () => {
  ({ dataSource, close } = await createTestDataSource([...llmEntities, ...corpusEntities]));
  server = createServer((request, response) => {
    request.resume().on('end', () => {
      waiting.push({ key: String(request.headers['idempotency-key']), answer: () => reply(response) });
    });
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
});
afterAll(async () => {
  server.close();
  await close();
});

function reply(response: ServerResponse): void {
  const content = JSON.stringify({ turns: [{ n: 1, text: '您好，考虑高血压，请少盐，每天量血压1次，3天后复诊。' }] });
  response.setHeader('content-type', 'application/json');
  response.end(
    JSON.stringify({
      choices: [{ message: { role: 'assistant', content }, finish_reason: 'stop' }],
      usage: { prompt_tokens: 1000, completion_tokens: 500 },
    }),
  );
}

async function start(honoursKey: boolean): Promise<void> {
  waiting.length = 0;
  bench = await openLlmBench(dataSource);
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
  await bench.updateProvider(
    `kind = 'external', outside = false, inside_address = true, base_url = $2, honours_idempotency = $3`,
    [url, honoursKey],
  );
  const source = await makeSource(dataSource, bench.projectId);
  await importDialogues(dataSource, source, shortDialogues(1));
  jobId = (await bench.createPolish()).id;
  await bench.start(jobId);
}

const patient = { timeoutMs: 30_000, leaseSeconds: 30 };
const asked = (n: number): Promise<void> => expect.poll(() => waiting.length, { interval: 10 }).toBe(n);
/** As if the first worker had been silent for too long, while its call was out. */
const loseLease = (): Promise<unknown> =>
  dataSource.query(`update llm_item set lease_until = now() - interval '1 second' where job_id = $1`, [jobId]);
const setState = (state: string): Promise<unknown> =>
  dataSource.query('update llm_job set state = $2 where id = $1', [jobId, state]);
const calls = (): Promise<{ state: string; second_charge: boolean; cost: number }[]> =>
  dataSource.query(`select state, second_charge, cost::float8 from llm_call where job_id = $1 order by created_at`, [
    jobId,
  ]);
const price = (1000 * 2 + 500 * 8) / 1e6;

describe('an answer that comes after the lease was lost', () => {
  describe.each([
    ['a server that charges every request', false],
    ['a server that honours the key', true],
  ])('from %s', (_name, honoursKey) => {
    beforeEach(() => start(honoursKey));

    it('is stored while nobody else has taken the item', async () => {
      const slow = bench.runLane(jobId, undefined, patient);
      await asked(1);
      // Paused, so that the item in doubt is not asked for again at once.
      await setState('paused');
      await loseLease();
      await expect.poll(async () => (await bench.detail(jobId)).inDoubtTotal, { interval: 20 }).toBe(1);
      waiting[0]!.answer();
      await slow;
      expect((await bench.detail(jobId)).counts.stored).toBe(1);
      await setState('running');
      await bench.runLane(jobId);
      expect(await calls()).toEqual([{ state: 'answered', second_charge: false, cost: price }]);
      expect(waiting).toHaveLength(1);
      expect(await bench.detail(jobId)).toMatchObject({ state: 'done', counts: { stored: 1 } });
      await bench.close();
    });

    it('is entered and not used where another worker has asked again, under the same key', async () => {
      const slow = bench.runLane(jobId, undefined, patient);
      await asked(1);
      await loseLease();
      const quick = bench.runLane(jobId, undefined, patient);
      await asked(2);
      expect(waiting[1]!.key).toBe(waiting[0]!.key);
      waiting[1]!.answer();
      await expect.poll(async () => (await bench.detail(jobId)).counts.stored).toBe(1);
      waiting[0]!.answer();
      await Promise.all([slow, quick]);

      const done = await bench.detail(jobId);
      expect(done).toMatchObject({ state: 'done', counts: { stored: 1 }, inDoubtTotal: 1, reserved: 0 });
      const entered = await calls();
      expect(entered.map((call) => call.state)).toEqual(['answered', 'answered']);
      expect(entered.filter((call) => call.second_charge)).toHaveLength(honoursKey ? 0 : 1);
      expect(done.cost).toBeCloseTo(honoursKey ? price : 2 * price, 6);
      expect(done.secondCharges).toBeCloseTo(honoursKey ? 0 : price, 6);
      const [versions] = await dataSource.query<{ n: number }[]>(
        `select count(*)::int as n from version v join llm_item i on i.subject_id = v.record_id
         where i.job_id = $1 and v.kind = 'polish'`,
        [jobId],
      );
      expect(versions!.n).toBe(1);
      await bench.close();
    });
  });
});
