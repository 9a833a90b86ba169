/**
 * Lets the first of a kind through at once, and of those that follow within the window only the newest, at its end: of
 * each kind at most one a window, and never none for the last.
 */
export class Coalescer<T> {
  private readonly windows = new Map<string, { timer: NodeJS.Timeout; newest: T | undefined }>();

  constructor(
    private readonly windowMs: number,
    private readonly emit: (value: T) => void,
  ) {}

  offer(kind: string, value: T): void {
    const window = this.windows.get(kind);
    if (window) window.newest = value;
    else this.pass(kind, value);
  }

  /** Forgets what still waits. */
  clear(): void {
    for (const { timer } of this.windows.values()) clearTimeout(timer);
    this.windows.clear();
  }

  private pass(kind: string, value: T): void {
    this.windows.set(kind, { timer: setTimeout(() => this.close(kind), this.windowMs), newest: undefined });
    this.emit(value);
  }

  private close(kind: string): void {
    const newest = this.windows.get(kind)?.newest;
    this.windows.delete(kind);
    if (newest !== undefined) this.pass(kind, newest);
  }
}
