/** A line that closes a record; met inside a string it shows that a quotation mark was lost. */
const RECORD_END = /\}\s*,?\s*$/u;
const STRUCTURE = /["{}[\]\n\r]/gu;
const IN_STRING = /["\\\n\r]/gu;

/** How the scan of one value ended: `next` is where another record begins although this one was not closed. */
export type ScanEnd =
  { state: 'whole'; end: number } | { state: 'lost_quote'; end: number } | { state: 'next'; end: number };

/**
 * Finds the end of a JSON value by its brackets and quotation marks, piece by piece. A line break inside a string, which
 * JSON forbids, is passed over and remembered; so is how deep the brackets go.
 */
export class JsonScan {
  deepest = 0;
  /** Line breaks between the start and the first one that stands inside a string; null while there is none. */
  brokenAfter: number | null = null;
  private readonly open: string[] = [];
  private inString = false;
  private breaks = 0;

  /**
   * @param position where to go on
   * @param indent blanks before the record where it begins its line; null where it does not
   * @param alone every record of the file so far stood on a line of its own
   */
  constructor(
    private position: number,
    private readonly indent: string | null,
    private readonly alone: boolean,
  ) {}

  /** Null when the end is not in sight yet. */
  run(text: string, final: boolean): ScanEnd | null {
    while (this.position < text.length) {
      const found = this.inString ? this.string(text, final) : this.structure(text, final);
      if (found === 'wait') return null;
      if (found !== null) return found;
    }
    return null;
  }

  /** The text before `position` was let go; `dropped` characters of it. */
  shift(dropped: number): void {
    this.position -= dropped;
  }

  private structure(text: string, final: boolean): ScanEnd | 'wait' | null {
    STRUCTURE.lastIndex = this.position;
    const match = STRUCTURE.exec(text);
    if (match === null) {
      this.position = text.length;
      return null;
    }
    const { index } = match;
    const character = match[0];
    if (character === '\n' || character === '\r') return this.lineBreak(text, index, final);
    this.position = index + 1;
    if (character === '"') this.inString = true;
    else if (character === '{' || character === '[') {
      this.open.push(character);
      this.deepest = Math.max(this.deepest, this.open.length);
    } else {
      this.open.pop();
      if (this.open.length === 0) return { state: 'whole', end: index + 1 };
    }
    return null;
  }

  private string(text: string, final: boolean): ScanEnd | 'wait' | null {
    IN_STRING.lastIndex = this.position;
    const match = IN_STRING.exec(text);
    if (match === null) {
      this.position = text.length;
      return null;
    }
    const { index } = match;
    if (match[0] === '\\') {
      if (index + 1 === text.length && !final) {
        this.position = index;
        return 'wait';
      }
      this.position = index + 2;
      return null;
    }
    if (match[0] !== '"') return this.lineBreak(text, index, final);
    this.position = index + 1;
    this.inString = false;
    return this.open.length === 0 ? { state: 'whole', end: index + 1 } : null;
  }

  private lineBreak(text: string, index: number, final: boolean): ScanEnd | 'wait' | null {
    const after = text[index] === '\r' && text[index + 1] === '\n' ? index + 2 : index + 1;
    const needed = after + (this.indent?.length ?? 0) + 1;
    if (needed > text.length && !final) {
      this.position = index;
      return 'wait';
    }
    if (this.inString) {
      if (RECORD_END.test(text.slice(Math.max(0, index - 16), index))) return { state: 'lost_quote', end: index };
      this.brokenAfter ??= this.breaks;
    }
    if (this.startsRecord(text, index, after)) return { state: 'next', end: after };
    this.breaks++;
    this.position = after;
    return null;
  }

  /** Whether a record begins on the line at `at`, where none may begin inside the one that is open. */
  private startsRecord(text: string, lineBreak: number, at: number): boolean {
    if (this.indent === null || !text.startsWith(`${this.indent}{`, at)) return false;
    if (this.alone || this.inString) return true;
    const last = text.slice(0, lineBreak).trimEnd().at(-1);
    return !(last === ':' || last === '[' || (last === ',' && this.open.at(-1) === '['));
  }
}
