import { type Bearing, compareBearings, findBearings } from './bearings.js';
import { compareCertainty } from './certainty.js';
import { alignClauses } from './closeness.js';
import type { Finding, RawFinding, Span } from './fact.js';
import { alignedBack, compareNegations, findNegations, type Negation } from './negations.js';
import { pairUp } from './amounts/pair-up.js';
import { readText, type Reading } from './reading.js';
import { compareRegimens, findRegimen, type Regimen } from './amounts/regimen.js';
import { findTerms, type Term } from './terms.js';
import { compareUrgency } from './urgency.js';

/**
 * What a reply lost, added or changed against the doctor's own words, in the order of the text as it stands. Rules, not
 * understanding: it reports for a person to look at. Wording, layout and the form of numbers are nobody's concern.
 */
export function compareFacts(original: string, text: string): Finding[] {
  const steps = compareInSteps(original, text);
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

/** Longest stretch of work before others get a turn. */
const SLICE_MS = 8;

/** The same in slices: `pause` lets others have their turn, e.g. a server's next request. */
export async function compareFactsInSlices(
  original: string,
  text: string,
  pause: () => Promise<unknown>,
): Promise<Finding[]> {
  const steps = compareInSteps(original, text);
  for (let since = performance.now(); ;) {
    const step = steps.next();
    if (step.done) return step.value;
    if (performance.now() - since < SLICE_MS) continue;
    await pause();
    since = performance.now();
  }
}

function* compareInSteps(original: string, text: string): Generator<void, Finding[]> {
  if (original === text) return [];
  const before = yield* readInSteps(original);
  const after = yield* readInSteps(text);
  if (before.reading.plain === after.reading.plain) return [];
  const aligned = alignClauses(before.reading, after.reading);
  yield;
  const raw = compareDrugs(before, after);
  raw.push(...compareRegimens(before.regimen, after.regimen));
  yield;
  raw.push(...compareBearings(before.bearings, after.bearings, aligned));
  yield;
  raw.push(...compareNegations(before.reading, after.reading, before.negations, after.negations, aligned));
  yield;
  raw.push(...compareCertainty(before, after, aligned));
  yield;
  raw.push(...compareUrgency(before.reading, after.reading));
  const finish = finisher(original, text, before.reading, after.reading, aligned);
  return named(raw.map(finish)).sort((a, b) => a.is.start - b.is.start || a.was.start - b.was.start);
}

interface Read {
  reading: Reading;
  terms: Term[];
  regimen: Regimen;
  bearings: Bearing[];
  negations: Negation[];
}

function* readInSteps(text: string): Generator<void, Read> {
  const reading = readText(text);
  yield;
  const terms = findTerms(reading.plain);
  yield;
  const regimen = findRegimen(reading, terms);
  yield;
  const drugs = terms.filter(({ sort }) => sort === 'drug');
  const bearings = findBearings(reading, drugs);
  yield;
  const used = [...bearings.flatMap(({ denial }) => (denial ? [denial] : [])), ...regimen.thresholds];
  const negations = findNegations(reading, used);
  yield;
  return { reading, terms, regimen, bearings, negations };
}

function compareDrugs(before: Read, after: Read): RawFinding[] {
  const drugs = ({ terms }: Read) => terms.filter(({ sort }) => sort === 'drug');
  const [own, others] = [drugs(before), drugs(after)];
  // 退烧药布洛芬 for 布洛芬 names the kind of a drug that was there.
  const known = (term: Term, there: readonly Term[]): boolean => term.isClass && there.length > 0;
  return pairUp(
    own.filter((term) => !known(term, others)),
    others.filter((term) => !known(term, own)),
    { kind: () => 'drug', key: ({ key }) => key, same: (a, b) => a.key === b.key, became: [() => true] },
  );
}

type Unnamed = Omit<Finding, 'id'> & { key: string };

/** Leads spans back to the texts as given; what is missing gets the place where it would stand. */
function finisher(
  original: string,
  text: string,
  before: Reading,
  after: Reading,
  aligned: readonly (readonly number[])[],
): (raw: RawFinding) => Unnamed {
  const place = (given: string, reading: Reading, span: Span) => {
    const { start, end } = reading.given(span);
    return { start, end, text: given.slice(start, end) };
  };
  const back = alignedBack(aligned);
  return ({ kind, key, was, is, of }) => {
    const there = was && !is ? missingPlace(before, after, was, aligned) : is;
    const here = is && !was ? missingPlace(after, before, is, back) : was;
    const change = was === null ? 'added' : is === null ? 'lost' : 'changed';
    const empty = (given: string, reading: Reading, at: number) => ({
      ...place(given, reading, { start: at, end: at }),
      text: '',
    });
    return {
      kind,
      change,
      key,
      was: was ? place(original, before, was) : empty(original, before, (here as Span).start),
      is: is ? place(text, after, is) : empty(text, after, (there as Span).start),
      ...(of === undefined ? {} : { of }),
    };
  };
}

/** Where something would stand: at the beginning of the clause that says most like its own, else at the end. */
function missingPlace(from: Reading, to: Reading, span: Span, aligned: readonly (readonly number[])[]): Span {
  const clause = aligned[from.clauseAt(span.start)]?.[0];
  const at = clause === undefined ? to.plain.length : to.clauses[clause]!.start;
  return { start: at, end: at };
}

/** Ids of what they are about, so that typing elsewhere changes none; hashed, so that they hold no words. */
function named(findings: readonly Unnamed[]): Finding[] {
  const seen = new Map<string, number>();
  return findings.map(({ key, ...finding }) => {
    const base = `${finding.kind}.${finding.change}.${hash(key)}`;
    const again = seen.get(base) ?? 0;
    seen.set(base, again + 1);
    return { ...finding, id: again === 0 ? base : `${base}.${again}` };
  });
}

/** FNV-1a, in base 36: short, and the same everywhere. */
function hash(text: string): string {
  let value = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193) >>> 0;
  return value.toString(36);
}
