import type { Fate, PolishTask } from '@qingnang/contracts';
import type { ApiError } from '../../providers/api-error';
import type { SaveState } from './draft-sync';

/** What became of the record before. */
export interface LastFate {
  fate: Fate | 'skipped';
  /** Null where there is nothing to take back. */
  answerId: string | null;
  /** Differs for each, so that a line may fade anew. */
  serial: number;
  /** What had been done before it, for when it is taken back. */
  before: Tally;
}

/** What was done since the page was opened. */
export interface Tally {
  accept: number;
  edit: number;
  reject: number;
  ask_doctor: number;
  skipped: number;
  seconds: number;
}

export interface DeskState {
  phase: 'loading' | 'error' | 'working' | 'finished';
  task: PolishTask | null;
  /** The doctor's turns as they read now, by `n`. */
  texts: Record<number, string>;
  /** Suggestions asked for anew, by `n`: what replaces the task's own facts and mark. */
  again: Record<number, Pick<PolishTask['turns'][number], 'lost' | 'added'> & { text: string; rehearsal: boolean }>;
  save: SaveState;
  /** What the hands wait for. */
  busy: 'submit' | 'polish' | null;
  /** Why opening or handing in failed. */
  failure: ApiError | null;
  /** The slot is no longer mine. */
  lost: ApiError | null;
  last: LastFate | null;
  tally: Tally;
}

export const emptyTally: Tally = { accept: 0, edit: 0, reject: 0, ask_doctor: 0, skipped: 0, seconds: 0 };

export const firstState: DeskState = {
  phase: 'loading',
  task: null,
  texts: {},
  again: {},
  save: { kind: 'clean' },
  busy: null,
  failure: null,
  lost: null,
  last: null,
  tally: emptyTally,
};

export function doctorTurns(task: PolishTask): PolishTask['turns'] {
  return task.turns.filter((turn) => turn.role === 'doctor');
}

/** The doctor's turns whose words are no longer the suggestion's. */
export function editedTurns(state: Pick<DeskState, 'task' | 'texts'>): { n: number; text: string }[] {
  if (!state.task) return [];
  return doctorTurns(state.task).flatMap(({ n, suggestion }) => {
    const text = state.texts[n] ?? suggestion.text;
    return text.trim() === suggestion.text.trim() ? [] : [{ n, text }];
  });
}
