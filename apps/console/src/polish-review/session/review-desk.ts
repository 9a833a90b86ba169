import type { PolishRejectReason, PolishTask, SubmitPolish } from '@qingnang/contracts';
import { ApiError } from '../../providers/api-error';
import { newKey } from '../../providers/new-key';
import { ActiveTime } from '../logic/active-time';
import { DraftOutbox, wordsToRestore } from '../logic/draft-outbox';
import { type DeskState, doctorTurns, editedTurns, firstState, type LastFate } from './desk-state';
import { DraftSync } from './draft-sync';
import { Heartbeat } from './heartbeat';
import type { WorkApi } from './work-api';

/** What is no longer in one's hands; the words are kept as a draft. */
const LOST = new Set(['slot.lease_lost', 'slot.base_changed', 'slot.record_held_back']);

export interface DeskOptions {
  api: WorkApi;
  taskSetId: string;
  projectSlug: string;
  personId: string;
}

type Verdict = SubmitPolish['verdict'];
export interface VerdictWords {
  reasonCode?: PolishRejectReason;
  comment?: string;
}

/** Whether a submission is the one before again: the time it took goes on, its words do not. */
function sameWords(a: SubmitPolish, b: SubmitPolish): boolean {
  return JSON.stringify({ ...a, seconds: 0 }) === JSON.stringify({ ...b, seconds: 0 });
}

/** One person at one queue: what lies before them, what they wrote, what went up. Screens only draw its state. */
export class ReviewDesk {
  private state: DeskState = firstState;
  private readonly listeners = new Set<() => void>();
  private readonly time = new ActiveTime();
  private readonly outbox: DraftOutbox;
  private readonly sync: DraftSync;
  private readonly heart: Heartbeat;
  /** A submission whose reply was lost: the same words go under the same key again. */
  private sent: { key: string; body: SubmitPolish } | null = null;
  private callIds: string[] = [];
  private serial = 0;

  constructor(private readonly options: DeskOptions) {
    const { api } = options;
    const onLost = (error: ApiError) => this.lose(error);
    this.outbox = new DraftOutbox(options.personId);
    this.sync = new DraftSync(this.outbox, {
      save: (entry) => api.saveDraft(entry),
      onState: (save) => this.become({ save }),
      onLost,
    });
    this.heart = new Heartbeat(this.time, { beat: (...slot) => api.heartbeat(...slot), onLost });
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  readonly getState = (): DeskState => this.state;

  /** Takes the next record of the queue: the one in hand, if there is one. */
  async open(): Promise<void> {
    this.become({ phase: 'loading', failure: null, lost: null });
    try {
      // Two tabs that ask at once may leave one with nothing: ask again before calling it a day.
      const { api, taskSetId } = this.options;
      const task = (await api.claim(taskSetId)) ?? (await api.claim(taskSetId));
      this.begin(task);
      await this.sync.sendOthers(task?.slot.id ?? null);
    } catch (error) {
      this.become({ phase: 'error', failure: error as ApiError });
    }
  }

  /** Signs of life: keys, clicks, scrolling. */
  readonly touch = (): void => this.heart.touch();

  write(n: number, text: string): void {
    if (this.state.lost || this.state.busy === 'submit') return;
    this.become({ texts: { ...this.state.texts, [n]: text }, failure: null });
    this.keepWords();
  }

  flush(): Promise<void> {
    return this.sync.flush();
  }

  /** Accepts, or hands in the edit where words were changed. */
  async submitAsItReads(): Promise<void> {
    const edited = editedTurns(this.state);
    if (edited.some((turn) => turn.text.trim() === '')) {
      this.become({ failure: new ApiError(422, { code: 'answer.text_missing' }) });
      return;
    }
    await this.submit(edited.length > 0 ? 'edit' : 'accept');
  }

  async submit(verdict: Verdict, words: VerdictWords = {}): Promise<void> {
    const { task, busy, lost } = this.state;
    if (!task || busy || lost) return;
    this.become({ busy: 'submit', failure: null });
    await this.sync.hold();
    const now = this.submission(task, verdict, words);
    const sameAgain = this.sent !== null && sameWords(this.sent.body, now);
    this.sent = sameAgain ? this.sent : { key: newKey(), body: now };
    const { key, body } = this.sent!;
    try {
      const reply = await this.options.api.submit(task.slot.id, body, key);
      const done = { fate: reply.fate ?? 'stored', answerId: reply.answerId ?? null, before: this.state.tally };
      this.count(verdict, body.seconds);
      await this.goOn(task, done, reply.next);
    } catch (error) {
      await this.refused(task, error as ApiError, sameAgain);
    }
  }

  /** Puts the record aside for good; the next one comes. */
  async skip(): Promise<void> {
    const { task, busy, lost } = this.state;
    if (!task || busy || lost) return;
    this.become({ busy: 'submit', failure: null });
    await this.sync.flush();
    try {
      await this.options.api.skip(task.slot.id, task.slot.fencingToken);
      const before = this.state.tally;
      this.become({ tally: { ...before, skipped: before.skipped + 1 } });
      await this.goOn(task, { fate: 'skipped', answerId: null, before }, undefined);
    } catch (error) {
      await this.refused(task, error as ApiError, false);
    }
  }

  /** Takes the last submission back: its record lies here again, as it was written. */
  async undo(): Promise<void> {
    const { last } = this.state;
    if (!last?.answerId || this.state.busy) return;
    this.become({ busy: 'submit', failure: null });
    await this.sync.flush();
    try {
      this.begin(await this.options.api.undo(last.answerId), { last: null, tally: last.before });
    } catch (error) {
      this.become({ busy: null, failure: error as ApiError, last: null });
    }
  }

  /** Asks the model for this turn once more; its words come into the editor, where one may go back by undo. */
  async polishAgain(n: number): Promise<string | null> {
    const { task, busy, lost } = this.state;
    if (!task || busy || lost) return null;
    this.become({ busy: 'polish', failure: null });
    try {
      const { callId, ...made } = await this.options.api.polishAgain(task.slot.id, task.slot.fencingToken, n);
      this.callIds.push(callId);
      this.become({ busy: null, again: { ...this.state.again, [n]: made } });
      return made.text;
    } catch (error) {
      this.become({ busy: null, failure: error as ApiError });
      return null;
    }
  }

  /** Leaves the page: what was typed goes up, the slot stays mine until its lease ends. */
  close(): void {
    void this.sync.flush();
    this.heart.stop();
  }

  private begin(task: PolishTask | null, changes: Partial<DeskState> = {}): void {
    this.sent = null;
    this.callIds = [];
    this.time.restart();
    if (!task) {
      this.heart.stop();
      this.sync.begin(0, null);
      this.become({ ...changes, phase: 'finished', task: null, busy: null });
      return;
    }
    const { slot } = task;
    const words = wordsToRestore(slot.draft, this.outbox.read(slot.id), slot.shownVersionId);
    const texts = Object.fromEntries(doctorTurns(task).map(({ n, suggestion }) => [n, suggestion.text]));
    for (const { n, text } of words?.turns ?? []) if (n in texts) texts[n] = text;
    // Later words from elsewhere win: the ones here must neither wait nor come back.
    if (!words?.unsent) this.outbox.forget(slot.id);
    this.sync.begin(slot.draft?.revision ?? 0, slot.draft && new Date(slot.draft.updatedAt));
    this.heart.hold({ slotId: slot.id, fencingToken: slot.fencingToken, leaseUntil: slot.leaseUntil });
    this.become({ ...changes, phase: 'working', task, texts, again: {}, busy: null, failure: null, lost: null });
    if (words?.unsent) this.keepWords();
  }

  private async goOn(
    task: PolishTask,
    done: Omit<LastFate, 'serial'>,
    next: PolishTask | null | undefined,
  ): Promise<void> {
    this.outbox.forget(task.slot.id);
    const last = { ...done, serial: ++this.serial };
    // A reply that was lost and asked for again names no next record.
    if (next !== undefined) return this.begin(next, { last });
    this.become({ last });
    try {
      this.begin(await this.options.api.claim(this.options.taskSetId), { last });
    } catch (error) {
      this.become({ phase: 'error', failure: error as ApiError, busy: null });
    }
  }

  private async refused(task: PolishTask, error: ApiError, sameAgain: boolean): Promise<void> {
    if (LOST.has(error.code)) {
      // The first try had arrived after all: its reply was what got lost.
      const answered = (error.body as { details?: { what?: string } }).details?.what === 'answered';
      const stored = { fate: 'stored', answerId: null, before: this.state.tally } as const;
      if (sameAgain && answered) return this.goOn(task, stored, undefined);
      this.outbox.forget(task.slot.id);
      this.lose(error);
      return;
    }
    this.become({ busy: null, failure: error });
    if (editedTurns(this.state).length > 0) this.keepWords();
  }

  private lose(error: ApiError): void {
    this.heart.stop();
    this.become({ lost: error, busy: null });
  }

  private submission(task: PolishTask, verdict: Verdict, words: VerdictWords): SubmitPolish {
    return {
      fencingToken: task.slot.fencingToken,
      baseVersionId: task.slot.shownVersionId!,
      verdict,
      turns: verdict === 'edit' ? editedTurns(this.state) : [],
      ...(words.reasonCode ? { reasonCode: words.reasonCode } : {}),
      comment: words.comment?.trim() ?? '',
      seconds: this.time.seconds(),
      llmCallIds: this.callIds,
      claimNext: true,
    };
  }

  private count(verdict: Verdict, seconds: number): void {
    const { tally } = this.state;
    this.become({ tally: { ...tally, [verdict]: tally[verdict] + 1, seconds: tally.seconds + seconds } });
  }

  private keepWords(): void {
    const { task, texts } = this.state;
    if (!task) return;
    const { projectSlug, taskSetId } = this.options;
    this.sync.change({
      projectSlug,
      taskSetId,
      slotId: task.slot.id,
      fencingToken: task.slot.fencingToken,
      baseVersionId: task.slot.shownVersionId,
      body: { turns: Object.entries(texts).map(([n, text]) => ({ n: Number(n), text })) },
    });
  }

  private become(changes: Partial<DeskState>): void {
    this.state = { ...this.state, ...changes };
    for (const listener of this.listeners) listener();
  }
}
