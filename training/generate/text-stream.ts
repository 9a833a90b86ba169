/**
 * Turns tokens into text as they come. A character may need several tokens and a stop text several characters, so what
 * could still change is held back until it cannot. Each token costs the same, however long the text.
 */
export class TextStream {
  private readonly ids: number[] = [];
  /** Tokens from `context` to `settled` are certain text, decoded again before the rest: some decoders look back. */
  private context = 0;
  private settled = 0;
  private certain = '';
  private given = 0;
  private readonly longestStop: number;
  /** Whether a stop text came up; it and what follows are not given out. */
  stopped = false;

  constructor(
    private readonly decode: (ids: readonly number[]) => string,
    private readonly stops: readonly string[],
  ) {
    this.longestStop = Math.max(0, ...stops.map((stop) => stop.length));
  }

  /** Characters that stand before the next token. */
  get length(): number {
    return this.certain.length;
  }

  /** Characters given out so far. */
  get givenLength(): number {
    return this.given;
  }

  /** @returns the text that is now certain */
  push(id: number): string {
    const before = this.certain.length;
    this.ids.push(id);
    const open = this.openText();
    if (open.endsWith('\uFFFD')) return '';
    this.settle(open);
    const stop = this.findStop(before);
    if (stop !== null) {
      this.stopped = true;
      this.certain = this.certain.slice(0, stop);
      return this.give(stop);
    }
    return this.give(this.certain.length - this.heldForStops());
  }

  /** The rest, when no more tokens come. */
  end(): string {
    if (!this.stopped) this.settle(this.openText());
    return this.give(this.certain.length);
  }

  /** Text of the tokens that are not settled; it ends in U+FFFD while a character is incomplete. */
  private openText(): string {
    const known = this.decode(this.ids.slice(this.context, this.settled));
    return this.decode(this.ids.slice(this.context)).slice(known.length);
  }

  private settle(text: string): void {
    this.certain += text;
    this.context = this.settled;
    this.settled = this.ids.length;
  }

  /** Where the first stop text begins that the text after `before` completes. */
  private findStop(before: number): number | null {
    const from = Math.max(0, before - this.longestStop + 1);
    const found = this.stops.map((stop) => this.certain.indexOf(stop, from)).filter((at) => at >= 0);
    return found.length > 0 ? Math.min(...found) : null;
  }

  private give(upTo: number): string {
    if (upTo <= this.given) return '';
    const piece = this.certain.slice(this.given, upTo);
    this.given = upTo;
    return piece;
  }

  /** Characters at the end that may be the beginning of a stop text. */
  private heldForStops(): number {
    let held = 0;
    for (const stop of this.stops) {
      for (let length = Math.min(stop.length - 1, this.certain.length); length > held; length--) {
        if (this.certain.endsWith(stop.slice(0, length))) held = length;
      }
    }
    return held;
  }
}
