import { JsonScan, type ScanEnd } from './json-scan.js';
import { jsonStart, type JsonStart } from './json-start.js';
import { parseJson } from './json-value.js';
import { MAX_RAW_CHARACTERS, MAX_ROW_CHARACTERS, refuse, type RawRow, type Refusal, type Splitter } from './raw-row.js';

const NOT_BLANK = /[^ \t\n\r\uFEFF]/gu;
const BREAKS = /\r\n|\n|\r/gu;
/** Deeper than any record that means something, and far from where recursion over it ends. */
const MAX_DEPTH = 200;
/** What may be read twice in search of the next record, so that a file made of faults ends too. */
const MAX_REREAD = 64 * MAX_ROW_CHARACTERS;

const MAX_INDENT = 64;

const TOO_LONG = refuse('too_long', 'too_long', { limit: MAX_ROW_CHARACTERS });

type Content = RawRow<unknown>['content'];

/**
 * Cuts JSON into parsed records: an array of them, an object around that array, or one after another (JSON Lines, with or
 * without commas, on one line each or on many); the first characters tell which, not the file's name. One record at a time
 * is in memory. A record that is no JSON costs that record alone: the next one is found where a line, or its first name, begins.
 */
export class JsonSplitter implements Splitter<unknown> {
  private buffer = '';
  /** The last characters let go, which tell whether a record begins its line. */
  private before = '';
  private at = 0;
  private line = 1;
  private mode: JsonStart['mode'] | 'unknown' | 'after' | 'ignored' = 'unknown';
  private scan: JsonScan | null = null;
  private ended: ScanEnd | null = null;
  private tooLong = false;
  private firstName: string | null = null;
  private alone = true;
  private reread = 0;
  private trailing: RawRow<unknown> | null = null;

  *push(text: string): Generator<RawRow<unknown>> {
    this.buffer += text;
    yield* this.cut(false);
  }

  *end(): Generator<RawRow<unknown>> {
    yield* this.cut(true);
    if (this.trailing !== null) yield this.trailing;
    if (this.mode === 'array' || this.mode === 'wrapped') {
      yield { line: this.line, raw: '', content: refuse('truncated', 'json_cut_off') };
    }
  }

  private *cut(final: boolean): Generator<RawRow<unknown>> {
    for (;;) {
      const row = this.step(final);
      if (row === 'wait') break;
      if (row !== 'passed') yield row;
    }
    const dropped = this.tooLong ? this.buffer.length : this.at;
    this.scan?.shift(dropped);
    if (this.ended !== null) this.ended = { ...this.ended, end: this.ended.end - dropped };
    if (this.tooLong) this.moveTo(dropped);
    this.before = (this.before + this.buffer.slice(0, dropped)).slice(-MAX_INDENT);
    this.buffer = this.buffer.slice(dropped);
    this.at = 0;
  }

  private step(final: boolean): RawRow<unknown> | 'passed' | 'wait' {
    if (this.scan !== null) return this.goOn(final);
    if (!this.passBlanks()) return 'wait';
    if (this.mode === 'ignored') return this.passTo(this.buffer.length);
    if (this.mode === 'after') return this.keepTrailing();
    if (this.mode === 'unknown') {
      const start = jsonStart(this.buffer, this.at, final);
      if (start === null) return 'wait';
      this.mode = start.mode;
      return this.passTo(start.at);
    }
    const character = this.buffer[this.at]!;
    if (character === ',') return this.passTo(this.at + 1);
    if (this.mode !== 'lines' && character === ']') {
      this.mode = this.mode === 'array' ? 'after' : 'ignored';
      return this.passTo(this.at + 1);
    }
    if (character === '{' || character === '[' || (character === '"' && this.mode !== 'lines')) {
      this.scan = new JsonScan(this.at, this.indent(), this.mode === 'lines' && this.alone && this.firstName !== null);
      return 'passed';
    }
    return this.token(final);
  }

  /** The end of a record that is being scanned. */
  private goOn(final: boolean): RawRow<unknown> | 'passed' | 'wait' {
    this.ended ??= this.scan!.run(this.buffer, final);
    const length = this.buffer.length - this.at;
    if (this.ended === null) {
      if (final) return this.tooLong ? this.forgetTooLong() : this.unclosed(this.buffer.length, true);
      if (length <= MAX_ROW_CHARACTERS || this.tooLong) return 'wait';
      return this.unclosed(this.at + MAX_ROW_CHARACTERS, false);
    }
    const { state, end } = this.ended;
    if (state === 'whole') {
      const rest = this.restOfLine(end, final);
      if (rest === null) return 'wait';
      return this.tooLong ? this.forgetTooLong(rest) : this.whole(end, rest);
    }
    if (this.tooLong) return this.forgetTooLong(end);
    return this.finish(end, state === 'next' ? this.unclosedBefore(end) : this.parse(this.buffer.slice(this.at, end)));
  }

  /** Where what belongs to a closed record ends: text behind it on its line makes it a faulty one. */
  private restOfLine(end: number, final: boolean): number | null {
    const follows = /[^ \t]/u.exec(this.buffer.slice(end));
    if (follows === null) return final ? end : null;
    const inLines = this.mode === 'lines' ? '{[' : ']';
    if (`,\r\n${inLines}`.includes(follows[0])) return end;
    const stop = /[\r\n]|,\s*\{/u.exec(this.buffer.slice(end));
    if (stop !== null) return end + stop.index;
    return final || this.buffer.length - this.at > MAX_ROW_CHARACTERS ? this.buffer.length : null;
  }

  private whole(end: number, rest: number): RawRow<unknown> {
    const { deepest, brokenAfter } = this.scan!;
    if (end - this.at > MAX_ROW_CHARACTERS) {
      const next = this.nextRecord(this.at + MAX_ROW_CHARACTERS);
      if (next !== null) return this.finish(next, this.unclosedBefore(next));
      return this.finish(rest, TOO_LONG);
    }
    if (deepest > MAX_DEPTH) return this.finish(rest, refuse('too_deep', 'too_deep', { limit: MAX_DEPTH }));
    const text = this.buffer.slice(this.at, rest);
    const content = this.parse(text);
    const next = 'refusal' in content ? this.nextRecord(rest) : null;
    if (next !== null) return this.finish(next, this.unclosedBefore(next));
    if ('refusal' in content && brokenAfter !== null)
      return this.finish(rest, refuse('not_json', 'json_line_break', { line: this.line + brokenAfter }));
    if ('value' in content) {
      this.firstName ??= /^\{\s*("(?:[^"\\]|\\.)*")/u.exec(text)?.[1] ?? null;
      this.alone &&= !/[\r\n]/u.test(text);
    }
    return this.finish(rest, content);
  }

  private parse(text: string): Content {
    try {
      return { value: parseJson(text) };
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      const place = /position (\d+)/u.exec(error.message)?.[1];
      const before = text.slice(0, place === undefined ? text.length : Number(place));
      const lines = before.split(BREAKS);
      const facts = { line: this.line + lines.length - 1, column: lines.at(-1)!.length + 1 };
      return refuse('not_json', 'json_syntax', facts);
    }
  }

  /** A record that has no end before `limit`, which is the end of the file or of what a record may be. */
  private unclosed(limit: number, final: boolean): RawRow<unknown> {
    const next = this.nextRecord(limit);
    if (next !== null) return this.finish(next, this.unclosedBefore(next));
    if (!final) {
      const row = this.rowTo(limit, TOO_LONG);
      this.tooLong = true;
      return row;
    }
    const inArray = this.mode !== 'lines';
    // One refusal says it all: the array has no end either.
    if (inArray) this.mode = 'ignored';
    return this.finish(limit, inArray ? refuse('truncated', 'json_cut_off') : this.unclosedBefore(limit));
  }

  private unclosedBefore(end: number): { refusal: Refusal } {
    return refuse('not_json', 'json_unclosed', { line: this.line + this.breaksTo(end) });
  }

  /** Where the next record seems to begin inside one that is faulty. */
  private nextRecord(limit: number): number | null {
    this.reread += limit - this.at;
    if (this.reread > MAX_REREAD) return null;
    const text = this.buffer.slice(this.at, limit);
    const indent = this.indent();
    if (indent !== null) {
      const found = new RegExp(`[\\r\\n]${indent}(?=\\{)`, 'u').exec(text);
      if (found !== null) return this.at + found.index + found[0].length;
    }
    if (this.firstName === null) return null;
    const name = this.firstName.replace(/[.*+?^${}()|[\]\\]/gu, '\\$&');
    const found = new RegExp(`\\{\\s*${name}\\s*:`, 'u').exec(text.slice(1));
    return found === null ? null : this.at + 1 + found.index;
  }

  /** Anything that is no object, list or text: to the end of its line, or to what closes it in an array. */
  private token(final: boolean): RawRow<unknown> | 'wait' {
    const stop = this.mode === 'lines' ? /[\r\n]/u : /[\r\n,\]]/u;
    const found = stop.exec(this.buffer.slice(this.at));
    const endless = this.buffer.length - this.at > MAX_ROW_CHARACTERS;
    if (found === null && !final && !endless) return 'wait';
    const end = found === null ? this.buffer.length : this.at + found.index;
    return this.finish(
      end,
      end - this.at > MAX_ROW_CHARACTERS ? TOO_LONG : this.parse(this.buffer.slice(this.at, end)),
    );
  }

  private keepTrailing(): 'passed' {
    this.trailing ??= this.rowTo(this.buffer.length, refuse('trailing_garbage', 'json_trailing'));
    return this.passTo(this.buffer.length);
  }

  /** The blanks before a record that begins its line; null where something else stands before it. */
  private indent(): string | null {
    const here = this.buffer.slice(Math.max(0, this.at - MAX_INDENT), this.at);
    const before = this.at < MAX_INDENT ? this.before + here : here;
    return /(?:^|[\r\n])([ \t]*)$/u.exec(before)?.[1] ?? null;
  }

  private passBlanks(): boolean {
    NOT_BLANK.lastIndex = this.at;
    const found = NOT_BLANK.exec(this.buffer)?.index ?? this.buffer.length;
    this.moveTo(found);
    return found < this.buffer.length;
  }

  private rowTo(end: number, content: Content): RawRow<unknown> {
    return { line: this.line, raw: this.buffer.slice(this.at, Math.min(end, this.at + MAX_RAW_CHARACTERS)), content };
  }

  private finish(end: number, content: Content): RawRow<unknown> {
    const row = this.rowTo(end, content);
    this.forgetTooLong(end);
    return row;
  }

  private forgetTooLong(end = this.buffer.length): 'passed' {
    this.scan = null;
    this.ended = null;
    this.tooLong = false;
    return this.passTo(end);
  }

  private passTo(end: number): 'passed' {
    this.moveTo(end);
    return 'passed';
  }

  private breaksTo(end: number): number {
    return this.buffer.slice(this.at, end).match(BREAKS)?.length ?? 0;
  }

  private moveTo(end: number): void {
    // The second half of a line break whose first half was counted.
    const before = this.at > 0 ? this.buffer[this.at - 1] : this.before.at(-1);
    const half = end > this.at && before === '\r' && this.buffer[this.at] === '\n' ? 1 : 0;
    this.line += this.breaksTo(end) - half;
    this.at = end;
  }
}
