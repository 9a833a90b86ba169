import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FactComparer } from './fact-comparer.js';

/** Stands for the rules: answers with the pair's length, and is at 永远 for ever. */
const THREAD = `
  const { parentPort } = require('node:worker_threads');
  parentPort.on('message', ({ id, pairs }) => {
    if (pairs[0][1].startsWith('永远')) for (;;);
    parentPort.postMessage({ id, findings: pairs.map(([, text]) => [{ id: String(text.length) }]) });
  });`;
const long = (head: string): [string, string] => ['原'.repeat(1_000), head + '改'.repeat(1_000)];

let folder: string;
let file: URL;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'qingnang-facts-'));
  const path = join(folder, 'thread.cjs');
  await writeFile(path, THREAD);
  file = pathToFileURL(path);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('comparing off the path of requests', () => {
  it('takes short texts by itself, and all where there is no thread to be had', async () => {
    const here = new FactComparer(new URL('file:///nowhere/thread.js'));
    const short: [string, string] = ['氨氯地平5mg。', '氨氯地平50mg。'];
    for (const pair of [short, [short[0] + '盐'.repeat(1_500), short[1]] as const]) {
      const found = await here.compare([pair]);
      expect(found![0]!.map(({ kind }) => kind)).toContain('dose');
    }
  });

  it('hands long ones to a thread, each question its own answer', async () => {
    const comparer = new FactComparer(file);
    const found = await Promise.all(['', '一', '一二'].map((head) => comparer.compare([long(head)])));
    expect(found.map((each) => each![0]![0]!.id)).toEqual(['1000', '1001', '1002']);
  });

  it('gives up what takes too long and goes on with what waited behind it', async () => {
    const comparer = new FactComparer(file, 1_500);
    const stuck = comparer.compare([long('永远')]);
    expect(await stuck).toBeNull();
    expect((await comparer.compare([long('好')]))![0]![0]!.id).toBe('1001');
  });
});
