/** A page that is just being loaded anew may still hold its seat for a moment. */
const RELOAD_MS = 1_000;
/** How long the page that has the seat may take to bring its words up before it is asked no more. */
const HAND_OVER_MS = 5_000;

export interface SeatHooks {
  /** Another page of the same person asks for the seat: brings up what was written. The seat goes once it resolves. */
  onAsked: () => Promise<void>;
  /** The seat is another page's. */
  onGone: () => void;
}

/** What of the browser a seat needs; `locks` is missing where the page did not come by HTTPS. */
export interface SeatRoom {
  locks: Pick<LockManager, 'request'> | undefined;
  channel: (name: string) => Pick<BroadcastChannel, 'postMessage' | 'close' | 'onmessage'>;
  /** Seats that this very page is getting up from: the browser learns of it a moment later. */
  leaving: Map<string, Promise<void>>;
}

const browserRoom: SeatRoom = {
  locks: typeof navigator === 'undefined' ? undefined : navigator.locks,
  channel: (name) => new BroadcastChannel(name),
  leaving: new Map(),
};

/**
 * One queue is worked on in one page at a time. Which one, the pages of a browser agree on by a lock; that nothing gets
 * through from any other, here or on another device, is the server's fencing token. Where the browser has no locks, the
 * page that came last has the seat.
 */
export class Seat {
  private getUp: (() => void) | null = null;
  private channel: ReturnType<SeatRoom['channel']> | null = null;
  private waiting: AbortController | null = null;
  /** Tells a wish to sit down that was given up before it was asked for. */
  private turns = 0;

  constructor(
    private readonly name: string,
    private readonly hooks: SeatHooks,
    private readonly room: SeatRoom = browserRoom,
  ) {}

  /** False where another page has the seat. */
  async sit(): Promise<boolean> {
    if (this.getUp) return true;
    if (!this.room.locks) return this.sitWithoutLock();
    const turn = ++this.turns;
    await this.room.leaving.get(this.name);
    if (turn !== this.turns) return false;
    return this.waitFor(RELOAD_MS);
  }

  /** Sits down whoever has the seat; who is there is asked to bring its words up first. */
  async take(): Promise<void> {
    if (this.getUp) return;
    if (!this.room.locks) return void this.sitWithoutLock();
    this.say('asks');
    if (!(await this.waitFor(HAND_OVER_MS))) await this.hold({ steal: true });
  }

  leave(): void {
    const getUp = this.getUp;
    this.getUp = null;
    this.turns++;
    this.waiting?.abort();
    this.channel?.close();
    this.channel = null;
    getUp?.();
  }

  private async waitFor(ms: number): Promise<boolean> {
    this.waiting?.abort();
    const waiting = new AbortController();
    this.waiting = waiting;
    const timer = setTimeout(() => waiting.abort(), ms);
    const got = await this.hold({ signal: waiting.signal });
    clearTimeout(timer);
    return got;
  }

  private hold(options: LockOptions): Promise<boolean> {
    return new Promise((settle) => {
      let seat: (() => void) | null = null;
      const sitting = () =>
        new Promise<void>((getUp) => {
          seat = getUp;
          this.begin(getUp);
          settle(true);
        });
      const ended = () => {
        settle(false);
        // Taken away by a page that had waited for long enough.
        if (seat && this.getUp === seat) this.lose();
      };
      const { locks, leaving } = this.room;
      leaving.set(this.name, locks!.request(this.name, options, sitting).then(ended, ended));
    });
  }

  private sitWithoutLock(): boolean {
    this.say('took');
    this.begin(() => undefined);
    return true;
  }

  private begin(getUp: () => void): void {
    this.getUp = getUp;
    const channel = this.room.channel(this.name);
    channel.onmessage = ({ data }: MessageEvent<unknown>) => {
      if (data === 'took') this.lose();
      else if (data === 'asks') void this.give(getUp);
    };
    this.channel = channel;
  }

  private async give(seat: () => void): Promise<void> {
    await this.hooks.onAsked();
    if (this.getUp === seat) this.lose();
  }

  private lose(): void {
    this.leave();
    this.hooks.onGone();
  }

  private say(what: 'asks' | 'took'): void {
    const channel = this.room.channel(this.name);
    channel.postMessage(what);
    channel.close();
  }
}
