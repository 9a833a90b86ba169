import { parseRecord, type CsvRecord } from './csv-record.js';
import { ColumnKinds, looksLikeRows, looksSwallowed } from './csv-lines.js';
import { MAX_RAW_CHARACTERS, MAX_ROW_CHARACTERS, refuse, type RawRow, type Refusal, type Splitter } from './raw-row.js';

/**
 * Cuts delimited text (RFC 4180 quoting) into rows of cells. Own instead of csv-parse because a faulty row must cost that
 * row alone, with the line it starts on, and an endless one no memory. A quote inside a bare cell is text. Where quoting
 * fails, and the lines after look like rows, the first line alone is refused and the others are read on their own; where
 * it succeeds but every line between the marks looks like a row, the whole is refused as swallowed. Blank lines are no rows.
 */
export class CsvSplitter implements Splitter<string[]> {
  private buffer = '';
  private at = 0;
  private line = 1;
  /** Of the first good row; before it nothing is known of how many cells a row has. */
  private width: number | null = null;
  private allQuoted = false;
  private readonly kinds = new ColumnKinds();
  /** Up to here a mark that stands alone is the partner of one that failed. */
  private doubtfulUntil = 0;
  /** In a line that is too long to be held: the rest of it is passed over. */
  private skipping = false;

  private readonly feeds = new NextOf('\n');
  private readonly returns = new NextOf('\r');

  constructor(private readonly delimiter: string) {}

  *push(text: string): Generator<RawRow<string[]>> {
    this.buffer += text;
    yield* this.cut(false);
  }

  *end(): Generator<RawRow<string[]>> {
    yield* this.cut(true);
  }

  private *cut(final: boolean): Generator<RawRow<string[]>> {
    this.feeds.forget();
    this.returns.forget();
    while (this.at < this.buffer.length) {
      if (this.skipping && !this.skipLine(final)) break;
      const lineEnd = this.endOfLine(this.at, final);
      if (lineEnd === this.at) this.pass(lineEnd);
      else if (lineEnd !== null) {
        const row = this.row(lineEnd, final);
        if (row === null) break;
        yield row;
      } else if (this.buffer.length - this.at > MAX_ROW_CHARACTERS) {
        yield this.refuseTo(this.buffer.length, refuse('too_long', 'too_long', { limit: MAX_ROW_CHARACTERS }));
        this.skipping = true;
      } else break;
    }
    this.buffer = this.buffer.slice(this.at);
    this.doubtfulUntil -= this.at;
    this.at = 0;
  }

  private skipLine(final: boolean): boolean {
    const end = this.endOfLine(this.at, final);
    // A return at the very end may be half a line break.
    if (end === null) this.at = this.buffer.length - (this.buffer.endsWith('\r') ? 1 : 0);
    else this.pass(end);
    this.skipping = end === null;
    return !this.skipping;
  }

  /** Where the physical line ends; null when that is not known yet. A return at the very end may have a line feed after it. */
  private endOfLine(from: number, final: boolean): number | null {
    const end = Math.min(this.feeds.next(this.buffer, from), this.returns.next(this.buffer, from));
    return final || this.isWhole(end) ? end : null;
  }

  /** Whether the line break at a place is all there. */
  private isWhole(end: number): boolean {
    return end < this.buffer.length - 1 || this.buffer[end] === '\n';
  }

  /** Goes on behind the line break that stands at `end`, if one does. */
  private pass(end: number): void {
    const breakLength = this.buffer[end] === '\r' && this.buffer[end + 1] === '\n' ? 2 : 1;
    if (end < this.buffer.length) this.line += 1;
    this.at = Math.min(end + breakLength, this.buffer.length);
  }

  private row(lineEnd: number, final: boolean): RawRow<string[]> | null {
    const start = this.at;
    if (lineEnd - start > MAX_ROW_CHARACTERS)
      return this.refuseTo(lineEnd, refuse('too_long', 'too_long', { limit: MAX_ROW_CHARACTERS }));
    const text = this.buffer.slice(start, lineEnd);
    if (!text.includes('"')) return this.take(lineEnd, text.split(this.delimiter), false);

    const record = parseRecord(this.buffer, start, this.delimiter, this.width, MAX_ROW_CHARACTERS);
    if (record.state === 'open' && !final && this.buffer.length - start <= MAX_ROW_CHARACTERS) return null;
    if (record.state === 'whole' && !final && !this.isWhole(record.end)) return null;
    if (record.state === 'whole') return this.whole(record, lineEnd);
    return this.salvage(record, lineEnd, final);
  }

  private whole(record: CsvRecord, lineEnd: number): RawRow<string[]> | null {
    const start = this.at;
    if (record.bareQuote && start < this.doubtfulUntil)
      return this.refuseTo(record.end, refuse('bad_quoting', 'lone_quote'));
    if (record.end === lineEnd) return this.take(record.end, record.cells, record.allQuoted);
    const lines = this.buffer.slice(start, record.end).split(/\r\n|\n|\r/u);
    const fits = this.width === null || record.cells.length === this.width;
    if (!fits) return this.salvage(record, lineEnd, true);
    if (this.width !== null && !this.allQuoted && looksSwallowed(lines, this.delimiter, this.width, this.kinds)) {
      const facts = { line: this.line, last: this.line + lines.length - 1 };
      return this.refuseTo(record.end, refuse('bad_quoting', 'swallowed_rows', facts));
    }
    return this.take(record.end, record.cells, record.allQuoted);
  }

  /** A record that is not closed, goes on after its mark, or has the wrong width over several lines. */
  private salvage(record: CsvRecord, lineEnd: number, final: boolean): RawRow<string[]> | null {
    const endless = this.buffer.length - this.at > MAX_ROW_CHARACTERS;
    // What fails is judged by whole lines.
    const end = record.state === 'text_after_quote' ? this.endOfLine(record.end, final || endless) : record.end;
    if (end === null) return null;
    const limit = Math.min(end, this.at + MAX_ROW_CHARACTERS);
    const after = this.buffer
      .slice(lineEnd, limit)
      .split(/\r\n|\n|\r/u)
      .slice(1);
    const isRest = after.every((line) => line.trim() === '');
    if (!isRest && looksLikeRows(after, this.delimiter, this.width)) {
      this.doubtfulUntil = Math.max(this.doubtfulUntil, limit);
      const facts = { line: this.line + after.length + 1 };
      return this.refuseTo(lineEnd, refuse('bad_quoting', sentenceOf(record, lineEnd), facts));
    }
    if (record.state === 'whole') return this.take(record.end, record.cells, record.allQuoted);
    if (record.state === 'text_after_quote') return this.refuseTo(end, refuse('bad_quoting', 'text_after_quote'));
    if (!final || limit < end) return this.refuseTooLong(limit);
    return this.refuseTo(end, refuse('truncated', 'cut_off_quote'));
  }

  private refuseTooLong(limit: number): RawRow<string[]> {
    this.skipping = true;
    return this.refuseTo(limit, refuse('too_long', 'too_long', { limit: MAX_ROW_CHARACTERS }));
  }

  private take(end: number, cells: string[], allQuoted: boolean): RawRow<string[]> {
    const row = { line: this.line, raw: this.rawTo(end), content: { value: cells } };
    if (this.width === null) {
      this.width = cells.length;
      this.allQuoted = allQuoted;
    } else if (cells.length === this.width) this.kinds.learn(cells);
    this.moveTo(end);
    return row;
  }

  private refuseTo(end: number, content: { refusal: Refusal }): RawRow<string[]> {
    const row = { line: this.line, raw: this.rawTo(end), content };
    this.moveTo(end);
    return row;
  }

  private rawTo(end: number): string {
    return this.buffer.slice(this.at, Math.min(end, this.at + MAX_RAW_CHARACTERS));
  }

  private moveTo(end: number): void {
    const passed = this.buffer.slice(this.at, end);
    if (/[\r\n]/u.test(passed)) this.line += passed.match(/\r\n|\n|\r/gu)!.length;
    if (this.buffer[end] === '\n' || this.buffer[end] === '\r') this.pass(end);
    else this.at = end;
  }
}

function sentenceOf(record: CsvRecord, lineEnd: number): 'open_quote' | 'text_after_quote' {
  return record.state === 'text_after_quote' && record.end <= lineEnd ? 'text_after_quote' : 'open_quote';
}

/** The next place of a character, looked up once for all places before it. */
class NextOf {
  private found = -1;
  private from = 0;

  constructor(private readonly character: string) {}

  next(text: string, from: number): number {
    if (this.found < from || from < this.from) {
      this.from = from;
      const at = text.indexOf(this.character, from);
      this.found = at === -1 ? text.length : at;
    }
    return this.found;
  }

  forget(): void {
    this.found = -1;
  }
}
