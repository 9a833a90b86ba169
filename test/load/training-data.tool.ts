import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { createGzip } from 'node:zlib';
import type { RunMethod, SnapshotKind, SnapshotManifest } from '@qingnang/contracts';
import { expect, it } from 'vitest';
import { tinyRows } from '../../training/testing/tiny-snapshot.js';
import { trainTokenizer } from '../../training/tokenizer/tokenizer.js';

const SIZES = [10_000, 100_000, 1_000_000];
const METHODS: readonly (readonly [RunMethod, SnapshotKind])[] = [
  ['sft', 'sft'],
  ['reward', 'preference'],
  ['dpo', 'preference'],
  ['ppo', 'prompts'],
];
const MB = 1e6;
/** A million rows may take so much more than ten thousand: places, order and numbers of prompts, no rows. */
const ALLOWANCE = 200 * MB;

interface Figures {
  rows: number;
  rss: number;
  peak: number;
  loadSeconds: number;
  batchMs: number;
}

/** A snapshot of so many different rows, written as it is made. */
async function writeLarge(folder: string, kind: SnapshotKind, count: number): Promise<void> {
  await mkdir(folder);
  const path = 'train-00000.jsonl.gz';
  const content = createHash('sha256');
  const gzip = createGzip({ level: 1 });
  const written = pipeline(gzip, createWriteStream(join(folder, path)));
  for (let n = 0; n < count; n += 1000) {
    for (const row of tinyRows(kind, 1000, n + 1)) {
      const [id, prompt] = [`row-${n}-${row.id}`, `prompt-${n}-${row.id}`];
      const line =
        JSON.stringify({
          ...row,
          id,
          ...('prompt_id' in row ? { prompt_id: prompt } : {}),
          ...('rank_group' in row ? { rank_group: prompt } : {}),
        }) + '\n';
      content.update(line);
      if (!gzip.write(line)) await once(gzip, 'drain');
    }
  }
  gzip.end();
  await written;
  const bytes = createHash('sha256');
  await pipeline(createReadStream(join(folder, path)), bytes);
  const hashes = { sha256: bytes.digest('hex'), content_sha256: content.digest('hex') };
  const manifest: SnapshotManifest = {
    schema_version: 1,
    kind,
    selection: {},
    counts: { rows: count, split: { train: count }, data_set: {}, department: {}, source: {}, licence: {} },
    files: [{ path, split: 'train', rows: count, ...hashes }],
    allowed_use: ['train'],
    rehearsal: true,
    left_out: [],
  };
  await writeFile(join(folder, 'manifest.json'), JSON.stringify(manifest));
}

// `npm run bench -- training-data`; DATA_METHODS=sft and DATA_ROWS=1000 take less of it
it('training-data: resident memory by rows of the snapshot', { timeout: 7_200_000 }, async () => {
  const child = fileURLToPath(new URL('./training-data.child.mjs', import.meta.url));
  const parent = await mkdtemp(join(tmpdir(), 'qingnang-data-'));
  const wanted = process.env['DATA_METHODS']?.split(',') ?? METHODS.map(([method]) => method);
  const sizes = process.env['DATA_ROWS']?.split(',').map(Number) ?? SIZES;
  const table: Record<string, unknown>[] = [];
  try {
    const tokenizer = join(parent, 'tokenizer');
    await mkdir(tokenizer);
    const texts = tinyRows('sft', 500).flatMap((row) => ('messages' in row ? row.messages.map((m) => m.content) : []));
    await trainTokenizer(texts, 600, 512).save(tokenizer);
    for (const [method, kind] of METHODS.filter(([name]) => wanted.includes(name))) {
      const peaks: number[] = [];
      for (const count of sizes) {
        const folder = join(parent, `${method}-${count}`);
        await writeLarge(folder, kind, count);
        const { stdout } = await promisify(execFile)(process.execPath, [child, method, folder, tokenizer]);
        const { rows, rss, peak, loadSeconds, batchMs } = JSON.parse(stdout) as Figures;
        const mb = (n: number): number => Math.round(n / MB);
        const line = { method, rows, rss: mb(rss), peak: mb(peak), loadSeconds, batchMs };
        process.stderr.write(`${JSON.stringify(line)}\n`);
        table.push(line);
        peaks.push(peak);
        await rm(folder, { recursive: true });
      }
      expect(Math.max(...peaks) - peaks[0]!, method).toBeLessThan(ALLOWANCE);
    }
  } finally {
    process.stdout.write(`${JSON.stringify({ unit: 'MB', table }, null, 2)}\n`);
    await rm(parent, { recursive: true });
  }
});
