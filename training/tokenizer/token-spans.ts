import { byteOf } from './byte-level.js';

/** What of a `tokenizer.json` decides how a token is spelt. */
export interface TokenSpelling {
  /** Added tokens stand for their own text. */
  added: ReadonlySet<string>;
  /** GPT-2's way: a character for each byte. Otherwise SentencePiece's: `▁` for a space, `<0xE5>` for a single byte. */
  byteLevel: boolean;
  /** The token that stands for whatever the vocabulary lacks. */
  unknown: string | null;
}

/** SentencePiece cannot tell the two apart. */
const asSpaces = (text: string): string => text.replaceAll('▁', ' ');

/** How long a text is in the bytes that spans count. */
export function spelledLength(text: string, { byteLevel }: TokenSpelling): number {
  return Buffer.byteLength(byteLevel ? text : asSpaces(text));
}

/** Start and end in bytes of UTF-8. */
export type ByteSpan = [start: number, end: number];

/**
 * Where each token lies in a text. Tokens follow one another, but some tokenizers put a space in front (`▁`) or drop white
 * space beside special tokens, and an unknown token may stand for anything: places are found by comparing bytes.
 * @param text as the tokenizer's normaliser leaves it
 * @returns `null` when the tokens do not spell the text
 */
export function tokenSpans(tokens: readonly string[], text: string, spelling: TokenSpelling): ByteSpan[] | null {
  const bytes = spelling.byteLevel ? Buffer.from(text) : Buffer.from(asSpaces(text));
  const spans: ByteSpan[] = [];
  let at = 0;
  let unknown: ByteSpan[] = []; // which end where the next token begins
  for (const token of tokens) {
    const piece = bytesOf(token, spelling);
    const span = startsAt(bytes, piece, at) || token !== spelling.unknown ? place(bytes, piece, at, unknown) : null;
    if (span) {
      for (const open of unknown) open[1] = span[0];
      unknown = [];
      at = span[1];
      spans.push(span);
    } else if (token === spelling.unknown) {
      unknown.push([at, at]);
      spans.push(unknown.at(-1)!);
    } else {
      return null;
    }
  }
  for (const open of unknown) open[1] = bytes.length;
  return unknown.length > 0 || bytes.subarray(at).toString().trim() === '' ? spans : null;
}

function place(bytes: Buffer, piece: Buffer, from: number, unknown: readonly ByteSpan[]): ByteSpan | null {
  const last = unknown.length > 0 ? bytes.length : skipSpace(bytes, from);
  for (let at = from; at <= last; at++) {
    if (startsAt(bytes, piece, at)) return [at, at + piece.length];
    if (piece[0] === SPACE && startsAt(bytes, piece.subarray(1), at)) return [at, at + piece.length - 1];
  }
  return null;
}

const SPACE = 0x20;

function startsAt(bytes: Buffer, piece: Buffer, at: number): boolean {
  return bytes.subarray(at, at + piece.length).equals(piece);
}

function skipSpace(bytes: Buffer, at: number): number {
  while (at < bytes.length && (bytes[at] === SPACE || (bytes[at]! >= 9 && bytes[at]! <= 13))) at++;
  return at;
}

/** The bytes of UTF-8 that a token stands for. */
export function bytesOf(token: string, { added, byteLevel }: TokenSpelling): Buffer {
  if (added.has(token)) return Buffer.from(token);
  if (byteLevel) return Buffer.from(Array.from(token, (character) => byteOf(character)));
  const single = /^<0x([0-9A-F]{2})>$/.exec(token);
  return single ? Buffer.from([Number.parseInt(single[1]!, 16)]) : Buffer.from(asSpaces(token));
}

/** A token for reading: its text, or in hexadecimal the bytes that are no whole character. */
export function spellToken(token: string, spelling: TokenSpelling): string {
  const bytes = bytesOf(token, spelling);
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return `<${bytes
      .toString('hex')
      .toUpperCase()
      .replaceAll(/(..)(?=.)/g, '$1 ')}>`;
  }
}
