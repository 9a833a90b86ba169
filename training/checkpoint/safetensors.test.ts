import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { sha256 } from '@qingnang/kernel';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { NamedWeight, WeightSource } from '../interfaces.js';
import { openSafetensors, writeSafetensors } from './safetensors.js';

let folder: string;
let path: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'qingnang-weights-'));
  path = join(folder, 'model.safetensors');
});
afterAll(() => rm(folder, { recursive: true }));

const sourceOf = (weights: Record<string, NamedWeight>): WeightSource => ({
  names: () => Object.keys(weights),
  get: (name) => weights[name]!,
});

function fileOf(header: unknown, data: Buffer): Buffer {
  const json = Buffer.from(typeof header === 'string' ? header : JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(json.length));
  return Buffer.concat([length, json, data]);
}

describe('safetensors', () => {
  it('come back as written, and equal weights are equal bytes', async () => {
    const tensor = fc.record({ rows: fc.nat(4), cols: fc.nat(4), seed: fc.float({ noNaN: true }) });
    await fc.assert(
      fc.asyncProperty(fc.dictionary(fc.string({ minLength: 1 }), tensor), async (plan) => {
        fc.pre(!('__metadata__' in plan) && !('__proto__' in plan));
        const weights = Object.fromEntries(
          Object.entries(plan).map(([name, { rows, cols, seed }]) => [
            name,
            { shape: [rows, cols], data: Float32Array.from({ length: rows * cols }, (_v, i) => seed + i) },
          ]),
        );
        const hash = await writeSafetensors(path, sourceOf(weights));
        expect(hash).toBe(sha256(await readFile(path)));
        const read = openSafetensors(path);
        expect([...read.names()].sort()).toEqual(Object.keys(weights).sort());
        for (const name of read.names()) expect(read.get(name)).toEqual(weights[name]);
        const reversed = Object.fromEntries(Object.entries(weights).reverse());
        expect(await writeSafetensors(path, sourceOf(reversed))).toBe(hash);
      }),
      { numRuns: 40 },
    );
  });

  it('widen half floats of both kinds', async () => {
    const data = Buffer.alloc(12);
    [0x3c00, 0xc000, 0x0001].forEach((half, i) => data.writeUInt16LE(half, 2 * i));
    [0x3f80, 0xc000, 0x4049].forEach((half, i) => data.writeUInt16LE(half, 6 + 2 * i));
    const header = {
      half: { dtype: 'F16', shape: [3], data_offsets: [0, 6] },
      brain: { dtype: 'BF16', shape: [3], data_offsets: [6, 12] },
    };
    await writeFile(path, fileOf(header, data));
    expect([...openSafetensors(path).get('half').data]).toEqual([1, -2, 2 ** -24]);
    expect([...openSafetensors(path).get('brain').data]).toEqual([1, -2, 3.140625]);
  });

  it.each([
    ['a file shorter than its own length field', Buffer.from([1, 2, 3])],
    ['a header longer than the file', fileOf({}, Buffer.alloc(0)).fill(0xff, 0, 4)],
    ['a header that is not JSON', fileOf('{"a":', Buffer.alloc(0))],
    ['a header that is no object', fileOf('[1]', Buffer.alloc(0))],
    ['an unknown number format', fileOf({ a: { dtype: 'I64', shape: [1], data_offsets: [0, 8] } }, Buffer.alloc(8))],
    [
      'a shape that does not fit its range',
      fileOf({ a: { dtype: 'F32', shape: [3], data_offsets: [0, 8] } }, Buffer.alloc(8)),
    ],
    ['offsets behind the end', fileOf({ a: { dtype: 'F32', shape: [4], data_offsets: [0, 16] } }, Buffer.alloc(8))],
    ['offsets backwards', fileOf({ a: { dtype: 'F32', shape: [0], data_offsets: [8, 0] } }, Buffer.alloc(8))],
    ['negative sizes', fileOf({ a: { dtype: 'F32', shape: [-1, -2], data_offsets: [0, 8] } }, Buffer.alloc(8))],
    [
      'bytes that belong to nothing',
      fileOf({ a: { dtype: 'F32', shape: [1], data_offsets: [0, 4] } }, Buffer.alloc(8)),
    ],
    [
      'tensors on top of each other',
      fileOf(
        {
          a: { dtype: 'F32', shape: [2], data_offsets: [0, 8] },
          b: { dtype: 'F32', shape: [2], data_offsets: [0, 8] },
        },
        Buffer.alloc(8),
      ),
    ],
  ])('are refused with %s', async (_what, bytes) => {
    await writeFile(path, bytes);
    expect(() => openSafetensors(path)).toThrow(expect.objectContaining({ code: 'training.weights' }));
  });

  it('never read outside the file, whatever byte is flipped', async () => {
    await writeSafetensors(
      path,
      sourceOf({ a: { shape: [2, 3], data: new Float32Array(6) }, b: { shape: [1], data: new Float32Array(1) } }),
    );
    const sound = await readFile(path);
    await fc.assert(
      fc.asyncProperty(fc.nat(sound.length - 1), fc.integer({ min: 1, max: 255 }), async (at, flip) => {
        const bytes = Buffer.from(sound);
        bytes[at]! ^= flip;
        await writeFile(path, bytes);
        try {
          const read = openSafetensors(path);
          for (const name of read.names()) read.get(name);
        } catch (error) {
          expect(error).toMatchObject({ code: 'training.weights' });
        }
      }),
      { numRuns: 300 },
    );
  });
});
