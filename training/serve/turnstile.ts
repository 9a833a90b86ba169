/** Lets one through at a time, in the order of arrival. */
export class Turnstile {
  private last: Promise<void> = Promise.resolve();

  /**
   * Waits for one's turn.
   * @param gone settles when the one who waits is no longer there
   * @returns how to leave, or `null` for one who has gone before their turn
   */
  async enter(gone: Promise<void>): Promise<(() => void) | null> {
    const before = this.last;
    let release!: () => void;
    this.last = new Promise((resolve) => (release = resolve));
    let left = false;
    void gone.then(() => (left = true));
    await before;
    await Promise.resolve();
    if (!left) return release;
    release();
    return null;
  }
}
