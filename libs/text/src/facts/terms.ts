import type { Span } from './fact.js';
import { DRUG_CLASSES, SAME_DRUG } from './lexicon/drug-names.js';
import * as lexicon from './lexicon/terms.js';

/** A drug or disease named in a text; `key` is the same for all names of one. */
export interface Term extends Span {
  sort: 'drug' | 'disease';
  key: string;
  /** Stands for a kind of medicines rather than for one. */
  isClass: boolean;
}

// Characters that end a term on its left: function words and punctuation never stand inside a name.
const INSIDE =
  '(?:(?![的是有为了在被由因和与或及等且也都就将要会能如若这那您你我他她它们吗呢吧对把给从向着过还又再很最更以后前时用吃服喝加片粒类])\\p{Script=Han})';

const KEYS = new Map<string, string>();
for (const name of lexicon.DRUGS) KEYS.set(name, name);
for (const line of SAME_DRUG) {
  const [key, ...others] = line.split(' ');
  for (const name of [key!, ...others]) KEYS.set(name, key!);
}

const escape = (word: string): string => (/^[a-z]/u.test(word) ? `(?<![a-z])${word}(?![a-z0-9])` : word);
const byLength = (words: Iterable<string>): string =>
  [...words]
    .sort((a, b) => b.length - a.length)
    .map(escape)
    .join('|');
const WORDS: Record<Term['sort'], RegExp> = {
  disease: new RegExp(byLength(lexicon.DISEASES), 'gu'),
  drug: new RegExp(byLength(KEYS.keys()), 'gu'),
};
const ENDINGS: Record<Term['sort'], RegExp> = {
  disease: new RegExp(
    `${INSIDE}{1,8}?(?:${lexicon.DISEASE_ENDINGS})(?![变人情因史理房床毒菌程例灶痛区状药院友患势原])`,
    'gu',
  ),
  drug: new RegExp(`${INSIDE}{2,8}?(?:${lexicon.DRUG_ENDINGS})`, 'gu'),
};
const ENGLISH: Record<Term['sort'], RegExp> = { disease: lexicon.ENGLISH_DISEASE, drug: lexicon.ENGLISH_DRUG };
/** What a medicine comes as; says nothing about which one it is. */
const FORMS =
  /(?:钠|钾|钙|盐酸盐)?(?:(?:肠溶|缓释|控释|分散|泡腾|咀嚼)(?:片|胶囊)|混悬(?:液|滴剂)|胶囊|颗粒|口服液|冲剂|软膏|乳膏|药膏|滴眼液|滴鼻液|喷雾剂|气雾剂|栓剂?|糖浆|片)$/u;

/** Names of diseases and drugs: first those of the lexicon, then, in what is left, those known by their ending. */
export function findTerms(plain: string): Term[] {
  const terms: Term[] = [];
  const taken = new Uint8Array(plain.length);
  const add = (sort: Term['sort'], start: number, end: number): void => {
    if (taken.subarray(start, end).some((used) => used === 1)) return;
    taken.fill(1, start, end);
    const words = plain.slice(start, end);
    const key = sort === 'drug' ? drugKey(words) : words;
    terms.push({ sort, key, start, end, isClass: DRUG_CLASSES.has(key) });
  };
  for (const sort of ['drug', 'disease'] as const) {
    for (const match of plain.matchAll(WORDS[sort])) add(sort, match.index, match.index + match[0].length);
    for (const match of plain.matchAll(ENGLISH[sort])) add(sort, match.index, match.index + match[0].length);
  }
  for (const sort of ['drug', 'disease'] as const) {
    for (const match of plain.matchAll(ENDINGS[sort])) {
      const leading = lexicon.LEADING_WORDS.exec(match[0])?.[0].length ?? 0;
      const term = match[0].slice(leading);
      if (term.length < 2 || lexicon.NO_TERMS.has(term)) continue;
      // 奥美拉唑|肠溶胶囊: the form a named drug comes in.
      if (sort === 'drug' && (taken[match.index + leading - 1] === 1 || term.replace(FORMS, '').length < 2)) continue;
      add(sort, match.index + leading, match.index + match[0].length);
    }
  }
  return terms.sort((a, b) => a.start - b.start);
}

function drugKey(words: string): string {
  return KEYS.get(words) ?? KEYS.get(words.replace(FORMS, '')) ?? words.replace(FORMS, '');
}

/** Words that say which form of a disease is meant. */
export const DISEASE_FORM = /急性|亚急性|慢性|轻度|中度|重度|早期|中期|晚期|原发性|继发性|先天性|浅表性|典型|普通/gu;

const SAME_DISEASE = new Map(
  lexicon.SAME_DISEASE.flatMap((line) => line.split(' ').map((name): [string, string] => [name, line.split(' ')[0]!])),
);

/** Whether two names mean one disease: the same, a short form, or one with its form (急性, 慢性) named. */
export function sameDisease(a: string, b: string): boolean {
  const [one, two] = [a, b].map((name) => {
    const bare = name.replace(DISEASE_FORM, '');
    return SAME_DISEASE.get(name) ?? SAME_DISEASE.get(bare) ?? bare;
  }) as [string, string];
  return one === two || one.endsWith(two) || two.endsWith(one);
}
