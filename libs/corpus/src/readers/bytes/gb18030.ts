import { isAscii, isUtf8 } from 'node:buffer';

const LINE_FEED = 10;

/** What the bytes of a line are when read as GB18030. */
interface Pairs {
  /** Characters of two or four bytes. */
  pairs: number;
  /** Those of them that GB2312 has: the signs and hanzi of nearly all Chinese text. */
  plain: number;
  invalid: number;
}

export function gbPairs(bytes: Uint8Array): Pairs {
  const found = { pairs: 0, plain: 0, invalid: 0 };
  for (let i = 0; i < bytes.length; i++) {
    const lead = bytes[i]!;
    if (lead < 0x80) continue;
    const trail = bytes[++i] ?? 0;
    if (lead === 0x80 || lead === 0xff || trail < 0x30 || trail === 0x7f || trail === 0xff) {
      found.invalid++;
      i--;
      continue;
    }
    found.pairs++;
    if (trail < 0x40) i += 2;
    else if (trail >= 0xa1 && lead >= 0xa1 && (lead <= 0xa9 || (lead >= 0xb0 && lead <= 0xf7))) found.plain++;
  }
  return found;
}

/** Lines with their ends, however a line ends. */
export function* linesOf(bytes: Uint8Array): Generator<Uint8Array> {
  for (let start = 0; start < bytes.length;) {
    const end = bytes.indexOf(LINE_FEED, start) + 1 || bytes.length;
    yield bytes.subarray(start, end);
    start = end;
  }
}

/** Valid UTF-8 with a character of three bytes or more, as every Chinese one is. */
export function isUtf8Chinese(bytes: Uint8Array): boolean {
  return isUtf8(bytes) && bytes.some((byte) => byte >= 0xe0);
}

/**
 * GB18030 line by line: one that is Chinese in UTF-8 is read as UTF-8, since files are glued together from both. What could
 * be either, and private-use characters, which are what other encodings turn into, become U+FFFD, so that their row is refused.
 */
export function decodeGb18030(bytes: Uint8Array): string {
  const decoder = new TextDecoder('gb18030');
  const asGb = (part: Uint8Array): string => decoder.decode(part).replace(/\p{Co}/gu, '\uFFFD');
  if (isAscii(bytes)) return asGb(bytes);
  let text = '';
  let start = 0;
  let at = 0;
  for (const line of linesOf(bytes)) {
    const end = at + line.length;
    if (isUtf8Chinese(line)) {
      text += asGb(bytes.subarray(start, at)) + utf8Line(line);
      start = end;
    }
    at = end;
  }
  return text + asGb(bytes.subarray(start));
}

function utf8Line(line: Uint8Array): string {
  const text = new TextDecoder('utf-8').decode(line);
  const { pairs, plain, invalid } = gbPairs(line);
  const isEither = invalid === 0 && pairs === plain;
  return isEither ? text.replace(/[^\0-\x7f]/gu, '\uFFFD') : text;
}
