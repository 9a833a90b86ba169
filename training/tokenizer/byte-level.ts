/**
 * GPT-2's spelling of bytes as printable characters: printable Latin-1 stands for itself, the other 68 bytes
 * take the code points from 256 on. Every tokenizer.json with a `ByteLevel` part uses it.
 */
const table: readonly string[] = (() => {
  const characters: string[] = [];
  let next = 256;
  for (let byte = 0; byte < 256; byte++) {
    const printable = (byte >= 33 && byte <= 126) || (byte >= 161 && byte <= 172) || byte >= 174;
    characters.push(String.fromCodePoint(printable ? byte : next++));
  }
  return characters;
})();

/** The 256 characters in code-point order: the order in which trainers number them. */
export const byteAlphabet: readonly string[] = [...table].sort((a, b) => a.codePointAt(0)! - b.codePointAt(0)!);

const encoder = new TextEncoder();

/** One character for each UTF-8 byte of the text. */
export function toByteCharacters(text: string): string[] {
  return Array.from(encoder.encode(text), (byte) => table[byte]!);
}

const bytes = new Map(table.map((character, byte) => [character, byte]));

/** The byte a character of a byte-level token stands for; others, which no such token has, give 0. */
export function byteOf(character: string): number {
  return bytes.get(character) ?? 0;
}
