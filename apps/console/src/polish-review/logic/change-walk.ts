import type { DiffSegment } from '../../dialogue/diff-segments';

/** A stop of the walk: a change of words, or a fact that came or went. Offsets are UTF-16 units of the text as it stands. */
export interface Stop {
  /** Turn of the dialogue. */
  n: number;
  kind: 'change' | 'added' | 'lost';
  start: number;
  end: number;
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

export interface FactWords {
  kind: string;
  text: string;
}

export interface WalkedTurn {
  n: number;
  text: string;
  segments: readonly DiffSegment[];
  /** Facts of the original that the suggestion lacked, and the other way round. */
  lost: readonly FactWords[];
  added: readonly FactWords[];
  /** What the patient had said by then. */
  patient: string;
}

/** Neighbouring deletion and insertion are one change: a replacement. */
function changesOf({ n, segments }: WalkedTurn): Stop[] {
  const stops: Stop[] = [];
  let at = 0;
  let open: Stop | null = null;
  for (const { op, text } of segments) {
    if (op === 'equal') {
      open = null;
      at += text.length;
      continue;
    }
    if (!open) {
      open = { n, kind: 'change', start: at, end: at, deleted: '', inserted: '', key: '' };
      stops.push(open);
    }
    if (op === 'delete') open.deleted += text;
    else {
      open.inserted += text;
      at += text.length;
      open.end = at;
    }
  }
  return stops.map((stop) => ({ ...stop, key: `${n}:change:${stop.deleted}→${stop.inserted}` }));
}

/** A fact is warned of for as long as its words are still there, or still missing. */
function factsOf(turn: WalkedTurn, changes: readonly Stop[]): Stop[] {
  const { n, text } = turn;
  const added = turn.added.flatMap((fact): Stop[] => {
    const start = text.indexOf(fact.text);
    if (start < 0) return [];
    const end = start + fact.text.length;
    const key = `${n}:added:${fact.text}`;
    const saidByPatient = turn.patient.includes(fact.text);
    return [
      { n, kind: 'added', start, end, deleted: '', inserted: fact.text, factKind: fact.kind, saidByPatient, key },
    ];
  });
  const lost = turn.lost.flatMap((fact): Stop[] => {
    if (text.includes(fact.text)) return [];
    const where = changes.find((change) => change.deleted.includes(fact.text));
    const start = where?.start ?? text.length;
    const end = where?.end ?? text.length;
    return [
      {
        n,
        kind: 'lost',
        start,
        end,
        deleted: fact.text,
        inserted: '',
        factKind: fact.kind,
        key: `${n}:lost:${fact.text}`,
      },
    ];
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
    (stop.kind === 'lost' ? other.deleted.includes(stop.deleted) : other.start <= stop.start && other.end >= stop.end);
  return stops.find(holds) ?? stop;
}
