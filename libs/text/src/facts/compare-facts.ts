import { halfWidth } from '../half-width.js';
import { findQualifiers, findQuestions, sameQuestion } from './commitments.js';
import type { Fact } from './fact.js';
import { findNumbers } from './numbers.js';
import { findTerms } from './terms.js';

export interface FactComparison {
  /** Facts of the original that the polish no longer holds; positions in the original. */
  lost: Fact[];
  /** Facts of the polish that the original doesn't hold; positions in the polish. */
  added: Fact[];
}

/** All facts of a text in order: numbers with units, drugs, diseases, negations, hedges, questions to the patient. */
export function findFacts(text: string): Fact[] {
  const plain = halfWidth(text);
  const terms = findTerms(plain);
  const numbers = findNumbers(plain).filter(
    (number) => !terms.some((term) => number.start >= term.start && number.end <= term.end),
  );
  const anchors = [...terms, ...numbers].sort((a, b) => a.start - b.start);
  return [...anchors, ...findQualifiers(plain, anchors), ...findQuestions(plain)]
    .map((fact) => ({ ...fact, text: text.slice(fact.start, fact.end) }))
    .sort((a, b) => a.start - b.start);
}

/**
 * What a polish lost and what it added. A fact said twice is one fact, so repeating one is no addition. A term that stands
 * in the other text word for word counts as kept even where it was not recognised there. Rules, not understanding: it
 * reports for a person to look at, with positions.
 */
export function compareFacts(original: string, polished: string): FactComparison {
  const before = findFacts(original);
  const after = findFacts(polished);
  return { lost: missingFrom(before, after, polished), added: missingFrom(after, before, original) };
}

function missingFrom(facts: readonly Fact[], others: readonly Fact[], otherText: string): Fact[] {
  const seen = new Set<string>();
  const lowered = otherText.toLowerCase();
  return facts.filter((fact) => {
    const name = `${fact.kind} ${fact.key}`;
    if (seen.has(name)) return false;
    seen.add(name);
    return !others.some((other) => isSame(fact, other)) && !(isTerm(fact) && standsAlone(fact.key, lowered));
  });
}

function isTerm(fact: Fact): boolean {
  return fact.kind === 'drug' || fact.kind === 'disease';
}

/** 胃炎 stands in 慢性胃炎, but a qualifier in front of it makes another disease. */
function standsAlone(key: string, text: string): boolean {
  for (let at = text.indexOf(key); at !== -1; at = text.indexOf(key, at + 1)) {
    if (!'性度期型'.includes(text[at - 1] ?? ' ')) return true;
  }
  return false;
}

function isSame(a: Fact, b: Fact): boolean {
  if (a.kind !== b.kind) return false;
  return a.kind === 'question' ? sameQuestion(a.key, b.key) : a.key === b.key;
}
