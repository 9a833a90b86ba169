/** Longest pause between two signs of life that still counts as working. */
export const IDLE_AFTER_MS = 180_000;

/** How long somebody was at it, pauses left out. The clock is handed in, so that tests need no waiting. */
export class ActiveTime {
  private activeMs = 0;
  private last: number;

  constructor(private readonly now: () => number = Date.now) {
    this.last = now();
  }

  /** A key, a click, a scroll. */
  touch(): void {
    const at = this.now();
    this.activeMs += this.counted(at);
    this.last = at;
  }

  isIdle(): boolean {
    return this.now() - this.last >= IDLE_AFTER_MS;
  }

  /** Whole seconds of work so far. */
  seconds(): number {
    return Math.round((this.activeMs + this.counted(this.now())) / 1000);
  }

  /** For the next record. */
  restart(): void {
    this.activeMs = 0;
    this.last = this.now();
  }

  /** A pause too long counts for nothing: nobody knows when the person left. */
  private counted(at: number): number {
    const gap = at - this.last;
    return gap < IDLE_AFTER_MS ? Math.max(0, gap) : 0;
  }
}
