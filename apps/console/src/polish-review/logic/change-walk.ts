import type { Fact } from '@qingnang/text';
import type { DiffSegment } from '../../dialogue/diff-segments';

/** A stop of the walk: a change of words, or a fact that came or went. Offsets are UTF-16 units of the text as it stands. */
export interface Stop {
  /** Turn of the dialogue. */
  n: number;
  kind: 'change' | 'added' | 'lost';
  start: number;
  end: number;
  /** Where it lies in the original, which does not move: half-open, empty where nothing stood. */
  was: { start: number; end: number };
  /** Words of the original that are gone here. */
  deleted: string;
  /** Words that stand here instead. */
  inserted: string;
  /** Of a fact: number, drug, disease, negation, hedge or question. */
  factKind?: string;
  /** Of an added fact: the patient said it before, so that it is no invention. */
  saidByPatient?: boolean;
  /** The same stop after more typing elsewhere has the same key. */
  key: string;
}

export interface WalkedTurn {
  n: number;
  text: string;
  segments: readonly DiffSegment[];
  /** Facts of the original that the text as it stands lacks, and the other way round. */
  lost: readonly Fact[];
  added: readonly Fact[];
  /** What the patient had said by then. */
  patient: string;
}

/** Neighbouring deletion and insertion are one change: a replacement. */
function changesOf({ n, segments }: WalkedTurn): Stop[] {
  const stops: Stop[] = [];
  let [before, at] = [0, 0];
  let open: Stop | null = null;
  for (const { op, text } of segments) {
    if (op === 'equal') open = null;
    else if (!open) {
      const was = { start: before, end: before };
      open = { n, kind: 'change', start: at, end: at, was, deleted: '', inserted: '', key: '' };
      stops.push(open);
    }
    if (op !== 'insert') before += text.length;
    if (op !== 'delete') at += text.length;
    if (!open) continue;
    if (op === 'delete') open.deleted += text;
    else open.inserted += text;
    open.was.end = before;
    open.end = at;
  }
  return stops.map((stop) => ({ ...stop, key: `${n}:change:${stop.deleted}→${stop.inserted}` }));
}

const meet = (a: { start: number; end: number }, b: { start: number; end: number }) =>
  a.start < b.end && b.start < a.end;

/** Where in the text as it stands a place of the original would be: what changed before it shifts it. */
function placeNow(changes: readonly Stop[], place: number): number {
  const last = changes.findLast((change) => change.was.start <= place);
  return last ? Math.max(last.end, last.end + place - last.was.end) : place;
}

/**
 * Facts that came or went, each at its place. That the words of a lost one stand elsewhere as well says nothing: another
 * sentence's 不 denies another thing.
 */
function factsOf(turn: WalkedTurn, changes: readonly Stop[]): Stop[] {
  const { n } = turn;
  const added = turn.added.map((fact): Stop => {
    const before = changes.findLast((change) => change.start <= fact.start);
    const was = before?.was.end ?? 0;
    return {
      n,
      kind: 'added',
      start: fact.start,
      end: fact.end,
      was: { start: was, end: was },
      deleted: '',
      inserted: fact.text,
      factKind: fact.kind,
      saidByPatient: turn.patient.includes(fact.text),
      key: `${n}:added:${fact.kind}:${fact.key}`,
    };
  });
  const lost = turn.lost.map((fact): Stop => {
    const where = changes.find((change) => meet(change.was, fact));
    const start = where?.start ?? placeNow(changes, fact.start);
    const end = where?.end ?? placeNow(changes, fact.end);
    const was = { start: fact.start, end: fact.end };
    const key = `${n}:lost:${fact.kind}:${fact.key}`;
    return { n, kind: 'lost', start, end, was, deleted: fact.text, inserted: '', factKind: fact.kind, key };
  });
  return [...added, ...lost];
}

/** All stops in reading order; facts before the change they lie in, since they matter more. */
export function stopsOf(turns: readonly WalkedTurn[]): Stop[] {
  const rank = { added: 0, lost: 0, change: 1 };
  return turns.flatMap((turn) => {
    const changes = changesOf(turn);
    return [...factsOf(turn, changes), ...changes].sort((a, b) => a.start - b.start || rank[a.kind] - rank[b.kind]);
  });
}

/** The next stop that has not been kept, around the end; null when there is none. */
export function walk(
  stops: readonly Stop[],
  current: string | null,
  step: 1 | -1,
  kept: ReadonlySet<string> = new Set(),
): Stop | null {
  const from = stops.findIndex((stop) => stop.key === current);
  for (let i = 1; i <= stops.length; i++) {
    const start = from < 0 && step < 0 ? 0 : from;
    const stop = stops[(start + step * i + stops.length * 2) % stops.length]!;
    if (!kept.has(stop.key)) return stop;
  }
  return null;
}

/** How the text reads with one stop undone; null for a fact that nothing in the text can be put back for. */
export function revertedText(text: string, stop: Stop): string | null {
  if (stop.kind === 'lost') return null;
  return text.slice(0, stop.start) + stop.deleted + text.slice(stop.end);
}

/** The change of words that a stop lies in: for a fact, what has to be reverted to undo it. */
export function changeAt(stops: readonly Stop[], stop: Stop): Stop {
  if (stop.kind === 'change') return stop;
  const holds = (other: Stop) =>
    other.kind === 'change' &&
    other.n === stop.n &&
    (stop.kind === 'lost' ? meet(other.was, stop.was) : other.start <= stop.start && other.end >= stop.end);
  return stops.find(holds) ?? stop;
}
