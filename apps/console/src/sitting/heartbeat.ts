import type { ApiError } from '../providers/api-error';
import type { ActiveTime } from './active-time';
import type { Beat } from './slot-api';

const SHORTEST_MS = 3_000;
const LONGEST_MS = 100_000;

interface Held {
  slotId: string;
  fencingToken: number;
  leaseUntil: string;
}

interface Hooks {
  beat: (slotId: string, fencingToken: number) => Promise<Beat>;
  /** The set takes no new hands; this task can still be handed in. */
  onClosed: (closed: boolean) => void;
  onLost: (error: ApiError) => void;
}

/** Keeps a slot for somebody who is at work, three times a lease; lets it go when they are not. */
export class Heartbeat {
  private timer: ReturnType<typeof setTimeout> | undefined;
  private held: Held | null = null;
  private resting = false;

  constructor(
    private readonly time: ActiveTime,
    private readonly hooks: Hooks,
  ) {}

  hold(held: Held): void {
    this.held = held;
    this.resting = false;
    this.plan(held.leaseUntil);
  }

  /** A sign of life; after a rest it renews at once. */
  touch(): void {
    this.time.touch();
    if (!this.resting || !this.held) return;
    this.resting = false;
    void this.beat();
  }

  /** Asks at once whether the slot is still mine, for somebody who is at work. */
  renew(): void {
    clearTimeout(this.timer);
    void this.beat();
  }

  stop(): void {
    clearTimeout(this.timer);
    this.held = null;
  }

  private plan(leaseUntil: string): void {
    clearTimeout(this.timer);
    const third = (Date.parse(leaseUntil) - Date.now()) / 3;
    // Clocks differ: a server's that runs far behind or ahead must lead to neither a storm nor a lapse.
    const wait = Math.min(LONGEST_MS, Math.max(SHORTEST_MS, third));
    this.timer = setTimeout(() => void this.beat(), wait);
  }

  private async beat(): Promise<void> {
    const held = this.held;
    if (!held) return;
    if (this.time.isIdle()) {
      this.resting = true;
      return;
    }
    try {
      const { leaseUntil, closed } = await this.hooks.beat(held.slotId, held.fencingToken);
      if (this.held !== held) return;
      this.plan(leaseUntil);
      this.hooks.onClosed(closed);
    } catch (error) {
      if (this.held !== held) return;
      const status = (error as ApiError).status;
      if (status === 409 || status === 404) this.hooks.onLost(error as ApiError);
      else this.plan(new Date(Date.now() + 3 * SHORTEST_MS).toISOString());
    }
  }
}
