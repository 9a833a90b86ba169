import type { DiffPart, Finding } from '@qingnang/text';

/** A stop of the walk: a change of words, or a fact that came or went. Offsets are UTF-16 units of the text as it stands. */
export interface Stop {
  /** Turn of the dialogue. */
  n: number;
  kind: 'change' | 'fact';
  start: number;
  end: number;
  /** Where it lies in the original, which does not move: half-open, empty where nothing stood. */
  was: { start: number; end: number };
  /** Words of the original that are gone here. */
  deleted: string;
  /** Words that stand here instead. */
  inserted: string;
  /** Of a fact: what came, went or changed. */
  finding?: Finding;
  /** Of an added fact: the patient said it before, so that it is no invention. */
  saidByPatient?: boolean;
  /** The same stop after more typing elsewhere has the same key. */
  key: string;
}

export interface WalkedTurn {
  n: number;
  text: string;
  segments: readonly DiffPart[];
  /** What was lost, added or changed against the original, in those words. */
  findings: readonly Finding[];
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

/** Facts that came, went or changed, each at its place in both texts; what is gone, where the words went. */
function factsOf({ n, findings, patient }: WalkedTurn, changes: readonly Stop[]): Stop[] {
  return findings.map((finding): Stop => {
    const { was, is, change } = finding;
    const where = change === 'lost' ? changes.find((other) => meet(other.was, was)) : undefined;
    const { start, end } = where ?? is;
    return {
      n,
      kind: 'fact',
      start,
      end,
      was: { start: was.start, end: was.end },
      deleted: was.text,
      inserted: is.text,
      finding,
      saidByPatient: change === 'added' && patient.includes(is.text),
      key: `${n}:${finding.id}`,
    };
  });
}

/** All stops in reading order; facts before the change they lie in, since they matter more. */
export function stopsOf(turns: readonly WalkedTurn[]): Stop[] {
  const rank = { fact: 0, change: 1 };
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
  if (stop.kind === 'fact') return null;
  return text.slice(0, stop.start) + stop.deleted + text.slice(stop.end);
}

/** The change of words that a stop lies in: for a fact, what has to be reverted to undo it. */
export function changeAt(stops: readonly Stop[], stop: Stop): Stop {
  if (stop.kind === 'change') return stop;
  const holds = (other: Stop) =>
    other.kind === 'change' &&
    other.n === stop.n &&
    (stop.finding?.change === 'lost' ? meet(other.was, stop.was) : meet(other, stop));
  return stops.find(holds) ?? stop;
}
