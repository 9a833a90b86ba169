import { createHash, type Hash } from 'node:crypto';
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { z } from 'zod';
import { InputError } from '../data/input.errors.js';
import type { NamedWeight, WeightSource } from '../interfaces.js';
import { bytesOf, narrow, widen, type StoredType } from './number-formats.js';

const MAX_HEADER = 100_000_000;
const shape = z.array(z.int().min(0));
const entry = z.object({ dtype: z.string(), shape, data_offsets: z.tuple([z.int().min(0), z.int().min(0)]) });
type Entry = z.infer<typeof entry>;

/** Weights of one file, also by some rows of a tensor. */
export interface SafetensorsFile extends WeightSource {
  /** Rows `from` to `to` (excluded) of a tensor of rank 1 or more. */
  rows(name: string, from: number, to: number): NamedWeight;
  shape(name: string): number[];
  path: string;
}

/** Read at once and widened: what a tensor costs beside its own float32 numbers. */
const CHUNK_BYTES = 1 << 22;

/**
 * Opens a safetensors file: header length (8 bytes, little endian), JSON header, data. Only the header is read now, each
 * tensor when asked for: float32 straight into its place, 16 bit in small chunks, so that no second copy exists.
 * @throws InputError when any length, offset or shape does not fit the file
 */
export function openSafetensors(path: string): SafetensorsFile {
  const file = openFile(path);
  let entries: Map<string, Entry>;
  let dataStart: number;
  try {
    const size = fstatSync(file).size;
    const length = size < 8 ? size : Number(readAt(file, 0, 8, path).readBigUInt64LE());
    if (length > MAX_HEADER || 8 + length > size) throw damaged(path, 'its header is longer than the file');
    dataStart = 8 + length;
    entries = parseHeader(readAt(file, 8, length, path).toString('utf8'), size - dataStart, path);
  } finally {
    closeSync(file);
  }
  const entryOf = (name: string): Entry => {
    const found = entries.get(name);
    if (!found) throw new InputError('weights', `There is no tensor ${name} in ${path}.`);
    return found;
  };
  const rows = (name: string, from: number, to: number): NamedWeight => {
    const { dtype, shape: dims, data_offsets: place } = entryOf(name);
    const rowSize = dims.slice(1).reduce((product, n) => product * n, 1);
    const start = dataStart + place[0] + from * rowSize * bytesOf(dtype)!;
    const data = readNumbers(path, start, (to - from) * rowSize, dtype as StoredType);
    return { shape: [to - from, ...dims.slice(1)], data };
  };
  return {
    path,
    names: () => [...entries.keys()],
    shape: (name) => [...entryOf(name).shape],
    rows,
    get(name) {
      const { shape: dims, data_offsets: place, dtype } = entryOf(name);
      const count = dims.reduce((product, n) => product * n, 1);
      return { shape: [...dims], data: readNumbers(path, dataStart + place[0], count, dtype as StoredType) };
    },
  };
}

function readNumbers(path: string, position: number, count: number, dtype: StoredType): Float32Array {
  const data = new Float32Array(count);
  const handle = openFile(path);
  try {
    if (dtype === 'F32') {
      readInto(handle, position, new Uint8Array(data.buffer), path);
      return data;
    }
    const chunk = new Uint16Array(Math.min(count, CHUNK_BYTES / 2));
    for (let at = 0; at < count; at += chunk.length) {
      const halves = chunk.subarray(0, Math.min(chunk.length, count - at));
      readInto(handle, position + 2 * at, new Uint8Array(halves.buffer, 0, halves.byteLength), path);
      widen(halves, dtype, data, at);
    }
    return data;
  } finally {
    closeSync(handle);
  }
}

/**
 * Writes tensors one after another, sorted by name so that equal weights are equal bytes, and flushes them to disk.
 * @param stored number format in the file, float32 by default
 * @param alongside also hashes the bytes: the name of a model in several files
 * @returns lower-case hex SHA-256 of the file
 * @throws NumberTooLargeError when a number does not fit the format
 */
export async function writeSafetensors(
  path: string,
  source: WeightSource,
  { stored = 'F32', alongside }: { stored?: StoredType; alongside?: Hash } = {},
): Promise<string> {
  const names = [...source.names()].sort();
  const header: Record<string, unknown> = { __metadata__: { format: 'pt' } };
  let offset = 0;
  for (const name of names) {
    const dims = shapeOf(source, name);
    const bytes = dims.reduce((product, n) => product * n, bytesOf(stored)!);
    header[name] = { dtype: stored, shape: dims, data_offsets: [offset, offset + bytes] };
    offset += bytes;
  }
  const json = Buffer.from(JSON.stringify(header));
  const padded = Buffer.concat([json, Buffer.alloc((8 - (json.length % 8)) % 8, ' ')]);
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(padded.length));

  const hash = createHash('sha256');
  const file = await open(path, 'w');
  try {
    const write = async (bytes: Uint8Array): Promise<void> => {
      for (let at = 0; at < bytes.length; at += HASHED_AT_ONCE) {
        const part = bytes.subarray(at, at + HASHED_AT_ONCE);
        hash.update(part);
        alongside?.update(part);
        await file.writeFile(part);
      }
    };
    await write(length);
    await write(padded);
    for (const name of names) {
      for (const bytes of storedBytes(source.get(name).data, stored, name)) await write(bytes);
    }
    await file.sync();
  } finally {
    await file.close();
  }
  return hash.digest('hex');
}

/** A tensor's bytes: float32 as they are, 16 bit in small chunks, so that no second copy exists. */
function* storedBytes(data: Float32Array, stored: StoredType, name: string): Generator<Uint8Array> {
  if (stored === 'F32') return yield new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  for (let at = 0; at < data.length; at += CHUNK_BYTES / 2) {
    const { halves, tooLarge } = narrow(data.subarray(at, at + CHUNK_BYTES / 2), stored);
    if (tooLarge !== null) throw new NumberTooLargeError(name, tooLarge, stored);
    yield new Uint8Array(halves.buffer);
  }
}

/** A weight beyond the largest number of the format it was to be stored in. */
export class NumberTooLargeError extends InputError {
  constructor(name: string, value: number, stored: StoredType) {
    const wider = stored === 'F16' ? 'bfloat16 or float32' : 'float32';
    super(
      'number_too_large',
      `${name} holds ${value}, too large a number for ${stored}; write the weights as ${wider}.`,
    );
  }
}

/** A hash takes less than 2 GiB at a time. */
const HASHED_AT_ONCE = 1 << 30;

/** Shape of one tensor, without its numbers where the source knows it. */
export function shapeOf(source: WeightSource, name: string): number[] {
  return source.shape?.(name) ?? source.get(name).shape;
}

/** Checks every entry, and that together they cover the data without gap or overlap. */
function parseHeader(text: string, dataSize: number, path: string): Map<string, Entry> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw damaged(path, 'its header is not JSON');
  }
  if (typeof json !== 'object' || json === null || Array.isArray(json)) throw damaged(path, 'its header is no object');
  const entries = new Map<string, Entry>();
  for (const [name, value] of Object.entries(json)) {
    if (name === '__metadata__') continue;
    const parsed = entry.safeParse(value);
    if (!parsed.success) throw damaged(path, `the entry of ${name} is malformed`);
    const { dtype, shape: dims, data_offsets: offsets } = parsed.data;
    const width = bytesOf(dtype);
    if (width === undefined) throw damaged(path, `${name} is stored as ${dtype}; F32, F16 and BF16 are read`);
    const [from, to] = offsets;
    const bytes = dims.reduce((product, n) => product * n, width);
    if (to < from || to > dataSize || bytes !== to - from) throw damaged(path, `${name} does not fit its place`);
    entries.set(name, parsed.data);
  }
  let end = 0;
  for (const { data_offsets: place } of [...entries.values()].sort(
    (a, b) => a.data_offsets[0] - b.data_offsets[0] || a.data_offsets[1] - b.data_offsets[1],
  )) {
    if (place[0] !== end) throw damaged(path, 'its tensors overlap or leave a gap');
    end = place[1];
  }
  if (end !== dataSize) throw damaged(path, `${dataSize - end} bytes belong to no tensor`);
  return entries;
}

function openFile(path: string): number {
  try {
    return openSync(path, 'r');
  } catch (error) {
    throw new InputError('weights', `${path} cannot be read (${String((error as NodeJS.ErrnoException).code)}).`);
  }
}

function readAt(file: number, position: number, length: number, path: string): Buffer {
  const buffer = Buffer.allocUnsafeSlow(length);
  readInto(file, position, buffer, path);
  return buffer;
}

function readInto(file: number, position: number, target: Uint8Array, path: string): void {
  let done = 0;
  while (done < target.length) {
    // One call reads 2 GiB at most.
    const read = readSync(file, target, done, Math.min(target.length - done, 1 << 30), position + done);
    if (read === 0) throw damaged(path, 'it ends too early');
    done += read;
  }
}

function damaged(path: string, why: string): InputError {
  return new InputError('weights', `${path} is not a sound safetensors file: ${why}.`);
}
