import type { HeldSlot } from '@qingnang/contracts';
import type { ApiError } from '../providers/api-error';
import type { SaveState } from './drafts/draft-sync';

/** Something handed in. The reply is empty where it was lost and only its arrival is known. */
export interface Act<Verdict, Reply> {
  verdict: Verdict;
  reply: Partial<Reply>;
  seconds: number;
}

/**
 * One kind of task: what is shown, what is written into it, what goes up, what is counted. All else (claiming, drafts,
 * the lease, active time, submitting twice, undo) is the same for every kind.
 */
export interface SittingKind<Task extends { slot: HeldSlot }, Words extends object, Verdict, Tally, Reply> {
  /** Last part of the address under a slot. */
  path: string;
  blank(task: Task): Words;
  /** Words of a draft, whatever wrote it; null where it holds none for this task. */
  restore(body: unknown, task: Task): Words | null;
  /** What is kept of the words. */
  draft(words: Words): Record<string, unknown>;
  submission(words: Words, verdict: Verdict, task: Task): object;
  noTally: Tally;
  count(tally: Tally, act: Act<Verdict, Reply>): Tally;
  countSkipped(tally: Tally): Tally;
  /** The answer that a reply names, where it can be taken back. */
  answerOf(reply: Partial<Reply> | null): string | null;
}

/** What became of the task before. */
export interface LastAct<Tally, Reply> {
  /** Null where it was skipped. */
  reply: Partial<Reply> | null;
  /** Null where there is nothing to take back. */
  answerId: string | null;
  /** The slot that was skipped, which can be taken up again. */
  skippedId: string | null;
  /** Differs for each, so that a line may fade anew. */
  serial: number;
  /** What had been done before it, for when it is taken back. */
  before: Tally;
}

export interface SittingState<Task, Words, Tally, Reply> {
  phase: 'loading' | 'error' | 'working' | 'finished';
  task: Task | null;
  /** There with the task. */
  words: Words | null;
  save: SaveState;
  /** What the hands wait for. */
  busy: 'submit' | 'ask' | null;
  /** Why opening or handing in failed. */
  failure: ApiError | null;
  /** The slot is no longer mine; what was written is with the server. */
  lost: ApiError | null;
  last: LastAct<Tally, Reply> | null;
  /** What was done since the page was opened. */
  tally: Tally;
  /** The set was closed: nothing comes after the task at hand. */
  closed: boolean;
}

export function firstState<Task, Words, Tally, Reply>(tally: Tally): SittingState<Task, Words, Tally, Reply> {
  return {
    phase: 'loading',
    task: null,
    words: null,
    save: { kind: 'clean' },
    busy: null,
    failure: null,
    lost: null,
    last: null,
    tally,
    closed: false,
  };
}
