import type { PlainTurn } from '@qingnang/contracts';

/** At this Jaccard similarity of character 5-grams two demo texts count as near duplicates. */
export const NEAR_DUPLICATE = 0.5;

const SIZE = 5;

/** The dialogue as one line, punctuation and spaces left out. */
export function plainText(turns: readonly PlainTurn[]): string {
  return turns
    .map((turn) => turn.text)
    .join('')
    .replace(/[\s\p{P}]+/gu, '')
    .toLowerCase();
}

/** The set of character 5-grams; a text shorter than five characters is its own gram. */
export function fiveGrams(text: string): Set<string> {
  const characters = [...text];
  const grams = new Set<string>();
  for (let i = 0; i + SIZE <= characters.length; i++) grams.add(characters.slice(i, i + SIZE).join(''));
  return grams.size > 0 ? grams : new Set([text]);
}

export function jaccard(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  let shared = 0;
  for (const gram of a) if (b.has(gram)) shared++;
  return shared / (a.size + b.size - shared);
}

/** Remembers texts and refuses one too like any before it, so that no cluster of near duplicates can grow. */
export class NearDuplicateGuard {
  private readonly accepted: Set<string>[] = [];
  private readonly holders = new Map<string, number[]>();

  /** Takes the text in and answers true, or leaves everything as it was and answers false. */
  accept(text: string): boolean {
    const grams = fiveGrams(text);
    const candidates = new Set([...grams].flatMap((gram) => this.holders.get(gram) ?? []));
    for (const index of candidates) if (jaccard(grams, this.accepted[index]!) >= NEAR_DUPLICATE) return false;
    const index = this.accepted.push(grams) - 1;
    for (const gram of grams) this.holders.set(gram, [...(this.holders.get(gram) ?? []), index]);
    return true;
  }
}
