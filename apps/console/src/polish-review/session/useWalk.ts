import type { PolishTask } from '@qingnang/contracts';
import { useEffect, useMemo, useRef, useState } from 'react';
import { changeAt, revertedText, type Stop, stopsOf, walk, type WalkedTurn } from '../logic/change-walk';
import { type DeskState, doctorTurns } from './polish-kind';
import type { Comparisons } from './useComparisons';

export interface ReviewedTurn extends WalkedTurn {
  original: string | null;
  /** As the model last made it. */
  suggestion: string;
  rehearsal: boolean;
  /** The words that segments and findings are of; behind `text` while one types. */
  compared: string | null;
}

function patientBefore(task: PolishTask, n: number): string {
  const said = task.turns.filter((turn) => turn.role === 'patient' && turn.n < n);
  return said.map(({ original, suggestion }) => original ?? suggestion.text).join('\n');
}

/** The doctor's turns with their differences, as they were last compared. */
export function useReviewedTurns(
  { task, words }: Pick<DeskState, 'task' | 'words'>,
  comparisons: Comparisons['of'],
): ReviewedTurn[] {
  return useMemo(
    () =>
      (task ? doctorTurns(task) : []).map(({ n, original, suggestion }) => {
        const made = words?.again[n];
        const comparison = comparisons.get(n);
        return {
          n,
          original,
          text: words?.texts[n] ?? suggestion.text,
          suggestion: made?.text ?? suggestion.text,
          rehearsal: made?.rehearsal ?? suggestion.rehearsal ?? false,
          segments: comparison?.segments ?? [],
          findings: comparison?.findings ?? [],
          compared: comparison?.text ?? null,
          patient: patientBefore(task!, n),
        };
      }),
    [task, words, comparisons],
  );
}

export interface Walk {
  stops: Stop[];
  current: Stop | null;
  kept: ReadonlySet<string>;
  step(direction: 1 | -1): void;
  goTo(stop: Stop): void;
  keep(): void;
  revert(): void;
}

interface Editors {
  select(n: number, start: number, end: number): void;
  replace(n: number, start: number, end: number, words: string): void;
}

/** Segments and findings stay the same objects while one types: nothing is built anew for a key. */
function useStops(turns: readonly ReviewedTurn[]): Stop[] {
  const parts = turns.flatMap(({ n, segments, findings, patient }) => [n, segments, findings, patient]);
  return useMemo(() => stopsOf(turns), parts);
}

/** Does it now where the words as they stand have been compared, else as soon as they have. */
function useWhenCompared<T>(now: T, fresh: boolean, settled: () => Promise<void>): (act: (walker: T) => void) => void {
  const latest = useRef(now);
  useEffect(() => {
    latest.current = now;
  });
  return (act) => {
    if (fresh) act(now);
    else void settled().then(() => setTimeout(() => act(latest.current)));
  };
}

/** Walks changes and warnings; state belongs to one record (use a key). */
export function useWalk(turns: readonly ReviewedTurn[], editors: Editors, settled: () => Promise<void>): Walk {
  const stops = useStops(turns);
  const [currentKey, setCurrent] = useState<string | null>(null);
  const [kept, setKept] = useState<ReadonlySet<string>>(new Set());
  const current = stops.find((stop) => stop.key === currentKey) ?? null;

  const goTo = (stop: Stop | null) => {
    setCurrent(stop?.key ?? null);
    if (stop) editors.select(stop.n, stop.start, stop.end);
  };
  const now = {
    step: (direction: 1 | -1) => goTo(walk(stops, current?.key ?? null, direction, kept)),
    keep: () => {
      if (!current) return;
      const next = new Set(kept).add(current.key);
      setKept(next);
      goTo(walk(stops, current.key, 1, next));
    },
    revert: () => {
      const change = current && changeAt(stops, current);
      const turn = turns.find(({ n }) => n === change?.n);
      if (!change || !turn || revertedText(turn.text, change) === null) return;
      editors.replace(change.n, change.start, change.end, change.deleted);
    },
  };
  // Places are those of the words compared last: where keys came since, theirs come first.
  const fresh = turns.every(({ text, compared, original }) => original === null || text === compared);
  const run = useWhenCompared(now, fresh, settled);
  return {
    stops,
    current,
    kept,
    goTo,
    step: (direction) => run((walker) => walker.step(direction)),
    keep: () => run((walker) => walker.keep()),
    revert: () => run((walker) => walker.revert()),
  };
}
