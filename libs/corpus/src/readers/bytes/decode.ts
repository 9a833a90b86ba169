import type { FileEncoding } from '@qingnang/contracts';
import { decodeGb18030 } from './gb18030.js';

/** Below this no byte is part of a longer character, neither in UTF-8 nor in GB18030. */
const FIRST_SHARED_BYTE = 0x30;
const LINE_FEED = 10;
/** Text that has no such byte for so long is cut anywhere; no row is that long. */
const MAX_HELD_BYTES = 8 * 1_048_576;

/** Letters that GB18030 hanzi turn into when two bytes of them happen to be UTF-8, and that no text here is written in. */
const MISREAD = /[\u0180-\u024F\u0460-\u05FF\u0700-\u07FF]{2}/u;

/**
 * Bytes to text, whatever way the bytes are cut into chunks; a byte order mark goes. Bytes that don't fit become U+FFFD,
 * so that only the row they stand in is refused, not the file. Node's own streaming GB18030 decoder throws when a broken
 * character spans two chunks, so pieces are cut where no character can be open and decoded whole.
 */
export async function* decodeStream(bytes: AsyncIterable<Uint8Array>, encoding: FileEncoding): AsyncIterable<string> {
  let decode = decoderOf(encoding, false);
  const held: Uint8Array[] = [];
  let heldBytes = 0;
  for await (const chunk of bytes) {
    const end = heldBytes + chunk.length > MAX_HELD_BYTES ? chunk.length : safeEnd(chunk, heldBytes, encoding);
    if (end > 0) {
      yield decode(Buffer.concat([...held, chunk.subarray(0, end)]));
      decode = decoderOf(encoding, true);
      held.length = heldBytes = 0;
    }
    // Copied, since the sender may fill its buffer anew.
    if (end < chunk.length) held.push(chunk.slice(end));
    heldBytes += chunk.length - end;
  }
  if (heldBytes > 0) yield decode(Buffer.concat(held));
}

/** Only the first piece may begin with a byte order mark. */
function decoderOf(encoding: FileEncoding, ignoreBOM: boolean): (bytes: Uint8Array) => string {
  if (encoding === 'gb18030') return decodeGb18030;
  const decoder = new TextDecoder(encoding, { ignoreBOM });
  return (bytes) => decoder.decode(bytes);
}

/** A text that is in memory whole, or the beginning of one. */
export function decodeWhole(bytes: Uint8Array, encoding: FileEncoding): string {
  return decoderOf(encoding, false)(bytes);
}

/** How much of a chunk can be decoded without what follows; `before` bytes were held back in front of it. */
function safeEnd(chunk: Uint8Array, before: number, encoding: FileEncoding): number {
  // Which of two encodings a line is in shows only when it is whole.
  if (encoding === 'gb18030') return chunk.lastIndexOf(LINE_FEED) + 1;
  if (encoding === 'utf-8') return chunk.findLastIndex((byte) => byte < FIRST_SHARED_BYTE) + 1;
  const highByte = encoding === 'utf-16le' ? 1 : 2;
  for (let end = chunk.length - ((before + chunk.length) % 2); end >= 2; end -= 2) {
    const high = chunk[end - highByte]!;
    if (high < 0xd8 || high > 0xdf) return end;
  }
  return 0;
}

/** The first character of a text that no table can hold or that no longer is what was written; null when clean. */
export function damagedCharacter(text: string): string | null {
  const found = /[\0\uFFFD\p{Surrogate}]/u.exec(text)?.[0] ?? misread(text);
  return found === undefined ? null : `U+${found.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`;
}

function misread(text: string): string | undefined {
  return MISREAD.test(text) && !/[\u0800-\uFFFF]/u.test(text) ? MISREAD.exec(text)![0] : undefined;
}

/** Whether a text holds characters that mean something in one font only, such as Word's bullets. */
export function hasPrivateUse(text: string): boolean {
  return /\p{Co}/u.test(text);
}

/** At most `limit` characters for keeping and showing, without half characters and without what no table can hold. */
export function boundedText(text: string, limit: number): string {
  return text.slice(0, limit).replace(/[\0\p{Surrogate}]/gu, '\uFFFD');
}
