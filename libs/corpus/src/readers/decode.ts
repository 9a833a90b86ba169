import type { FileEncoding } from '@qingnang/contracts';

/** Below this no byte is part of a longer character, neither in UTF-8 nor in GB18030. */
const FIRST_SHARED_BYTE = 0x30;
/** Text that has no such byte for so long is cut anywhere; no row is that long. */
const MAX_HELD_BYTES = 8 * 1_048_576;

/**
 * Bytes to text, whatever way the bytes are cut into chunks; a byte order mark goes. Bytes that don't fit become U+FFFD,
 * so that only the row they stand in is refused, not the file. Node's own streaming GB18030 decoder throws when a broken
 * character spans two chunks, so pieces are cut where no character can be open and decoded whole.
 */
export async function* decodeStream(bytes: AsyncIterable<Uint8Array>, encoding: FileEncoding): AsyncIterable<string> {
  const first = new TextDecoder(encoding);
  const later = new TextDecoder(encoding, { ignoreBOM: true });
  let decoder = first;
  const held: Uint8Array[] = [];
  let heldBytes = 0;
  for await (const chunk of bytes) {
    const end = heldBytes + chunk.length > MAX_HELD_BYTES ? chunk.length : safeEnd(chunk, heldBytes, encoding);
    if (end > 0) {
      yield decoder.decode(Buffer.concat([...held, chunk.subarray(0, end)]));
      decoder = later;
      held.length = heldBytes = 0;
    }
    // Copied, since the sender may fill its buffer anew.
    if (end < chunk.length) held.push(chunk.slice(end));
    heldBytes += chunk.length - end;
  }
  if (heldBytes > 0) yield decoder.decode(Buffer.concat(held));
}

/** How much of a chunk can be decoded without what follows; `before` bytes were held back in front of it. */
function safeEnd(chunk: Uint8Array, before: number, encoding: FileEncoding): number {
  if (encoding !== 'utf-16le') return chunk.findLastIndex((byte) => byte < FIRST_SHARED_BYTE) + 1;
  for (let end = chunk.length - ((before + chunk.length) % 2); end >= 2; end -= 2) {
    const high = chunk[end - 1]!;
    if (high < 0xd8 || high > 0xdf) return end;
  }
  return 0;
}

/** The first character of a text that no table can hold or that no longer is what was written; null when clean. */
export function damagedCharacter(text: string): string | null {
  const found = /[\0\uFFFD\p{Surrogate}]/u.exec(text)?.[0];
  return found === undefined ? null : `U+${found.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`;
}

/** At most `limit` characters for keeping and showing, without half characters and without what no table can hold. */
export function boundedText(text: string, limit: number): string {
  return text.slice(0, limit).replace(/[\0\p{Surrogate}]/gu, '\uFFFD');
}
