import fastDiff from 'fast-diff';
import { anchorsOf } from './diff-anchors.js';

/** One stretch of a difference, in reading order; within a change the deletion comes first. */
export interface DiffPart {
  op: 'equal' | 'insert' | 'delete';
  text: string;
}

/** Longest pair of stretches that is compared character by character; the time is its square. */
const CLOSE_LOOK = 700;
/** Squares of lengths that all close looks at one pair of texts may cost. Some milliseconds. */
const BUDGET = 500_000;
/** How often a stretch between shared runs is searched for shorter ones. */
const DEPTH = 3;
/** One character that two texts share by chance, between two changes, reads as noise; two are mostly a word. */
const CHANCE = 1;

/**
 * The difference for people's eyes, character by character: each word that was kept is seen as kept, but for chance
 * single characters between two changes. Equal and delete parts joined give `before`, equal and insert parts `after`.
 * Bounded, whatever was rewritten: stretches too long for a close look are cut where both texts share a run of
 * characters found once in each, else clause by clause, and what is still too long is shown as replaced.
 */
export function diffTexts(before: string, after: string): DiffPart[] {
  const budget = { left: BUDGET };
  const head = sharedHead(before, after);
  const tail = sharedTail(before.slice(head), after.slice(head));
  const parts: DiffPart[] = [
    { op: 'equal', text: before.slice(0, head) },
    ...differ(before.slice(head, before.length - tail), after.slice(head, after.length - tail), budget, DEPTH),
    { op: 'equal', text: before.slice(before.length - tail) },
  ];
  return tidied(parts);
}

const OPERATIONS = { [-1]: 'delete', [0]: 'equal', [1]: 'insert' } as const;

function differ(before: string, after: string, budget: { left: number }, depth: number): DiffPart[] {
  const length = before.length + after.length;
  if (before === '' || after === '') return replaced(before, after);
  if (length <= CLOSE_LOOK && length * length <= budget.left) {
    budget.left -= length * length;
    return fastDiff(before, after).map(([operation, text]) => ({ op: OPERATIONS[operation], text }));
  }
  const anchors = depth === 0 ? [] : anchorsOf(before, after);
  if (anchors.length === 0) return byClauses(before, after, budget);
  const parts: DiffPart[] = [];
  let [a, b] = [0, 0];
  for (const { before: from, after: to, length: size } of anchors) {
    parts.push(...differ(before.slice(a, from), after.slice(b, to), budget, depth - 1));
    parts.push({ op: 'equal', text: before.slice(from, from + size) });
    [a, b] = [from + size, to + size];
  }
  parts.push(...differ(before.slice(a), after.slice(b), budget, depth - 1));
  return parts;
}

/** Clause for clause: each distinct one stands as one character while they are compared. */
function byClauses(before: string, after: string, budget: { left: number }): DiffPart[] {
  const clauses = new Map<string, string>();
  const words: string[] = [];
  const coded = (text: string): string =>
    (text.match(/[^，,。；;！!？?\n]*(?:[，,。；;！!？?\n]|$)/gu) ?? [])
      .filter((clause) => clause !== '')
      .map((clause) => {
        const known = clauses.get(clause);
        if (known !== undefined) return known;
        // From the first private place on, which no half of a surrogate pair is.
        const code = String.fromCharCode(0xe000 + (words.push(clause) - 1));
        clauses.set(clause, code);
        return code;
      })
      .join('');
  const [one, two] = [coded(before), coded(after)];
  const cost = (one.length + two.length) ** 2;
  if (words.length > PRIVATE_PLACES || one.length + two.length > CLOSE_LOOK || cost > budget.left) {
    return replaced(before, after);
  }
  budget.left -= cost;
  return fastDiff(one, two).map(([operation, codes]) => ({
    op: OPERATIONS[operation],
    text: [...codes].map((code) => words[code.charCodeAt(0) - 0xe000]).join(''),
  }));
}

const PRIVATE_PLACES = 6_400;

const replaced = (before: string, after: string): DiffPart[] => [
  { op: 'delete', text: before },
  { op: 'insert', text: after },
];

/** Neighbours of one kind joined, chance characters folded into the changes around them. */
function tidied(parts: readonly DiffPart[]): DiffPart[] {
  const joined: DiffPart[] = [];
  for (const { op, text } of parts) {
    const last = joined.at(-1);
    if (text === '') continue;
    if (last?.op === op) last.text += text;
    else joined.push({ op, text });
  }
  const tidy: DiffPart[] = [];
  let [deleted, inserted] = ['', ''];
  const close = () => {
    if (deleted) tidy.push({ op: 'delete', text: deleted });
    if (inserted) tidy.push({ op: 'insert', text: inserted });
    [deleted, inserted] = ['', ''];
  };
  joined.forEach(({ op, text }, index) => {
    const inChange = deleted !== '' || inserted !== '';
    if (op === 'equal' && !(inChange && index < joined.length - 1 && [...text].length <= CHANCE)) {
      close();
      tidy.push({ op, text });
      return;
    }
    if (op !== 'insert') deleted += text;
    if (op !== 'delete') inserted += text;
  });
  close();
  return atMarks(tidy);
}

/** An addition before a full stop that ends on one: 祝您早日康复。 was added, not 。祝您早日康复. */
function atMarks(parts: readonly DiffPart[]): DiffPart[] {
  const shifted = parts.map((part) => ({ ...part }));
  for (let i = 1; i < shifted.length - 1; i++) {
    const [before, part, after] = [shifted[i - 1]!, shifted[i]!, shifted[i + 1]!];
    if (part.op === 'equal' || before.op !== 'equal' || after.op !== 'equal') continue;
    const mark = part.text[0]!;
    if (!'。，；！？、.,;!?\n'.includes(mark) || after.text[0] !== mark) continue;
    before.text += mark;
    part.text = part.text.slice(1) + mark;
    after.text = after.text.slice(1);
  }
  return shifted.filter(({ text }) => text !== '');
}

const isLow = (unit: number): boolean => unit >= 0xdc00 && unit <= 0xdfff;

function sharedHead(a: string, b: string): number {
  const most = Math.min(a.length, b.length);
  let at = 0;
  while (at < most && a.charCodeAt(at) === b.charCodeAt(at)) at++;
  // Never between the halves of a surrogate pair.
  return at > 0 && (isLow(a.charCodeAt(at)) || isLow(b.charCodeAt(at))) ? at - 1 : at;
}

function sharedTail(a: string, b: string): number {
  const most = Math.min(a.length, b.length);
  let at = 0;
  while (at < most && a.charCodeAt(a.length - 1 - at) === b.charCodeAt(b.length - 1 - at)) at++;
  return at > 0 && isLow(a.charCodeAt(a.length - at)) ? at - 1 : at;
}
