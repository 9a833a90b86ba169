import type { HeldSlot } from '@qingnang/contracts';
import { ApiError } from '../providers/api-error';
import { newKey } from '../providers/new-key';
import { ActiveTime } from './active-time';
import { DraftOutbox, draftToRestore } from './drafts/draft-outbox';
import { DraftSync } from './drafts/draft-sync';
import { Heartbeat } from './heartbeat';
import { atHandElsewhere, isElsewhere } from './loss';
import { Seat, type SeatHooks } from './seat';
import { type Act, firstState, type SittingKind, type SittingState } from './sitting-kind';
import type { SlotApi } from './slot-api';

export interface Place {
  taskSetId: string;
  projectSlug: string;
  personId: string;
  /** Where the task to begin with is had, if it is not just the next of the queue. */
  first?: string;
}

/** What is no longer in one's hands; the words are kept as a draft. */
const LOST = new Set(['slot.lease_lost', 'slot.base_changed', 'slot.record_held_back']);

/** The request was not refused by what it asked: nobody was there, or nobody was signed in. */
function wasAway(failure: ApiError | null): boolean {
  return failure !== null && [0, 401, 502, 504].includes(failure.status);
}

/** Whether a submission is the one before again: the time it took goes on, its words do not. */
function sameWords(a: object, b: object): boolean {
  return JSON.stringify({ ...a, seconds: 0 }) === JSON.stringify({ ...b, seconds: 0 });
}

/**
 * One person at one queue: what lies before them, what they wrote, what went up. The same for every kind of task; screens
 * only draw its state.
 */
export class Sitting<
  Task extends { slot: HeldSlot },
  Words extends object,
  Verdict,
  Tally,
  Reply extends { next: Task | null },
> {
  private state: SittingState<Task, Words, Tally, Reply>;
  private readonly listeners = new Set<() => void>();
  private readonly time = new ActiveTime();
  private readonly outbox: DraftOutbox;
  private readonly sync: DraftSync;
  private readonly heart: Heartbeat;
  private readonly seat: Pick<Seat, 'sit' | 'take' | 'leave'>;
  /** A submission whose reply was lost: the same words go under the same key again. */
  private sent: { key: string; body: object } | null = null;
  /** Something was written into the task at hand. */
  private written = false;
  private serial = 0;
  private begun = false;
  /** Tells an opening that was left before it came to anything. */
  private visits = 0;

  constructor(
    private readonly kind: SittingKind<Task, Words, Verdict, Tally, Reply>,
    private readonly place: Place,
    private readonly api: SlotApi,
    seatOf = (name: string, hooks: SeatHooks): Pick<Seat, 'sit' | 'take' | 'leave'> => new Seat(name, hooks),
  ) {
    this.state = firstState(kind.noTally);
    const onLost = (error: ApiError) => this.lose(error);
    this.outbox = new DraftOutbox(place.personId);
    this.sync = new DraftSync(this.outbox, {
      save: (entry) => api.saveDraft(entry),
      onState: (save) => this.become({ save }),
      onLost,
    });
    this.heart = new Heartbeat(this.time, {
      beat: (...slot) => api.heartbeat(...slot),
      onLost,
      onClosed: (closed) => closed !== this.state.closed && this.become({ closed }),
    });
    this.seat = seatOf(`qingnang.sitting.${place.personId}.${place.taskSetId}`, {
      onAsked: () => this.handOver(),
      onGone: () => this.lose(atHandElsewhere()),
    });
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  readonly getState = (): SittingState<Task, Words, Tally, Reply> => this.state;

  /** Signs of life: keys, taps, scrolling. */
  readonly touch = (): void => this.heart.touch();

  /**
   * Takes the next task of the queue: the one in hand, if there is one. Where another page has it, it is only shown; asked
   * again, it goes on here.
   */
  async open(): Promise<void> {
    if (isElsewhere(this.state.lost)) return this.takeOver();
    this.become({ phase: 'loading', failure: null, lost: null });
    const visit = ++this.visits;
    const seated = await this.seat.sit();
    if (visit !== this.visits) return;
    if (seated) await this.claimNext({}, true);
    else await this.look();
  }

  /** Somebody looks at this page again: where the other is gone by now, it goes on here. */
  async lookedAt(): Promise<void> {
    const { lost, busy } = this.state;
    if (isElsewhere(lost) && !busy && (await this.seat.sit())) await this.takeOver();
  }

  write(changes: Partial<Words>): void {
    const { task, words, lost, busy } = this.state;
    if (!task || !words || lost || busy === 'submit') return;
    this.become({ words: { ...words, ...changes }, failure: null });
    this.written = true;
    this.keep();
  }

  /** What was learned about the task, not written by the person: it makes no draft. */
  note(changes: Partial<Words>): void {
    const { words } = this.state;
    if (words) this.become({ words: { ...words, ...changes } });
  }

  flush(): Promise<void> {
    return this.sync.flush();
  }

  /** Says at the words what is wrong with them, without asking the server. */
  refuse(code: string): void {
    this.become({ failure: new ApiError(422, { code }) });
  }

  async submit(verdict: Verdict): Promise<void> {
    const { task, words, busy, lost } = this.state;
    if (!task || !words || busy || lost) return;
    this.become({ busy: 'submit', failure: null });
    await this.sync.hold();
    const { slot } = task;
    const seconds = this.time.seconds();
    const now = {
      ...this.kind.submission(words, verdict, task),
      fencingToken: slot.fencingToken,
      seconds,
      claimNext: true,
    };
    const sameAgain = this.sent !== null && sameWords(this.sent.body, now);
    this.sent = sameAgain ? this.sent : { key: newKey(), body: now };
    const { key, body } = this.sent!;
    try {
      const reply = await this.api.submit<Partial<Reply>>(slot.id, this.kind.path, body, key);
      await this.goOn({ verdict, reply, seconds });
    } catch (error) {
      await this.refused(error as ApiError, sameAgain ? { verdict, reply: {}, seconds } : null);
    }
  }

  /** Whether something was written into the task at hand that skipping it would leave behind. */
  hasWritten(): boolean {
    return this.written;
  }

  /** Puts the task aside; the next one comes. Can be taken back until somebody else has it. */
  async skip(): Promise<void> {
    const { task, busy, lost } = this.state;
    if (!task || busy || lost) return;
    this.become({ busy: 'submit', failure: null });
    await this.sync.flush();
    try {
      await this.api.skip(task.slot.id, task.slot.fencingToken);
      await this.goOn(null);
    } catch (error) {
      await this.refused(error as ApiError, null);
    }
  }

  /** Takes the last submission back: its task lies here again, as it was written. */
  async undo(): Promise<void> {
    const { last, busy } = this.state;
    const { answerId = null, skippedId = null } = last ?? {};
    if (!last || busy || this.state.lost || (answerId ?? skippedId) === null) return;
    this.become({ busy: 'submit', failure: null });
    await this.seat.take();
    await this.sync.flush();
    try {
      const slot = answerId === null ? await this.api.resume(skippedId!) : (await this.api.undo(answerId)).slot;
      this.begin(await this.api.show<Task>(slot.id, this.kind.path), { last: null, tally: last.before });
    } catch (error) {
      this.become({ busy: null, failure: error as ApiError, last: null });
    }
  }

  /** Asks the server something else about the task at hand, whose words stay open meanwhile; null where it failed. */
  async ask<Answer>(question: (slot: HeldSlot) => Promise<Answer>): Promise<Answer | null> {
    const { task, busy, lost } = this.state;
    if (!task || busy || lost) return null;
    this.become({ busy: 'ask', failure: null });
    try {
      const answer = await question(task.slot);
      this.become({ busy: null });
      return answer;
    } catch (error) {
      this.become({ busy: null, failure: error as ApiError });
      return null;
    }
  }

  /** The line, or the session, is there again: what waited goes up, and nothing says any longer that it was away. */
  async back(): Promise<void> {
    const { phase, failure, lost } = this.state;
    if (isElsewhere(lost)) return;
    if (phase === 'error' && wasAway(failure)) return this.open();
    if (wasAway(failure)) this.become({ failure: null });
    this.heart.renew();
    await this.sync.flush();
  }

  /** Leaves the page: what was written goes up, the slot stays mine until its lease ends. */
  close(): void {
    this.visits++;
    this.seat.leave();
    void this.sync.close();
    this.heart.stop();
  }

  /** Another page goes on: what is on its way up arrives first, then all that was written. */
  private async handOver(): Promise<void> {
    if (this.state.busy !== null)
      await new Promise<void>((idle) => {
        const forget = this.subscribe(() => {
          if (this.state.busy !== null) return;
          forget();
          idle();
        });
      });
    await this.sync.flush();
  }

  private async takeOver(): Promise<void> {
    if (this.state.busy) return;
    this.become({ busy: 'ask', failure: null });
    await this.seat.take();
    await this.claimNext({}, true);
  }

  /** Shows what another page has in hand, as far as this device and the server know it. */
  private async look(): Promise<void> {
    const { api, place, kind } = this;
    try {
      const slot = await api.claim(place.taskSetId, false);
      const task = slot && (await api.show<Task>(slot.id, kind.path));
      const words = task && (this.draftOf(task)?.words ?? kind.blank(task));
      this.become({ phase: task ? 'working' : 'finished', task, words, lost: task ? atHandElsewhere() : null });
    } catch (error) {
      this.become({ phase: 'error', failure: error as ApiError });
    }
  }

  /** Null for a task that was skipped. */
  private async goOn(act: Act<Verdict, Reply> | null): Promise<void> {
    const { id } = this.state.task!.slot;
    this.outbox.forget(id);
    const before = this.state.tally;
    const tally = act ? this.kind.count(before, act) : this.kind.countSkipped(before);
    const reply = act?.reply ?? null;
    const last = {
      ...{ reply, before, serial: ++this.serial, skippedId: act ? null : id },
      answerId: this.kind.answerOf(reply),
    };
    // Nothing more: whether the queue is done or was closed, it says itself.
    if (reply?.next) return this.begin(reply.next, { last, tally });
    this.become({ last, tally });
    await this.claimNext({ last });
  }

  private async claimNext(changes: Partial<SittingState<Task, Words, Tally, Reply>>, takeOver = false): Promise<void> {
    const { api, place, kind } = this;
    const claim = () => api.claim(place.taskSetId, takeOver);
    try {
      // Two tabs that ask at once may leave one with nothing: ask again before calling it a day.
      const slot = (await this.wanted()) ?? (await claim()) ?? (await claim());
      this.begin(slot && (await api.show<Task>(slot.id, kind.path)), changes);
      await this.sync.sendOthers(slot?.id ?? null);
    } catch (error) {
      if ((error as ApiError).code === 'task_set.closed') return this.begin(null, { ...changes, closed: true });
      this.become({ phase: 'error', failure: error as ApiError, busy: null });
    }
  }

  /** The task one came for, once. */
  private async wanted(): Promise<HeldSlot | null> {
    const { first } = this.place;
    if (first === undefined || this.begun) return null;
    const slot = await this.api.take(first);
    this.begun = true;
    return slot;
  }

  private begin(task: Task | null, changes: Partial<SittingState<Task, Words, Tally, Reply>>): void {
    this.sent = null;
    this.written = false;
    this.time.restart();
    if (!task) {
      this.heart.stop();
      this.sync.begin(0, null);
      // Nothing is at hand that another page could not have.
      this.seat.leave();
      this.become({ ...changes, phase: 'finished', task: null, words: null, busy: null, lost: null });
      return;
    }
    const { slot } = task;
    const draft = this.draftOf(task);
    // Later words from elsewhere win: the ones here must neither wait nor come back.
    if (!draft?.unsent) this.outbox.forget(slot.id);
    this.sync.begin(slot.draft?.revision ?? 0, slot.draft && new Date(slot.draft.updatedAt));
    this.heart.hold({ slotId: slot.id, fencingToken: slot.fencingToken, leaseUntil: slot.leaseUntil });
    const words = draft?.words ?? this.kind.blank(task);
    this.become({ ...changes, phase: 'working', task, words, busy: null, failure: null, lost: null });
    if (!draft?.unsent) return;
    this.written = true;
    this.keep();
  }

  private draftOf(task: Task): { words: Words; unsent: boolean } | null {
    const { id, draft, shownVersionId } = task.slot;
    const restore = (body: unknown) => this.kind.restore(body, task);
    return draftToRestore(draft, this.outbox.read(id), shownVersionId, restore);
  }

  /** `again` is the submission whose first try may have arrived. */
  private async refused(error: ApiError, again: Act<Verdict, Reply> | null): Promise<void> {
    if (LOST.has(error.code)) {
      const what = (error.body as { details?: { what?: string } } | undefined)?.details?.what;
      // The first try had arrived after all: its reply was what got lost.
      if (again && what === 'answered') return this.goOn(again);
      // What another page of this device has in hand reads these words.
      if (!isElsewhere(error)) this.outbox.forget(this.state.task!.slot.id);
      this.lose(error);
      return;
    }
    this.become({ busy: null, failure: error });
    if (this.written) this.keep();
  }

  private lose(error: ApiError): void {
    this.heart.stop();
    if (isElsewhere(error)) this.sync.letGo();
    this.become({ lost: error, busy: null });
  }

  private keep(): void {
    const { task, words } = this.state;
    if (!task || !words) return;
    const { projectSlug, taskSetId } = this.place;
    const { id: slotId, fencingToken, shownVersionId: baseVersionId } = task.slot;
    const body = this.kind.draft(words);
    this.sync.change({ projectSlug, taskSetId, slotId, fencingToken, baseVersionId, body });
  }

  private become(changes: Partial<SittingState<Task, Words, Tally, Reply>>): void {
    this.state = { ...this.state, ...changes };
    for (const listener of this.listeners) listener();
  }
}
