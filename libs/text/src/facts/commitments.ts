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
 * characters or the next word, or those before it where it ends its clause (a hedge then stands for any hedge).
 * 不要吃辛辣 and 避免食用辛辣 are one fact; 没有糖尿病 and 有糖尿病 are not. A negation's span takes in what it denies.
 */
export function findQualifiers(text: string, terms: readonly Fact[]): Fact[] {
  return [...negationsOf(text, terms), ...hedgesOf(text, terms)];
}

function negationsOf(text: string, terms: readonly Fact[]): Fact[] {
  return [...text.matchAll(NEGATIONS)].flatMap((match) => {
    const [from, to] = [match.index, match.index + match[0].length];
    if (insideTerm(terms, from, to) || isAlternativeQuestion(text, from)) return [];
    if (/^(?:不排除|不除外)/u.test(text.slice(from, from + 3))) return [];
    const denied = deniedBy(text, from, to, terms);
    const [start, end] = [Math.min(from, denied.start), Math.max(to, denied.end)];
    return [{ kind: 'negation', key: `negation:${denied.key}`, text: text.slice(start, end), start, end }];
  });
}

function hedgesOf(text: string, terms: readonly Fact[]): Fact[] {
  return [...text.matchAll(HEDGES)].flatMap((match) => {
    const [start, end] = [match.index, match.index + match[0].length];
    if (insideTerm(terms, start, end)) return [];
    // Hedges move about freely in a sentence; without a name to hold on to, any hedge stands for any other.
    const key = termAfter(text, end, terms)?.key ?? '';
    return [{ kind: 'hedge', key: `hedge:${key}`, text: match[0], start, end }];
  });
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

function termAfter(text: string, from: number, terms: readonly Fact[]): Fact | undefined {
  const end = from + clauseFrom(text, from).length;
  return terms.find((fact) => fact.start >= from && fact.end <= end);
}

function deniedBy(text: string, from: number, to: number, terms: readonly Fact[]): Pick<Fact, 'key' | 'start' | 'end'> {
  const term = termAfter(text, to, terms);
  if (term) return term;
  const clause = clauseFrom(text, to);
  const fillers = FILLERS.exec(clause)?.[0].length ?? 0;
  const rest = clause.slice(fillers);
  const next = /^[a-z]+/iu.exec(rest)?.[0] ?? [...rest].slice(0, 2).join('');
  const start = to + fillers;
  if (next !== '') return { key: next.toLowerCase(), start, end: start + next.length };
  // 孕妇禁用: what is denied stands before.
  const before = /[\p{L}\p{N}]{1,2}$/u.exec(text.slice(Math.max(0, from - 4), from))?.[0] ?? '';
  return { key: before.toLowerCase(), start: from - before.length, end: to + clause.trimEnd().length };
}
