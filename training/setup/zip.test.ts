import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32, deflateRawSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { unzip, zipEntries } from './zip.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'qingnang-zip-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** A zip archive by the book, deflated or stored. */
function archive(files: Record<string, string>, deflate: boolean): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let at = 0;
  for (const [name, text] of Object.entries(files)) {
    const content = Buffer.from(text);
    const packed = deflate ? deflateRawSync(content) : content;
    const fields = Buffer.alloc(26);
    fields.writeUInt16LE(20, 0);
    fields.writeUInt16LE(deflate ? 8 : 0, 4);
    fields.writeUInt32LE(crc32(content), 10);
    fields.writeUInt32LE(packed.length, 14);
    fields.writeUInt32LE(content.length, 18);
    fields.writeUInt16LE(Buffer.byteLength(name), 22);
    const local = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), fields, Buffer.from(name), packed]);
    const central = Buffer.alloc(14);
    central.writeUInt32LE(at, 10);
    directory.push(Buffer.concat([Buffer.from('PK\x01\x02\x14\0', 'latin1'), fields, central, Buffer.from(name)]));
    parts.push(local);
    at += local.length;
  }
  const list = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(directory.length, 10);
  end.writeUInt32LE(list.length, 12);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...parts, list, end]);
}

describe('unpacking a wheel', () => {
  it.each([true, false])('gives back every chosen file (deflated: %s)', async (deflate) => {
    const path = join(folder, `a-${deflate}.whl`);
    const long = '长文'.repeat(50_000);
    await writeFile(path, archive({ 'a/b.txt': long, 'a/empty.txt': '', 'c.txt': 'left' }, deflate));
    const entries = await zipEntries(path);
    expect(entries.map(({ name, size }) => [name, size])).toEqual([
      ['a/b.txt', 300_000],
      ['a/empty.txt', 0],
      ['c.txt', 4],
    ]);
    const target = join(folder, `out-${deflate}`);
    await unzip(path, target, entries.slice(0, 2));
    expect(await readFile(join(target, 'a/b.txt'), 'utf8')).toBe(long);
    expect(await readFile(join(target, 'a/empty.txt'), 'utf8')).toBe('');
    await expect(readFile(join(target, 'c.txt'))).rejects.toThrow();
  });

  it('refuses a name that leads out of the folder, and what is no archive', async () => {
    const path = join(folder, 'bad.whl');
    await writeFile(path, archive({ '../out.txt': 'x' }, true));
    await expect(unzip(path, join(folder, 'bad'), await zipEntries(path))).rejects.toThrow(/leads out/);
    await writeFile(path, 'no archive');
    await expect(zipEntries(path)).rejects.toThrow(/no zip archive/);
  });
});
