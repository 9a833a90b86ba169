import type { Fact, FactKind } from './fact.js';
import * as lexicon from './lexicon.js';

// Characters that end a term on its left: function words and punctuation never stand inside a name.
const INSIDE =
  '(?:(?![的是有为了在被由因和与或及等且也都就将要会能如若这那您你我他她它们吗呢吧对把给从向着过还又再很最更以后前时])\\p{Script=Han})';

const byLength = (words: readonly string[]): string => [...words].sort((a, b) => b.length - a.length).join('|');
const WORDS: Record<'disease' | 'drug', RegExp> = {
  disease: new RegExp(byLength(lexicon.DISEASES), 'giu'),
  drug: new RegExp(byLength(lexicon.DRUGS), 'giu'),
};
const ENDINGS: Record<'disease' | 'drug', RegExp> = {
  disease: new RegExp(
    `${INSIDE}{1,8}?(?:${lexicon.DISEASE_ENDINGS})(?![变人情因史理房床毒菌程例灶痛区状药院友患势原])`,
    'gu',
  ),
  drug: new RegExp(`${INSIDE}{2,8}?(?:${lexicon.DRUG_ENDINGS})`, 'gu'),
};
const ENGLISH: Record<'disease' | 'drug', RegExp> = { disease: lexicon.ENGLISH_DISEASE, drug: lexicon.ENGLISH_DRUG };
/** Words that change which disease is meant; they belong to a term when they stand right before it. */
const QUALIFIER =
  /(?:急性|慢性|亚急性|轻度|中度|重度|早期|中期|晚期|良性|恶性|原发性|继发性|先天性|1型|2型|一型|二型|I型|II型)$/u;

/** Names of diseases and drugs: first those of the lexicon, then, in what is left, those known by their ending. */
export function findTerms(text: string): Fact[] {
  const facts: Fact[] = [];
  const taken = new Uint8Array(text.length);
  const add = (kind: FactKind, start: number, end: number): void => {
    if (taken.subarray(start, end).some((used) => used === 1)) return;
    taken.fill(1, start, end);
    const words = text.slice(start, end);
    facts.push({ kind, key: words.toLowerCase(), text: words, start, end });
  };
  for (const kind of ['drug', 'disease'] as const) {
    for (const match of text.matchAll(WORDS[kind])) {
      if (/[a-z]/iu.test(match[0]) && /[a-z]/iu.test(text[match.index - 1] ?? '')) continue;
      const qualifier =
        kind === 'disease' ? QUALIFIER.exec(text.slice(Math.max(0, match.index - 4), match.index)) : null;
      add(kind, match.index - (qualifier?.[0].length ?? 0), match.index + match[0].length);
    }
    for (const match of text.matchAll(ENGLISH[kind])) add(kind, match.index, match.index + match[0].length);
  }
  for (const kind of ['drug', 'disease'] as const) {
    for (const match of text.matchAll(ENDINGS[kind])) {
      const leading = lexicon.LEADING_WORDS.exec(match[0])?.[0].length ?? 0;
      const term = match[0].slice(leading);
      if (term.length < 2 || lexicon.NO_TERMS.has(term)) continue;
      // 奥美拉唑|肠溶胶囊: the form a named drug comes in.
      if (kind === 'drug' && taken[match.index + leading - 1] === 1) continue;
      add(kind, match.index + leading, match.index + match[0].length);
    }
  }
  return facts.sort((a, b) => a.start - b.start);
}
