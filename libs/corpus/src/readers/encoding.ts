import type { FileEncoding } from '@qingnang/contracts';
import { UnreadableFile } from './readers.errors.js';

const SIGNATURES: readonly { name: string; bytes: readonly number[] }[] = [
  { name: 'an Excel or zip file', bytes: [0x50, 0x4b, 0x03, 0x04] },
  { name: 'an old Excel file', bytes: [0xd0, 0xcf, 0x11, 0xe0] },
  { name: 'a gzip file', bytes: [0x1f, 0x8b] },
  { name: 'a Parquet file', bytes: [0x50, 0x41, 0x52, 0x31] },
  { name: 'a PDF file', bytes: [0x25, 0x50, 0x44, 0x46] },
];

/**
 * The encoding of a text by its first bytes: a byte order mark decides; else UTF-8, unless more than a tenth of what is not
 * ASCII breaks its rules (a few damaged bytes are no other encoding); else GB18030, which holds GBK and GB2312.
 */
export function detectEncoding(bytes: Uint8Array): FileEncoding {
  const found = SIGNATURES.find((signature) => signature.bytes.every((byte, index) => bytes[index] === byte));
  if (found !== undefined)
    throw new UnreadableFile('not_text', `This is ${found.name}; save or unpack it as CSV or JSON first.`);
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  if (bytes.includes(0)) throw new UnreadableFile('not_text', 'This is no text file; save it as CSV or JSON first.');

  const text = new TextDecoder('utf-8').decode(bytes, { stream: true });
  const foreign = text.match(/[^\0-\x7f]/gu)?.length ?? 0;
  const broken = text.match(/\uFFFD/gu)?.length ?? 0;
  return broken * 10 > foreign ? 'gb18030' : 'utf-8';
}
