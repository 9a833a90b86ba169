import type { DataSource, QueryRunner } from 'typeorm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { issueApiKey } from '@qingnang/identity';
import { uuidv7 } from '@qingnang/kernel';
import { KeepRunTokensApart20261129100000 } from '../../migrations/20261129100000-keep-run-tokens-apart.js';
import { BoundProviderAddresses20261129100100 } from '../../migrations/20261129100100-bound-provider-addresses.js';
import { makeProject } from '../support/corpus.js';
import { createTestDataSource } from '../support/postgres.js';

/** Rows as older versions wrote them, carried over by the migrations that changed who may do what. */

let bench: Awaited<ReturnType<typeof createTestDataSource>>;
let source: DataSource;
let runner: QueryRunner;
let projectId: string;
const person = uuidv7();

beforeAll(async () => {
  bench = await createTestDataSource();
  source = bench.dataSource;
  runner = source.createQueryRunner();
  projectId = await makeProject(source);
  await source.query(`insert into person (id, login, display_name) values ($1, 'li', '李')`, [person]);
});
afterAll(async () => {
  await runner?.release();
  await bench?.close();
});

async function tokenOfRun(launcher: 'local' | 'outside'): Promise<string> {
  const runId = uuidv7();
  await source.query(
    `insert into run (id, project_id, name, method, config, seed, folder, launcher, created_by)
     values ($1, $2, $3, 'sft', '{}', 1, $3, $3, $4)`,
    [runId, projectId, launcher, person],
  );
  const token = { projectId, name: launcher, scopes: ['runs:update'], runId, createdBy: person, expiresAt: null };
  return (await issueApiKey(source, token)).id;
}
const makerOf = async (id: string): Promise<string | null> =>
  (await source.query<{ by: string | null }[]>('select created_by as by from api_key where id = $1', [id]))[0]!.by;

it('tokens of runs here become the platform’s, others keep their maker', async () => {
  const migration = new KeepRunTokensApart20261129100000();
  await migration.down(runner);
  const [local, outside] = [await tokenOfRun('local'), await tokenOfRun('outside')];
  const own = { projectId, name: 'own', scopes: ['runs:read'], createdBy: person, expiresAt: null };
  const { id } = await issueApiKey(source, own);
  await migration.up(runner);
  expect(await Promise.all([local, outside, id].map(makerOf))).toEqual([null, person, person]);
});

it('providers keep reaching the house’s own network where they did, and lose what was wrong in their address', async () => {
  const migration = new BoundProviderAddresses20261129100100();
  await migration.down(runner);
  const addresses: [address: string, outside: boolean, after: { base_url: string; inside_address: boolean }][] = [
    ['http://127.0.0.1:8000/v1', true, { base_url: 'http://127.0.0.1:8000/v1', inside_address: true }],
    ['http://10.0.0.5/v1', true, { base_url: 'http://10.0.0.5/v1', inside_address: true }],
    ['http://172.20.0.5:9/v1', true, { base_url: 'http://172.20.0.5:9/v1', inside_address: true }],
    ['http://[fd00::5]:9/v1', true, { base_url: 'http://[fd00::5]:9/v1', inside_address: true }],
    ['http://vllm:8000/v1', true, { base_url: 'http://vllm:8000/v1', inside_address: true }],
    ['http://gpu.hospital.lan/v1', true, { base_url: 'http://gpu.hospital.lan/v1', inside_address: true }],
    ['https://gpu.hospital.org/v1', false, { base_url: 'https://gpu.hospital.org/v1', inside_address: true }],
    ['https://api.example.org/v1', true, { base_url: 'https://api.example.org/v1', inside_address: false }],
    ['https://10.0.0.5.example.org/v1', true, { base_url: 'https://10.0.0.5.example.org/v1', inside_address: false }],
    ['https://me:pw@api.example.org/v1@2', true, { base_url: 'https://api.example.org/v1@2', inside_address: false }],
  ];
  for (const [address, outside] of addresses) {
    await source.query(
      `insert into provider (id, project_id, name, kind, base_url, outside) values ($1, $2, $3, 'external', $3, $4)`,
      [uuidv7(), projectId, address, outside],
    );
  }
  await migration.up(runner);
  for (const [name, , after] of addresses) {
    const [row] = await source.query('select base_url, inside_address from provider where name = $1', [name]);
    expect(row, name).toEqual(after);
  }
});
