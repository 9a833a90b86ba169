import { execFile } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { mkdir, mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { writeJson } from '../../training/checkpoint/json-file.js';
import type { ModelConfig } from '../../training/interfaces.js';
import { toConfigFile } from '../../training/model-config/config-file.js';
import { parameterShapes } from '../../training/model/parameter-shapes.js';

const config: ModelConfig = {
  architecture: 'llama',
  vocabSize: 32_000,
  hiddenSize: 1024,
  layers: 6,
  heads: 16,
  kvHeads: 16,
  headDim: 64,
  intermediateSize: 2816,
  contextLength: 2048,
  ropeTheta: 10_000,
  ropeScaling: null,
  normEpsilon: 1e-5,
  tiedEmbeddings: false,
  bosTokenId: 1,
  eosTokenId: 2,
  padTokenId: 0,
};

const MB = 1e6;
const ALLOWANCE = 300 * MB;
const ONE_32_BIT = Buffer.from([0, 0, 0x80, 0x3f]);
const ONE_BF16 = Buffer.from([0x80, 0x3f]);

interface Figures {
  absent?: string;
  loaded: number;
  used: number;
  peak: number;
  seconds: number;
  least: number;
  most: number;
}

/** A checkpoint whose every number is 1. @returns bytes of its weights */
async function writeOnes(folder: string, dtype: 'F32' | 'BF16'): Promise<number> {
  const one = dtype === 'F32' ? ONE_32_BIT : ONE_BF16;
  const header: Record<string, unknown> = {};
  let offset = 0;
  for (const [name, shape] of parameterShapes(config, 'none')) {
    const bytes = one.length * shape.reduce((product, n) => product * n, 1);
    header[name] = { dtype, shape, data_offsets: [offset, offset + bytes] };
    offset += bytes;
  }
  const json = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(json.length));
  const path = join(folder, 'model.safetensors');
  const file = createWriteStream(path);
  file.write(length);
  file.write(json);
  const block = Buffer.alloc(1 << 20, one);
  for (let left = offset; left > 0; left -= block.length) {
    if (!file.write(block.subarray(0, Math.min(left, block.length)))) {
      await new Promise<void>((resolve) => file.once('drain', () => resolve()));
    }
  }
  await new Promise<void>((resolve) => file.end(() => resolve()));
  const note = { rehearsal: false, sequence_length: null, score_normalisation: null };
  await writeJson(join(folder, 'config.json'), toConfigFile({ kind: 'causal-lm', config, note }));
  return (await stat(path)).size;
}

// `npm run bench -- checkpoint-memory`
it('checkpoint-memory: memory that loading a model takes, by back end and number format', async () => {
  const child = fileURLToPath(new URL('./checkpoint-memory.child.mjs', import.meta.url));
  const parent = await mkdtemp(join(tmpdir(), 'qingnang-memory-'));
  const table: Record<string, unknown>[] = [];
  try {
    for (const dtype of ['F32', 'BF16'] as const) {
      const folder = join(parent, dtype);
      await mkdir(folder);
      const bytes = await writeOnes(folder, dtype);
      for (const backend of ['cpu', 'wasm', 'native']) {
        const { stdout } = await promisify(execFile)(process.execPath, [child, folder, backend]);
        const figures = JSON.parse(stdout.slice(stdout.indexOf('{'))) as Figures;
        if (figures.absent !== undefined) {
          table.push({ dtype, backend, absent: figures.absent });
          continue;
        }
        const limit = (dtype === 'F32' ? 1 : 2) * bytes + ALLOWANCE;
        const mb = (n: number): number => Math.round(n / MB);
        const { loaded, used, peak, seconds } = figures;
        table.push({
          dtype,
          backend,
          file: mb(bytes),
          loaded: mb(loaded),
          used: mb(used),
          peak: mb(peak),
          limit: mb(limit),
          seconds,
        });
        expect([figures.least, figures.most]).toEqual([1, 1]);
        expect(peak, `${dtype} on ${backend}`).toBeLessThan(limit);
      }
    }
  } finally {
    process.stdout.write(`${JSON.stringify({ unit: 'MB', table }, null, 2)}\n`);
    await rm(parent, { recursive: true });
  }
});
