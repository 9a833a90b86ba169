import { LineCounter } from './line-counter.js';
import { MAX_RAW_CHARACTERS, MAX_ROW_CHARACTERS, refuse, type RawRow } from './raw-row.js';

const QUOTE = 34;
const LINE_FEED = 10;
const RETURN = 13;

type State = 'start' | 'bare' | 'quoted' | 'closed';

/**
 * Cuts delimited text (RFC 4180 quoting) into rows of cells, chunk by chunk. Own instead of csv-parse because a faulty row
 * must cost that row alone, with the line it starts on, and an endless one no memory. A quote inside a bare cell is text;
 * anything but a delimiter after a closing quote refuses the row. Blank lines are no rows.
 */
export class CsvSplitter {
  private readonly lines = new LineCounter();
  private readonly delimiter: number;
  private state: State = 'start';
  private cells: string[] = [];
  private cell = '';
  private raw = '';
  private length = 0;
  private startLine = 1;
  private badQuoting = false;
  private skipLineFeed = false;

  constructor(delimiter: string) {
    this.delimiter = delimiter.charCodeAt(0);
  }

  *push(text: string): Generator<RawRow<string[]>> {
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i);
      const skipped = this.skipLineFeed && code === LINE_FEED;
      this.skipLineFeed = false;
      if (this.length === 0) this.startLine = this.lines.line;
      this.lines.pass(code);
      if (skipped) continue;
      const endsLine = code === LINE_FEED || code === RETURN;
      if (endsLine && this.state !== 'quoted') {
        this.skipLineFeed = code === RETURN;
        if (this.length > 0) yield this.finish();
        continue;
      }
      this.take(text[i]!, code);
    }
  }

  /** The last row, where the file doesn't end in a line break. */
  *end(): Generator<RawRow<string[]>> {
    if (this.length === 0) return;
    const openQuote = this.state === 'quoted';
    const lastLine = this.lines.line;
    const row = this.finish();
    const detail = `A quotation mark opened in the row of line ${row.line} is never closed; lines ${row.line} to ${lastLine} were taken as one row.`;
    yield openQuote ? { ...row, content: refuse('truncated', detail) } : row;
  }

  private take(character: string, code: number): void {
    this.length++;
    if (this.raw.length < MAX_RAW_CHARACTERS) this.raw += character;
    if (this.state === 'quoted') {
      if (code === QUOTE) this.state = 'closed';
      else this.append(character);
    } else if (code === this.delimiter) {
      this.cells.push(this.cell);
      this.cell = '';
      this.state = 'start';
    } else if (this.state === 'closed') {
      if (code === QUOTE) {
        this.append(character);
        this.state = 'quoted';
      } else this.badQuoting = true;
    } else if (this.state === 'start' && code === QUOTE) this.state = 'quoted';
    else {
      this.append(character);
      this.state = 'bare';
    }
  }

  private append(character: string): void {
    if (this.length <= MAX_ROW_CHARACTERS) this.cell += character;
  }

  private finish(): RawRow<string[]> {
    const { startLine: line, raw } = this;
    const cells = [...this.cells, this.cell];
    const tooLong = this.length > MAX_ROW_CHARACTERS;
    const badQuoting = this.badQuoting;
    this.cells = [];
    this.cell = '';
    this.raw = '';
    this.length = 0;
    this.badQuoting = false;
    this.state = 'start';
    if (tooLong)
      return { line, raw, content: refuse('too_long', `The row is longer than ${MAX_ROW_CHARACTERS} characters.`) };
    if (badQuoting) {
      return {
        line,
        raw,
        content: refuse('bad_quoting', 'Text follows a closing quotation mark; double the marks inside a quoted cell.'),
      };
    }
    return { line, raw, content: { value: cells } };
  }
}
