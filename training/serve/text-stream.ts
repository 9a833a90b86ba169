/**
 * Turns tokens into text as they come. A character may need several tokens and a stop text several characters, so what
 * could still change is held back until it cannot.
 */
export class TextStream {
  private readonly ids: number[] = [];
  private given = 0;
  private text = '';
  /** Whether a stop text came up; it and what follows are not given out. */
  stopped = false;

  constructor(
    private readonly decode: (ids: readonly number[]) => string,
    private readonly stops: readonly string[],
  ) {}

  /** @returns the text that is now certain */
  push(id: number): string {
    this.ids.push(id);
    this.text = this.decode(this.ids);
    const stop = Math.min(...this.stops.map((each) => this.text.indexOf(each)).filter((at) => at >= 0));
    if (Number.isFinite(stop)) {
      this.stopped = true;
      this.text = this.text.slice(0, stop);
      return this.give(this.text.length);
    }
    return this.give(Math.min(this.text.replace(/\uFFFD+$/, '').length, this.text.length - this.heldForStops()));
  }

  /** The rest, when no more tokens come. */
  end(): string {
    return this.give(this.text.length);
  }

  private give(upTo: number): string {
    if (upTo <= this.given) return '';
    const piece = this.text.slice(this.given, upTo);
    this.given = upTo;
    return piece;
  }

  /** Characters at the end that may be the beginning of a stop text. */
  private heldForStops(): number {
    let held = 0;
    for (const stop of this.stops) {
      for (let length = Math.min(stop.length - 1, this.text.length); length > held; length--) {
        if (this.text.endsWith(stop.slice(0, length))) held = length;
      }
    }
    return held;
  }
}
