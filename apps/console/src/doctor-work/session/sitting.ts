import type { HeldSlot } from '@qingnang/contracts';
import type { ApiError } from '../../providers/api-error';
import { newKey } from '../../providers/new-key';
import { ActiveTime } from '../../polish-review/logic/active-time';
import { DraftOutbox } from '../../polish-review/logic/draft-outbox';
import { DraftSync, type SaveState } from '../../polish-review/session/draft-sync';
import { Heartbeat } from '../../polish-review/session/heartbeat';
import { draftToRestore } from '../logic/draft-choice';
import type { SittingApi } from './sitting-api';

/** What is no longer in one's hands; the words are kept as a draft. */
const LOST = new Set(['slot.lease_lost', 'slot.base_changed', 'slot.record_held_back']);

/** One kind of question: what is shown, what is written into it, what goes up. */
export interface SittingKind<Task extends { slot: HeldSlot }, Words extends object> {
  /** Last part of the address under a slot. */
  path: 'reference' | 'ranking';
  blank(task: Task): Words;
  /** Words of a draft, whatever wrote it; null where it holds none for this task. */
  restore(body: unknown, task: Task): Words | null;
  submission(words: Words): Record<string, unknown>;
}

export interface SittingState<Task, Words, Reply> {
  phase: 'loading' | 'error' | 'working' | 'finished';
  task: Task | null;
  words: Words | null;
  save: SaveState;
  busy: boolean;
  failure: ApiError | null;
  /** The slot is no longer mine; what was written is with the server. */
  lost: ApiError | null;
  done: Partial<Reply>[];
  skipped: number;
  seconds: number;
}

export interface SittingOptions<Task extends { slot: HeldSlot }, Words extends object> {
  api: SittingApi;
  kind: SittingKind<Task, Words>;
  taskSetId: string;
  projectSlug: string;
  personId: string;
}

/** One doctor at one queue, one question after the other. Screens only draw its state. */
export class Sitting<Task extends { slot: HeldSlot }, Words extends object, Reply> {
  private state: SittingState<Task, Words, Reply> = {
    phase: 'loading',
    task: null,
    words: null,
    save: { kind: 'clean' },
    busy: false,
    failure: null,
    lost: null,
    done: [],
    skipped: 0,
    seconds: 0,
  };
  private readonly listeners = new Set<() => void>();
  private readonly time = new ActiveTime();
  private readonly outbox: DraftOutbox;
  private readonly sync: DraftSync;
  private readonly heart: Heartbeat;
  /** A submission whose reply was lost: the same words go under the same key again. */
  private sent: { key: string; words: string } | null = null;

  constructor(private readonly options: SittingOptions<Task, Words>) {
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

  readonly getState = (): SittingState<Task, Words, Reply> => this.state;

  /** Signs of life: keys, taps, scrolling. */
  readonly touch = (): void => this.heart.touch();

  /** Takes the next question: the one in hand, if there is one. */
  async open(): Promise<void> {
    this.become({ phase: 'loading', failure: null, lost: null });
    await this.next();
  }

  write(changes: Partial<Words>): void {
    const { task, words, lost, busy } = this.state;
    if (!task || !words || lost || busy) return;
    this.become({ words: { ...words, ...changes }, failure: null });
    this.keep();
  }

  flush(): Promise<void> {
    return this.sync.flush();
  }

  async submit(): Promise<void> {
    const { task, words, busy, lost } = this.state;
    if (!task || !words || busy || lost) return;
    this.become({ busy: true, failure: null });
    await this.sync.hold();
    const { slot } = task;
    const told = JSON.stringify([slot.id, words]);
    const sameAgain = this.sent?.words === told;
    if (!sameAgain) this.sent = { key: newKey(), words: told };
    const seconds = this.time.seconds();
    const { api, kind } = this.options;
    const body = { ...kind.submission(words), fencingToken: slot.fencingToken, seconds };
    try {
      const reply = await api.submit<Reply>(slot.id, kind.path, body, this.sent!.key);
      await this.goOn({ done: [...this.state.done, reply], seconds: this.state.seconds + seconds });
    } catch (error) {
      const refused = error as ApiError;
      const what = (refused.body as { details?: { what?: string } } | undefined)?.details?.what;
      // The first try had arrived after all: its reply was what got lost.
      if (sameAgain && what === 'answered') return this.goOn({ done: [...this.state.done, {}] });
      this.refuse(refused);
    }
  }

  /** Puts the question aside for good; the next one comes. */
  async skip(): Promise<void> {
    const { task, busy, lost } = this.state;
    if (!task || busy || lost) return;
    this.become({ busy: true, failure: null });
    await this.sync.flush();
    try {
      await this.options.api.skip(task.slot.id, task.slot.fencingToken);
      await this.goOn({ skipped: this.state.skipped + 1 });
    } catch (error) {
      this.refuse(error as ApiError);
    }
  }

  /** Leaves the page: what was written goes up, the slot stays mine until its lease ends. */
  close(): void {
    void this.sync.flush();
    this.heart.stop();
  }

  private async goOn(changes: Partial<SittingState<Task, Words, Reply>>): Promise<void> {
    this.outbox.forget(this.state.task!.slot.id);
    this.become(changes);
    await this.next();
  }

  private async next(): Promise<void> {
    const { api, taskSetId, kind } = this.options;
    try {
      // Two tabs that ask at once may leave one with nothing: ask again before calling it a day.
      const slot = (await api.claim(taskSetId)) ?? (await api.claim(taskSetId));
      this.begin(slot && (await api.show<Task>(slot.id, kind.path)));
      await this.sync.sendOthers(slot?.id ?? null);
    } catch (error) {
      this.become({ phase: 'error', failure: error as ApiError, busy: false });
    }
  }

  private begin(task: Task | null): void {
    this.sent = null;
    this.time.restart();
    if (!task) {
      this.heart.stop();
      this.sync.begin(0, null);
      this.become({ phase: 'finished', task: null, words: null, busy: false });
      return;
    }
    const { slot } = task;
    const { kind } = this.options;
    const draft = draftToRestore(slot.draft, this.outbox.read(slot.id));
    const restored = draft && kind.restore(draft.body, task);
    // Later words from elsewhere win: the ones here must neither wait nor come back.
    if (!draft?.unsent) this.outbox.forget(slot.id);
    this.sync.begin(slot.draft?.revision ?? 0, slot.draft && new Date(slot.draft.updatedAt));
    this.heart.hold({ slotId: slot.id, fencingToken: slot.fencingToken, leaseUntil: slot.leaseUntil });
    this.become({
      phase: 'working',
      task,
      words: restored ?? kind.blank(task),
      busy: false,
      failure: null,
      lost: null,
    });
    if (restored && draft?.unsent) this.keep();
  }

  private refuse(error: ApiError): void {
    if (LOST.has(error.code)) {
      this.outbox.forget(this.state.task!.slot.id);
      this.lose(error);
      return;
    }
    this.become({ busy: false, failure: error });
    this.keep();
  }

  private lose(error: ApiError): void {
    this.heart.stop();
    this.become({ lost: error, busy: false });
  }

  private keep(): void {
    const { task, words } = this.state;
    if (!task || !words) return;
    const { projectSlug, taskSetId } = this.options;
    this.sync.change({
      projectSlug,
      taskSetId,
      slotId: task.slot.id,
      fencingToken: task.slot.fencingToken,
      baseVersionId: null,
      body: { ...words } as Record<string, unknown>,
    });
  }

  private become(changes: Partial<SittingState<Task, Words, Reply>>): void {
    this.state = { ...this.state, ...changes };
    for (const listener of this.listeners) listener();
  }
}
