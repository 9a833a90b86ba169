import type { PolishTask } from '@qingnang/contracts';
import { compareFacts } from '@qingnang/text';
import { useMemo, useState } from 'react';
import { diffSegments } from '../../dialogue/diff-segments';
import { changeAt, revertedText, type Stop, stopsOf, walk, type WalkedTurn } from '../logic/change-walk';
import { type DeskState, doctorTurns } from './polish-kind';

export interface ReviewedTurn extends WalkedTurn {
  original: string | null;
  /** As the model last made it. */
  suggestion: string;
  rehearsal: boolean;
}

function patientBefore(task: PolishTask, n: number): string {
  const said = task.turns.filter((turn) => turn.role === 'patient' && turn.n < n);
  return said.map(({ original, suggestion }) => original ?? suggestion.text).join('\n');
}

/** The doctor's turns with their differences, found anew as one types. */
export function useReviewedTurns({ task, words }: Pick<DeskState, 'task' | 'words'>): ReviewedTurn[] {
  return useMemo(
    () =>
      (task ? doctorTurns(task) : []).map(({ n, original, suggestion }) => {
        const text = words?.texts[n] ?? suggestion.text;
        const made = words?.again[n];
        return {
          n,
          original,
          text,
          suggestion: made?.text ?? suggestion.text,
          rehearsal: made?.rehearsal ?? suggestion.rehearsal,
          segments: original === null ? [] : diffSegments(original, text),
          // Of the words as they stand: what the person wrote counts like what the model wrote.
          ...(original === null ? { lost: [], added: [] } : compareFacts(original, text)),
          patient: patientBefore(task!, n),
        };
      }),
    [task, words],
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

/** Walks changes and warnings; state belongs to one record (use a key). */
export function useWalk(turns: readonly ReviewedTurn[], editors: Editors): Walk {
  const stops = useMemo(() => stopsOf(turns), [turns]);
  const [currentKey, setCurrent] = useState<string | null>(null);
  const [kept, setKept] = useState<ReadonlySet<string>>(new Set());
  const current = stops.find((stop) => stop.key === currentKey) ?? null;

  const goTo = (stop: Stop | null) => {
    setCurrent(stop?.key ?? null);
    if (stop) editors.select(stop.n, stop.start, stop.end);
  };
  return {
    stops,
    current,
    kept,
    goTo,
    step: (direction) => goTo(walk(stops, current?.key ?? null, direction, kept)),
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
}
