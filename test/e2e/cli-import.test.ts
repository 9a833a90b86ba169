import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import iconv from 'iconv-lite';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { ImportRunner } from '@qingnang/corpus';
import { runJobsUntilEmpty } from '@qingnang/queue';
import { BLOB_STORE, type BlobStore } from '@qingnang/storage';
import { StorageModule } from '@qingnang/storage';
import { ImportRunHandler } from '../../apps/worker/src/imports/import-run.handler.js';
import { startApi, type TestApi } from '../support/api.js';

let api: TestApi;
let folder: string;
let address: string;
let run: (args: string[]) => Promise<number>;
const said: string[] = [];

beforeAll(async () => {
  api = await startApi();
  await api.app.listen(0, '127.0.0.1');
  address = `http://127.0.0.1:${(api.app.getHttpServer().address() as AddressInfo).port}`;
  folder = await mkdtemp(join(tmpdir(), 'qingnang-cli-'));
  const scopes = ['uploads:create', 'imports:create', 'imports:read', 'sources:read', 'sources:create'];
  const made = await api.as('admin').post('/api-keys', { name: 'command line', scopes }).expect(201);
  vi.stubEnv('QINGNANG_API_KEY', (made.body as { key: string }).key);
  ({ run } = await import('../../apps/cli/src/commands/import.js'));
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => said.push(String(text)) > 0);
});
afterAll(async () => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  await api.close();
  await rm(folder, { recursive: true });
});

const common = () => [
  '--project',
  api.project.slug,
  '--source',
  '门诊导出',
  '--data-set',
  'real_instruction',
  '--url',
  address,
];

/** The worker's part, as soon as the import is ordered. */
async function work(): Promise<void> {
  await vi.waitFor(async () => {
    const [row] = await api.dataSource.query<{ n: number }[]>(
      `select count(*)::int as n from import where state = 'queued'`,
    );
    expect(row!.n).toBe(1);
  }, 120_000);
  const blobs = api.app.select(StorageModule).get<BlobStore>(BLOB_STORE);
  await runJobsUntilEmpty(api.url, [new ImportRunHandler(new ImportRunner(api.dataSource, blobs))]);
}

test('a GB18030 file comes in by one command, with a source made on the way', async () => {
  const file = join(folder, '内科.csv');
  const rows = [
    '科室,标题,提问,回答',
    '内科,头晕,"两天了\n还恶心",先测血压。',
    '内科,咳嗽,一周,多喝水。',
    '内科,咳嗽,一周,多喝水。',
  ];
  await writeFile(file, iconv.encode(rows.join('\r\n'), 'gb18030'));
  const source = ['--licence', 'CC0-1.0', '--allowed-use', 'train,evaluate', '--deidentified', 'yes'];
  const [code] = await Promise.all([run([file, ...common(), ...source, '--yes']), work()]);
  expect(said.join('')).toContain('done: 3 read, 2 accepted, 0 replaced, 1 duplicate, 0 rejected');
  expect(said.join('')).toContain('gb18030');
  expect(code).toBe(0);
});

test('what is missing or wrong is said in a sentence, and nothing is sent', async () => {
  await expect(run([join(folder, 'nowhere.csv'), ...common()])).rejects.toMatchObject({ code: 'cli.no_file' });
  await expect(run(['x.csv', '--project', 'p', '--source', 's', '--data-set', 'wrong'])).rejects.toMatchObject({
    message: expect.stringContaining('--data-set') as string,
  });
  const file = join(folder, 'a.jsonl');
  await writeFile(file, '{"instruction":"头晕","output":"测血压"}\n');
  const unknown = common().map((word) => (word === '门诊导出' ? '没有的来源' : word));
  await expect(run([file, ...unknown, '--yes'])).rejects.toMatchObject({ code: 'cli.no_source' });
  await expect(run([file, ...common(), '--yes', '--map', 'ask'])).rejects.toMatchObject({ code: 'cli.usage' });
  const narrower = ['--allowed-use', 'evaluate'];
  await expect(run([file, ...common(), ...narrower, '--yes'])).rejects.toMatchObject({
    code: 'cli.source_differs',
    message: expect.stringContaining('--allowed-use') as string,
  });
  const away = common().map((word) => (word === address ? 'http://127.0.0.1:9' : word));
  await expect(run([file, ...away, '--yes'])).rejects.toMatchObject({ code: 'cli.unreachable' });
});

test('a table without a header, delimiter said by name, is read as told', async () => {
  said.length = 0;
  const file = join(folder, 'headless.txt');
  await writeFile(file, '咽痛三天怎么办|多喝水\n耳鸣怎么办|查听力\n');
  const told = ['--no-header', '--delimiter', 'pipe', '--map', 'ask=column_1', '--map', 'answer=column_2', '--yes'];
  const [code] = await Promise.all([run([file, ...common(), ...told]), work()]);
  expect(said.join('')).toContain('first line is data');
  expect(said.join('')).toContain('done: 2 read, 2 accepted');
  expect(code).toBe(0);
});

test('nothing taken is exit code 1, and questions without answers are said before', async () => {
  said.length = 0;
  const errors = vi.spyOn(process.stderr, 'write').mockImplementation((text) => said.push(String(text)) > 0);
  const file = join(folder, 'nothing.csv');
  await writeFile(file, 'ask\nnan\nNULL\n');
  const [code] = await Promise.all([run([file, ...common(), '--yes']), work()]);
  errors.mockRestore();
  expect(said.join('')).toContain('all 2 will be questions only');
  expect(said.join('')).toContain('failed: 2 read, 0 accepted');
  expect(said.join('')).toMatch(/all 2 rows were refused|2 行全部被拒/);
  expect(code).toBe(1);
});

test('help names every option, and a wrong word of one is refused by name', async () => {
  said.length = 0;
  expect(await run(['--help'])).toBe(0);
  for (const option of ['--no-header', '--delimiter', '--encoding', '--layout', '--map', '--yes'])
    expect(said.join('')).toContain(option);
  for (const wrong of [
    ['--delimiter', 'x'],
    ['--encoding', 'latin1'],
    ['--layout', 'table'],
    ['--header', '--no-header'],
  ])
    await expect(run(['a.csv', ...common(), ...wrong])).rejects.toMatchObject({
      code: 'cli.usage',
      message: expect.stringContaining(wrong[0]!) as string,
    });
});
