import { clauseFrom, type Fact } from './fact.js';

const NEGATIONS = new RegExp(
  [
    '不(?![错过仅但管同断适时久妨少只论然足良孕育止])',
    '没',
    '未(?![来必])',
    '无(?!论)',
    '勿',
    '(?<![特分区性级个类鉴识告])别(?![的人名])',
    '禁止|禁忌|切忌|避免|禁|忌(?!讳)',
    '(?<!除)非(?![常洛布但处])',
    String.raw`\b(?:not|no|never|without|avoid|don't|doesn't|isn't|cannot|can't)\b`,
  ].join('|'),
  'giu',
);
const HEDGES =
  /可能性?|也许|或许|大概|疑似|不排除|不除外|多半|似乎|估计|考虑|怀疑|应该是|\b(?:may|might|could be|possibly|perhaps|probably|likely|suspect(?:ed)?)\b/giu;
/** Auxiliaries between a negation or hedge and the thing it is about. */
const FILLERS =
  /^(?:\s|有|是|为|能够|能|够|会|着|可以|可|要|应该|应|宜|需要|需|用|建议|一定|必|得了|得|患|再|过于|过度|过|太|存在|出现|属于|吃|食用|进食|服用|使用|to|be|have|has|a|the|any|it|is|use|take|take any)+/iu;
/** The clause that asks, and the one before it where the asking clause alone is too short to tell. */
const QUESTION =
  /(?:[^，,。！!？?\n；;]*[，,])?[^，,。！!？?\n；;]*(?:[？?]|(?:吗|呢|多久了|什么时候|有没有|是不是)(?=$|[。\n；;]))/gu;

/**
 * Negations and hedges, each keyed by what it is about: the disease, drug or number in its clause, else the next two
 * characters or the next word (a hedge then stands for any hedge). 不要吃辛辣 and 避免食用辛辣 are one fact; 没有糖尿病 and 有糖尿病 are not.
 */
export function findQualifiers(text: string, terms: readonly Fact[]): Fact[] {
  const facts: Fact[] = [];
  for (const [kind, pattern] of [
    ['negation', NEGATIONS],
    ['hedge', HEDGES],
  ] as const) {
    for (const match of text.matchAll(pattern)) {
      const [start, end] = [match.index, match.index + match[0].length];
      if (facts.some((fact) => fact.kind === kind && start < fact.end) || insideTerm(terms, start, end)) continue;
      if (kind === 'negation' && /^(?:不排除|不除外)/u.test(text.slice(start))) continue;
      if (kind === 'negation' && isAlternativeQuestion(text, start)) continue;
      facts.push({ kind, key: `${kind}:${subjectOf(kind, text, end, terms)}`, text: match[0], start, end });
    }
  }
  return facts;
}

/** Sentences that ask the patient something. Their key is the sentence; comparing them is `sameQuestion`. */
export function findQuestions(text: string): Fact[] {
  return [...text.matchAll(QUESTION)].flatMap((match) => {
    const comma = match[0].search(/[，,](?=[^，,]{4,}$)/u);
    const words = match[0].slice(comma + 1).trim();
    const start = match.index + match[0].lastIndexOf(words);
    const key = words.replace(/[^\p{L}\p{N}]+/gu, '').toLowerCase();
    return key === '' ? [] : [{ kind: 'question' as const, key, text: words, start, end: start + words.length }];
  });
}

/** Whether two question keys ask for the same: at least 40 % of the shorter one's character pairs stand in the other. */
export function sameQuestion(a: string, b: string): boolean {
  const [short, long] = a.length <= b.length ? [a, b] : [b, a];
  if (short.length < 2) return long.includes(short);
  let shared = 0;
  for (let i = 1; i < short.length; i++) if (long.includes(short.slice(i - 1, i + 1))) shared++;
  return shared / (short.length - 1) >= 0.4;
}

function insideTerm(terms: readonly Fact[], start: number, end: number): boolean {
  return terms.some((term) => term.kind !== 'number' && start >= term.start && end <= term.end);
}

/** 有没有, 是不是, 能不能 ask; they deny nothing. */
function isAlternativeQuestion(text: string, at: number): boolean {
  const [before, after] = [text[at - 1], text[at + 1]];
  return before !== undefined && before === after && /\p{Script=Han}/u.test(before);
}

function subjectOf(kind: 'negation' | 'hedge', text: string, from: number, terms: readonly Fact[]): string {
  const clause = clauseFrom(text, from);
  const term = terms.find((fact) => fact.start >= from && fact.end <= from + clause.length);
  if (term !== undefined) return term.key;
  // Hedges move about freely in a sentence; without a name to hold on to, any hedge stands for any other.
  if (kind === 'hedge') return '';
  const rest = clause.replace(FILLERS, '');
  return (/^[a-z]+/iu.exec(rest)?.[0] ?? [...rest].slice(0, 2).join('')).toLowerCase();
}
