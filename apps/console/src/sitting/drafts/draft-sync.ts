import { ApiError } from '../../providers/api-error';
import { isElsewhere } from '../loss';
import type { DraftOutbox, OutboxEntry } from './draft-outbox';
import type { SavedDraft } from '../slot-api';

/** Quiet time after a key before the words go up. */
const SETTLE_MS = 700;
const FIRST_RETRY_MS = 2_000;
const LONGEST_RETRY_MS = 30_000;

export type SaveState =
  | { kind: 'clean' }
  | { kind: 'waiting'; count: number; onDevice: boolean }
  | { kind: 'refused'; why: string }
  | { kind: 'saved'; at: Date };

/** What the server will say again however often it is asked, of these words alone. */
function isRefusal({ status }: ApiError): boolean {
  return [400, 403, 404, 413, 422].includes(status);
}

interface Hooks {
  save: (entry: OutboxEntry) => Promise<SavedDraft>;
  onState: (state: SaveState) => void;
  /** The slot went to somebody else; the server has kept the words as a draft. */
  onLost: (error: ApiError) => void;
}

/** Brings what is typed to the server: kept on this device first, sent when the hands rest, tried again until it is there. */
export class DraftSync {
  private entry: OutboxEntry | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private sending: Promise<void> | null = null;
  private retryMs = FIRST_RETRY_MS;
  private kept = true;
  private closed = false;
  /** Of the slot at hand, as the server last told. */
  private revision = 0;

  constructor(
    private readonly outbox: DraftOutbox,
    private readonly hooks: Hooks,
  ) {}

  /** A new record is at hand, with or without a draft on the server. */
  begin(revision: number, savedAt: Date | null): void {
    clearTimeout(this.timer);
    this.closed = false;
    this.entry = null;
    this.revision = revision;
    const state: SaveState = savedAt ? { kind: 'saved', at: savedAt } : { kind: 'clean' };
    this.hooks.onState(this.others() > 0 ? this.waitingState() : state);
  }

  change(words: Omit<OutboxEntry, 'knownRevision' | 'at'>): void {
    this.entry = { ...words, knownRevision: this.revision, at: Date.now() };
    this.kept = this.outbox.keep(this.entry);
    this.hooks.onState(this.waitingState());
    this.plan(SETTLE_MS);
  }

  /** Sends what waits now; resolves when it is there or has failed. */
  async flush(): Promise<void> {
    clearTimeout(this.timer);
    await this.sending;
    if (!this.entry) return;
    this.sending = this.send(this.entry).finally(() => (this.sending = null));
    await this.sending;
  }

  /** The words are going up with a submission: no draft may follow it. Call `change` again if it fails. */
  async hold(): Promise<void> {
    clearTimeout(this.timer);
    await this.sending;
    clearTimeout(this.timer);
  }

  /** Words of records left behind in a crash or without a line; the server keeps them also where the slot is lost. */
  async sendOthers(currentSlotId: string | null): Promise<void> {
    for (const entry of this.outbox.waiting().filter((each) => each.slotId !== currentSlotId)) {
      try {
        await this.hooks.save(entry);
        this.outbox.sent(entry.slotId, entry.at);
      } catch (error) {
        const { status, code } = error as ApiError;
        // The words are with the server, only the task is somebody else's.
        if (status === 409) this.outbox.sent(entry.slotId, entry.at);
        // One that is not taken must not hold up those behind it; its author finds it in "my work".
        else if (isRefusal(error as ApiError)) this.outbox.refuse(entry, code);
        else return;
      }
    }
  }

  /** The words are another page's to bring up: it reads them from this device. */
  letGo(): void {
    clearTimeout(this.timer);
    this.closed = true;
    this.entry = null;
  }

  /** Sends what waits a last time. What fails stays on this device for whoever opens the queue next: its author. */
  async close(): Promise<void> {
    this.closed = true;
    await this.flush();
  }

  private async send(entry: OutboxEntry): Promise<void> {
    try {
      const { revision, savedAt } = await this.hooks.save(entry);
      this.revision = revision;
      this.retryMs = FIRST_RETRY_MS;
      this.outbox.sent(entry.slotId, entry.at);
      if (this.entry !== entry) return;
      this.entry = null;
      this.hooks.onState(this.others() > 0 ? this.waitingState() : { kind: 'saved', at: new Date(savedAt) });
    } catch (error) {
      if (this.entry === entry) this.failed(entry, error as ApiError);
    }
  }

  private failed(entry: OutboxEntry, error: ApiError): void {
    if (error.status === 409) {
      // The page that has the task now reads them from here, if it is one of this device.
      if (!isElsewhere(error)) this.outbox.sent(entry.slotId, entry.at);
      this.entry = null;
      this.hooks.onLost(error);
      return;
    }
    if (isRefusal(error)) {
      this.outbox.refuse(entry, error.code);
      this.entry = null;
      this.hooks.onState({ kind: 'refused', why: error.detail });
      return;
    }
    this.hooks.onState(this.waitingState());
    this.plan(this.retryMs);
    this.retryMs = Math.min(this.retryMs * 2, LONGEST_RETRY_MS);
  }

  private plan(wait: number): void {
    clearTimeout(this.timer);
    if (this.closed) return;
    this.timer = setTimeout(() => void this.flush(), wait);
  }

  private others(): number {
    return this.outbox.waiting().length;
  }

  private waitingState(): SaveState {
    return { kind: 'waiting', count: Math.max(1, this.others()), onDevice: this.kept };
  }
}
