import { isAscii } from 'node:buffer';
import type { FileEncoding } from '@qingnang/contracts';
import { UnreadableFile } from '../readers.errors.js';
import { gbPairs, isUtf8Chinese, linesOf } from './gb18030.js';

const SIGNATURES: readonly { name: string; bytes: readonly number[] }[] = [
  { name: 'Excel/zip', bytes: [0x50, 0x4b, 0x03, 0x04] },
  { name: 'Excel', bytes: [0xd0, 0xcf, 0x11, 0xe0] },
  { name: 'gzip', bytes: [0x1f, 0x8b] },
  { name: 'Parquet', bytes: [0x50, 0x41, 0x52, 0x31] },
  { name: 'PDF', bytes: [0x25, 0x50, 0x44, 0x46] },
];

const MARKS: readonly { encoding: FileEncoding; bytes: readonly number[] }[] = [
  { encoding: 'utf-8', bytes: [0xef, 0xbb, 0xbf] },
  { encoding: 'utf-16le', bytes: [0xff, 0xfe] },
  { encoding: 'utf-16be', bytes: [0xfe, 0xff] },
];

/** Characters that any Chinese text on illness is full of; hardly any turn up where another encoding is read as GB18030. */
const COMMON = new Set(
  '的一是不了在人有我他这个们中来上大为和地到以说时要就出会可也你对生能而子那得于着下自之年过发后作里用道行所然家种事成方多经么去法学如都同现当没动面起看定天分还进好小部其些主样理心本前开但因只从想实医病患者痛疼药治疗检查症状月感染肿炎血压头热咳嗽孩吃饭饮食注意建议情况需怎办您身体引服问答科室',
);
const COMMON_SHARE = 0.12;
/** Fewer characters than this prove nothing by how common they are. */
const ENOUGH_CHARACTERS = 60;

/**
 * The encoding of a text by its first bytes: a byte order mark decides; else UTF-8, if as many of its longer characters
 * are whole as broken (a file cut at byte limits is no other encoding); else GB18030, which holds GBK and GB2312, if what
 * it reads to looks like Chinese. Throws `UnreadableFile` for anything else, before a row of it is stored.
 */
export function detectEncoding(bytes: Uint8Array): FileEncoding {
  const found = SIGNATURES.find(({ bytes: start }) => startsWith(bytes, start));
  if (found !== undefined) throw new UnreadableFile('not_text', 'file_kind', { kind: found.name });
  if (startsWith(bytes, [0xff, 0xfe, 0, 0]) || startsWith(bytes, [0, 0, 0xfe, 0xff])) throw unknownEncoding();
  const mark = MARKS.find(({ bytes: start }) => startsWith(bytes, start));
  if (mark !== undefined) return mark.encoding;
  if (bytes.includes(0)) return wideEncoding(bytes);
  if (isAscii(bytes)) return 'utf-8';

  const text = new TextDecoder('utf-8').decode(bytes, { stream: true });
  const broken = text.match(/\uFFFD/gu)?.length ?? 0;
  const whole = text.match(/[\u0800-\uFFFC\u{10000}-\u{10FFFF}]/gu)?.length ?? 0;
  if (broken === 0 || whole >= broken) return 'utf-8';
  if (looksChinese(bytes)) return 'gb18030';
  // A handful of damaged bytes in plain English costs its rows, not the file.
  if (broken * 200 < bytes.length) return 'utf-8';
  throw unknownEncoding();
}

function startsWith(bytes: Uint8Array, start: readonly number[]): boolean {
  return bytes.length >= start.length && start.every((byte, index) => bytes[index] === byte);
}

function unknownEncoding(): UnreadableFile {
  return new UnreadableFile('encoding_unknown', 'encoding_unknown');
}

/** UTF-16 without a mark: the commas, brackets and line ends of a table or JSON have a zero on one side only. */
function wideEncoding(bytes: Uint8Array): FileEncoding {
  const zeros = [0, 0];
  bytes.forEach((byte, index) => {
    if (byte === 0) zeros[index % 2]!++;
  });
  const [even, odd] = zeros as [number, number];
  const enough = (even + odd) * 200 > bytes.length;
  if (enough && even === 0) return 'utf-16le';
  if (enough && odd === 0) return 'utf-16be';
  throw new UnreadableFile('not_text', 'not_text');
}

function looksChinese(bytes: Uint8Array): boolean {
  const foreign = [...linesOf(bytes)].filter((line) => !isAscii(line) && !isUtf8Chinese(line));
  let [pairs, plain, invalid] = [0, 0, 0];
  for (const line of foreign) {
    const found = gbPairs(line);
    pairs += found.pairs;
    plain += found.plain;
    invalid += found.invalid;
  }
  if (pairs === 0 || invalid * 5 > pairs) return false;
  const text = foreign.map((line) => new TextDecoder('gb18030').decode(line)).join('');
  const common = [...text].filter((character) => COMMON.has(character)).length;
  if (common >= pairs * COMMON_SHARE) return true;
  return pairs < ENOUGH_CHARACTERS && plain * 100 >= pairs * 85;
}
