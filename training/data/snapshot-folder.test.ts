import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { sftRow, type SftRow } from '@qingnang/contracts';
import { sha256 } from '@qingnang/kernel';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { tinyRows, writeSnapshot } from '../testing/tiny-snapshot.js';
import { openTrainingSnapshot } from './load-inputs.js';
import { openSnapshot, readRows } from './snapshot-folder.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'qingnang-snapshot-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function rowsOf(path: string): Promise<SftRow[]> {
  const rows: SftRow[] = [];
  for await (const row of readRows(await openSnapshot(path), 'train', sftRow)) rows.push(row);
  return rows;
}

/** Replaces a file and its hash, so that only the content is wrong. */
async function rewriteTrain(bytes: Buffer): Promise<void> {
  await writeFile(join(folder, 'train-00000.jsonl.gz'), bytes);
  const text = await readFile(join(folder, 'manifest.json'), 'utf8');
  const manifest = JSON.parse(text) as { files: { sha256: string }[] };
  manifest.files[0]!.sha256 = sha256(bytes);
  await writeFile(join(folder, 'manifest.json'), JSON.stringify(manifest));
}

describe('a snapshot folder', () => {
  it('gives back its rows, line separators inside strings included', async () => {
    const rows = tinyRows('sft', 3) as SftRow[];
    rows[1]!.messages[0]!.content = '第一行\u2028第二行\n第三行';
    await writeSnapshot(folder, 'sft', { train: rows });
    expect(await rowsOf(folder)).toEqual(rows);
  });

  it('is refused when one byte of a file differs from the manifest', async () => {
    await writeSnapshot(folder, 'sft', { train: tinyRows('sft', 3), test: tinyRows('sft', 2, 9) });
    const path = join(folder, 'test-00000.jsonl.gz');
    const bytes = await readFile(path);
    bytes[20]! ^= 1;
    await writeFile(path, bytes);
    await expect(openSnapshot(folder)).rejects.toMatchObject({
      code: 'training.snapshot_tampered',
      details: { file: 'test-00000.jsonl.gz' },
    });
  });

  it('is refused when a file or the manifest is missing', async () => {
    await expect(openSnapshot(folder)).rejects.toMatchObject({ code: 'training.snapshot_missing' });
    await writeSnapshot(folder, 'sft', { train: tinyRows('sft', 1) });
    await rm(join(folder, 'train-00000.jsonl.gz'));
    await expect(openSnapshot(folder)).rejects.toMatchObject({ code: 'training.snapshot_file_missing' });
  });

  it('is refused when its manifest points outside, is newer, or is cut off', async () => {
    const files = [{ path: '../secret', split: 'train' as const, rows: 0, sha256: '', content_sha256: '' }];
    await writeSnapshot(folder, 'sft', {}, { files });
    await expect(openSnapshot(folder)).rejects.toThrow(/plain names/);
    await writeSnapshot(folder, 'sft', {}, { schema_version: 9 as 1 });
    await expect(openSnapshot(folder)).rejects.toMatchObject({ code: 'training.snapshot_newer' });
    await writeFile(join(folder, 'manifest.json'), '{"schema_version": 1,');
    await expect(openSnapshot(folder)).rejects.toMatchObject({ code: 'training.snapshot_manifest' });
  });

  it('names file, line and field of a bad row and does not repeat its text', async () => {
    const rows = tinyRows('sft', 3) as SftRow[];
    await writeSnapshot(folder, 'sft', { train: rows });
    const bad = { ...rows[2], messages: [{ role: 'doctor', content: '机密' }, rows[2]!.messages[1]] };
    await rewriteTrain(gzipSync([rows[0], rows[1], bad].map((row) => JSON.stringify(row)).join('\n')));
    const error = await rowsOf(folder).catch((caught: Error) => caught);
    expect(String(error)).toMatch(/train-00000\.jsonl\.gz line 3: messages\.0\.role/);
    expect(String(error)).not.toContain('机密');
  });

  it('is refused when cut short, not JSON, not UTF-8 or of another length than said', async () => {
    const rows = tinyRows('sft', 3);
    await writeSnapshot(folder, 'sft', { train: rows });
    const whole = await readFile(join(folder, 'train-00000.jsonl.gz'));
    await rewriteTrain(whole.subarray(0, whole.length - 30));
    await expect(rowsOf(folder)).rejects.toMatchObject({ code: 'training.snapshot_unreadable' });
    await rewriteTrain(gzipSync('{"id":\n'));
    await expect(rowsOf(folder)).rejects.toThrow(/line 1: not JSON/);
    await rewriteTrain(gzipSync(Buffer.from([0x7b, 0xff, 0x7d])));
    await expect(rowsOf(folder)).rejects.toThrow(/not UTF-8/);
    await rewriteTrain(gzipSync(JSON.stringify(rows[0]) + '\n'));
    await expect(rowsOf(folder)).rejects.toThrow(/1 rows instead of 3/);
  });

  it('is refused for another method or without leave to train', async () => {
    await writeSnapshot(folder, 'sft', { train: tinyRows('sft', 1) });
    await expect(openTrainingSnapshot(folder, 'ppo')).rejects.toMatchObject({ code: 'training.snapshot_kind' });
    await writeSnapshot(folder, 'sft', { train: tinyRows('sft', 1) }, { allowed_use: ['evaluate'] });
    await expect(openTrainingSnapshot(folder, 'sft')).rejects.toMatchObject({ code: 'training.snapshot_use' });
  });
});
