import { uuidv7 } from '@qingnang/kernel';
import { expect, it } from 'vitest';
import {
  type Caller,
  importRows,
  load,
  type LoadBench,
  percentile,
  polishAll,
  startLoadBench,
} from '../support/load-bench.js';

const SIZES = { records: [4_000, 40_000], items: [100, 100_000] };
const READS = 40;

async function makeJob(bench: LoadBench, items: number): Promise<string> {
  const [providerId, jobId] = [uuidv7(), uuidv7()];
  const { dataSource, projectId } = bench;
  await dataSource.query(
    `insert into provider (id, project_id, name, kind, base_url) values ($1::uuid, $2, $1::text, 'external', 'http://127.0.0.1')`,
    [providerId, projectId],
  );
  await dataSource.query(
    `insert into llm_job (id, project_id, purpose, name, provider_id, model, state, started_at, total)
     values ($1, $2, 'polish', 'bench', $3, 'm', 'done', now(), $4)`,
    [jobId, projectId, providerId, items],
  );
  await dataSource.query(
    `insert into llm_job_role (project_id, job_id, role, provider_id, model) values ($1, $2, 'answer', $3, 'm')`,
    [projectId, jobId, providerId],
  );
  await dataSource.query(
    `insert into llm_item (id, project_id, job_id, subject_type, subject_id, idempotency_key, state, result_type, updated_at)
     select gen_random_uuid(), $1, $2, 'record', gen_random_uuid(), n::text, case when n % 50 = 0 then 'failed' else 'stored' end,
       case when n % 50 = 0 then null else 'version' end, now() - interval '1 hour' from generate_series(1, $3) n`,
    [projectId, jobId, items],
  );
  await dataSource.query(
    `insert into llm_call (id, project_id, item_id, job_id, purpose, provider_id, model, request_hash, idempotency_key, state,
       input_tokens, output_tokens, cost, estimated)
     select gen_random_uuid(), project_id, id, job_id, 'polish', $2, 'm', 'x', idempotency_key, 'answered', 200, 100, 0.0012, false
     from llm_item where job_id = $1`,
    [jobId, providerId],
  );
  return jobId;
}

/** Reads some addresses over and over: how long, and what API and PostgreSQL worked for each round. */
async function measure(bench: LoadBench, lead: Caller, paths: readonly string[]) {
  const times: number[] = [];
  for (const path of paths) expect((await lead.send('GET', path)).status).toBe(200);
  const before = bench.cpu();
  for (let n = 0; n < READS; n++) {
    let ms = 0;
    for (const path of paths) ms += (await lead.send('GET', path)).ms;
    times.push(ms);
  }
  const after = bench.cpu();
  const each = (which: 'api' | 'postgres') => Math.round(((after[which] - before[which]) * 10_000) / READS) / 10;
  return { p50: percentile(times, 50), p95: percentile(times, 95), apiMs: each('api'), postgresMs: each('postgres') };
}

// `npm run bench -- dashboard`
it('dashboard: what a refresh costs at two sizes, and a model job’s page', async () => {
  const bench = await startLoadBench();
  try {
    const lead = await bench.person('data_lead');
    const figures: Record<string, unknown>[] = [];
    let there = 0;
    for (const records of SIZES.records) {
      await importRows(bench, records - there);
      await polishAll(bench);
      there = records;
      for (const [what, paths] of [
        ['dashboard', ['/dashboard']],
        ['facets', ['/records/facets']],
        ['first page of records', ['/records?perPage=25']],
      ] as const) {
        figures.push({ what, records, ...(await measure(bench, lead, paths)), load: load() });
      }
    }
    for (const items of SIZES.items) {
      const id = await makeJob(bench, items);
      const paths = [`/llm-jobs/${id}`, `/llm-jobs/${id}/items?perPage=25&sort=id&order=asc`];
      figures.push({ what: 'page of a model job', items, ...(await measure(bench, lead, paths)), load: load() });
    }
    process.stdout.write(`${JSON.stringify({ plan: { ...SIZES, reads: READS }, figures }, null, 2)}\n`);
    const pairs = ['dashboard', 'facets', 'page of a model job'].map((what) =>
      figures.filter((figure) => figure.what === what).map((figure) => figure.postgresMs as number),
    );
    for (const [small, large] of pairs) expect(large!).toBeLessThan(small! * 2 + 3);
  } finally {
    await bench.close();
  }
});
