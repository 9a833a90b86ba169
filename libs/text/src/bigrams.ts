import { normaliseForIdentity } from './identity.js';

/**
 * The distinct character pairs of a text, for an index that finds two-character Chinese words. Pairs never span
 * punctuation; a run of one character gives that character. Both the row and the search words go through here.
 */
export function bigrams(text: string): string[] {
  const found = new Set<string>();
  for (const [run] of normaliseForIdentity(text).matchAll(/[\p{L}\p{N}]+/gu)) {
    const characters = [...run];
    if (characters.length === 1) found.add(run);
    for (let i = 1; i < characters.length; i++) found.add(`${characters[i - 1]}${characters[i]}`);
  }
  return [...found];
}
