import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { UnreadableFile } from '../readers/readers.errors.js';
import { batchesAhead } from './batches-ahead.js';
import { prepareBatches } from './prepare-batches.js';

const plan = { container: 'json', layout: 'alpaca', encoding: 'utf-8', mapping: {} } as const;

/** Stands for the reader: a batch for each piece of bytes, and what the piece tells it to do. */
const THREAD = `
  const { parentPort } = require('node:worker_threads');
  const need = () => parentPort.postMessage({ needs: 'bytes' });
  parentPort.on('message', ({ bytes }) => {
    if (bytes === undefined) return;
    if (bytes === null) return parentPort.postMessage({ ended: true });
    const text = Buffer.from(bytes).toString();
    if (text === 'throw') throw new RangeError('lost');
    if (text === 'leave') process.exit();
    if (text === 'unreadable') parentPort.postMessage({ unreadable: ['no_rows', 'no_rows', {}, 'plan'] });
    else parentPort.postMessage({ batch: { prepared: [], rejected: [text] } });
    need();
  });
  need();`;

let folder: string;
let file: URL;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'qingnang-thread-'));
  await writeFile(join(folder, 'thread.cjs'), THREAD);
  file = pathToFileURL(join(folder, 'thread.cjs'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function* bytesOf(...pieces: (string | Error)[]): AsyncGenerator<Uint8Array> {
  for (const piece of pieces) {
    if (piece instanceof Error) throw piece;
    yield Buffer.from(piece);
  }
}

async function take(...pieces: (string | Error)[]): Promise<unknown[]> {
  const taken: unknown[] = [];
  for await (const { rejected } of batchesAhead(bytesOf(...pieces), { plan, skip: 0 }, file)) taken.push(...rejected);
  return taken;
}

describe('preparing in a thread', () => {
  it('brings every batch in order, and ends', async () => {
    expect(await take('a', 'b', 'c')).toEqual(['a', 'b', 'c']);
  });

  it('says of an unreadable file what the reader said', async () => {
    const failed = await take('a', 'unreadable').catch((error: unknown) => error);
    expect(failed).toBeInstanceOf(UnreadableFile);
    expect(failed).toMatchObject({ code: 'import.no_rows', field: 'plan', said: { say: 'no_rows', facts: {} } });
  });

  it.each([
    ['the file breaks off', ['a', new Error('gone')], 'gone'],
    ['the thread fails', ['a', 'throw'], 'lost'],
    ['the thread leaves', ['a', 'leave'], 'ended early'],
  ])('fails where %s', async (_name, pieces, message) => {
    await expect(take(...pieces)).rejects.toThrow(message);
  });

  it('ends its thread where nobody wants more', async () => {
    for await (const { rejected } of batchesAhead(bytesOf('a', 'b'), { plan, skip: 0 }, file)) {
      expect(rejected).toEqual(['a']);
      break;
    }
  });
});

describe('batches', () => {
  const line = (n: number): string => `${JSON.stringify({ instruction: `问${n}`, output: `答${n}` })}\n`;
  const lines = async function* (count: number): AsyncGenerator<Uint8Array> {
    for (let n = 0; n < count; n++) yield Buffer.from(n % 7 === 6 ? '{}\n' : line(n));
  };

  it('hold every row once, in order, wherever reading begins', async () => {
    for (const skip of [0, 1, 500, 2_999, 3_000]) {
      const numbers: number[] = [];
      for await (const { prepared, rejected } of prepareBatches(lines(3_000), { plan, skip })) {
        const rows = [...prepared.map(({ row }) => row), ...rejected].map(({ rowNumber }) => rowNumber);
        numbers.push(...rows.sort((a, b) => a - b));
      }
      expect(numbers).toEqual(Array.from({ length: 3_000 - skip }, (_, i) => skip + i + 1));
    }
  });

  it('are short where rows are long', async () => {
    const long = async function* (): AsyncGenerator<Uint8Array> {
      for (let n = 0; n < 30; n++)
        yield Buffer.from(`${JSON.stringify({ instruction: `问${n}`, output: '长'.repeat(300_000) })}\n`);
    };
    const sizes: number[] = [];
    for await (const { prepared } of prepareBatches(long(), { plan, skip: 0 })) sizes.push(prepared.length);
    expect(sizes).toEqual([7, 7, 7, 7, 2]);
  });
});
