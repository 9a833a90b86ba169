import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, open, type FileHandle } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createInflateRaw } from 'node:zlib';
import { InputError } from '../data/input.errors.js';

/** A file in a zip archive. */
export interface ZipEntry {
  name: string;
  packed: number;
  size: number;
  /** 0 = stored, 8 = deflated. */
  method: number;
  /** Of its local header. */
  at: number;
}

const END = 0x06054b50;
const CENTRAL = 0x02014b50;
const LOCAL_HEADER = 30;
const LONGEST_END = 22 + 65_535;

/**
 * The files in an archive below 4 GiB, which a wheel is.
 * @throws InputError for a file that is no such archive
 */
export async function zipEntries(path: string): Promise<ZipEntry[]> {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    const tail = await readAt(file, Math.max(0, size - LONGEST_END), Math.min(size, LONGEST_END));
    const end = tail.lastIndexOf(Buffer.from([0x50, 0x4b, 0x05, 0x06]));
    if (end < 0 || tail.readUInt32LE(end) !== END) throw new InputError('wheel', `${path} is no zip archive.`);
    const directory = await readAt(file, tail.readUInt32LE(end + 16), tail.readUInt32LE(end + 12));
    return entriesOf(directory, tail.readUInt16LE(end + 10));
  } finally {
    await file.close();
  }
}

function entriesOf(directory: Buffer, count: number): ZipEntry[] {
  const entries: ZipEntry[] = [];
  for (let at = 0; entries.length < count && at + 46 <= directory.length;) {
    if (directory.readUInt32LE(at) !== CENTRAL) break;
    const [name, extra, comment] = [28, 30, 32].map((o) => directory.readUInt16LE(at + o)) as [number, number, number];
    entries.push({
      name: directory.toString('utf8', at + 46, at + 46 + name),
      method: directory.readUInt16LE(at + 10),
      packed: directory.readUInt32LE(at + 20),
      size: directory.readUInt32LE(at + 24),
      at: directory.readUInt32LE(at + 42),
    });
    at += 46 + name + extra + comment;
  }
  return entries;
}

/**
 * Unpacks the chosen files below `folder`, one after another, without holding any in memory.
 * @throws InputError for a name that leads out of the folder
 */
export async function unzip(
  path: string,
  folder: string,
  entries: readonly ZipEntry[],
  progress: (done: number) => void = () => undefined,
): Promise<void> {
  const file = await open(path);
  let done = 0;
  try {
    for (const entry of entries) {
      if (entry.name.endsWith('/')) continue;
      if (entry.name.startsWith('/') || entry.name.split('/').includes('..')) {
        throw new InputError('wheel', `${path} holds a file that leads out of its folder: ${entry.name}.`);
      }
      const target = join(folder, entry.name);
      await mkdir(dirname(target), { recursive: true });
      await unpack(path, file, entry, target);
      done += entry.size;
      progress(done);
    }
  } finally {
    await file.close();
  }
}

async function unpack(path: string, file: FileHandle, entry: ZipEntry, target: string): Promise<void> {
  const header = await readAt(file, entry.at, LOCAL_HEADER);
  const start = entry.at + LOCAL_HEADER + header.readUInt16LE(26) + header.readUInt16LE(28);
  const out = createWriteStream(target);
  if (entry.packed === 0) return void out.end();
  const packed = createReadStream(path, { start, end: start + entry.packed - 1, highWaterMark: 1 << 20 });
  if (entry.method === 0) await pipeline(packed, out);
  else await pipeline(packed, createInflateRaw({ chunkSize: 1 << 20 }), out);
}

async function readAt(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const buffer = Buffer.alloc(length);
  await file.read(buffer, 0, length, position);
  return buffer;
}
