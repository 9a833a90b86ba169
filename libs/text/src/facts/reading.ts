import { halfWidth } from '../half-width.js';
import type { Span } from './fact.js';

/** A part of a reading between two marks; a sentence is a run of clauses. */
export interface Clause extends Span {
  sentence: number;
}

/** A text as the rules read it: half width, lower case, without the spaces that carry no meaning. */
export interface Reading {
  plain: string;
  clauses: readonly Clause[];
  /** The clause at a place. */
  clauseAt(place: number): number;
  /** A span of `plain` in the text as given. */
  given(span: Span): Span;
}

const CLAUSE_MARKS = '，,。；;！!？?\n：:、';
const SENTENCE_MARKS = '。；;！!？?\n';
const SPACE = /[\s\u200b-\u200d\ufeff]/u;
const WORD = /[a-z0-9]/u;

/** Reads a text; one pass, and places can be led back. */
export function readText(text: string): Reading {
  const wide = halfWidth(text).replace(/[A-Z]/gu, (letter) => letter.toLowerCase());
  const places: number[] = [];
  let plain = '';
  for (let i = 0; i < wide.length; i++) {
    const character = wide[i]!;
    if (character !== '\n' && SPACE.test(character)) {
      while (i + 1 < wide.length && wide[i + 1] !== '\n' && SPACE.test(wide[i + 1]!)) i++;
      const [last, next] = [plain.at(-1) ?? '', wide[i + 1] ?? ''];
      // 15 mg is 15mg.
      if (!WORD.test(last) || !WORD.test(next) || (/\d/u.test(last) && /[a-z]/u.test(next))) continue;
      places.push(i);
      plain += ' ';
      continue;
    }
    places.push(i);
    plain += character;
  }
  places.push(text.length);
  const clauses = clausesOf(plain);
  return {
    plain,
    clauses,
    clauseAt: (place) => clauseAt(clauses, place),
    given: ({ start, end }) => ({
      start: places[start] ?? text.length,
      end: end > start ? places[end - 1]! + 1 : (places[start] ?? text.length),
    }),
  };
}

function clausesOf(plain: string): Clause[] {
  const clauses: Clause[] = [];
  let [start, sentence] = [0, 0];
  for (let i = 0; i <= plain.length; i++) {
    const here = plain[i];
    const stop = here === '.' && !/\d/u.test(plain[i + 1] ?? '');
    if (here !== undefined && !stop && !CLAUSE_MARKS.includes(here)) continue;
    if (i > start) clauses.push({ start, end: i, sentence });
    if (here !== undefined && (stop || SENTENCE_MARKS.includes(here))) sentence++;
    start = i + 1;
  }
  return clauses;
}

function clauseAt(clauses: readonly Clause[], place: number): number {
  let [low, high] = [0, clauses.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (clauses[middle]!.start <= place) low = middle;
    else high = middle - 1;
  }
  return low;
}
