import { LineCounter } from './line-counter.js';
import { MAX_RAW_CHARACTERS, MAX_ROW_CHARACTERS, refuse, type RawRow } from './raw-row.js';

type Mode = 'unknown' | 'lines' | 'array' | 'after';

/** A line that closes a record; met inside a string it shows that a quotation mark was lost. */
const RECORD_END = /\}\s*,?\s*$/u;

const BLANK = ' \t\n\r\uFEFF';

/**
 * Cuts a JSON array of records, or JSON Lines, into parsed values; the first non-blank character tells which, not the
 * file's name. One record at a time is in memory. A record that is no JSON costs that record alone: in an array the next
 * one is found again at the brackets, and a line break inside a string (which JSON forbids) ends the string.
 */
export class JsonSplitter {
  private readonly lines = new LineCounter();
  private mode: Mode = 'unknown';
  private text = '';
  private length = 0;
  private startLine = 1;
  private depth = 0;
  private inString = false;
  private escaped = false;

  *push(text: string): Generator<RawRow<unknown>> {
    for (let i = 0; i < text.length; i++) {
      const character = text[i]!;
      const line = this.lines.line;
      this.lines.pass(text.charCodeAt(i));
      if (this.mode === 'unknown' && !BLANK.includes(character)) {
        this.mode = character === '[' ? 'array' : 'lines';
        if (this.mode === 'array') continue;
      }
      if (this.mode === 'lines') yield* this.takeOfLines(character, line);
      else if (this.mode === 'array') yield* this.takeOfArray(character, line);
      else if (this.mode === 'after') this.keep(character, line);
    }
  }

  *end(): Generator<RawRow<unknown>> {
    if (this.mode === 'lines' && this.length > 0) yield this.finish();
    else if (this.mode === 'after' && this.length > 0) {
      yield this.row(refuse('trailing_garbage', 'The file goes on after the closing bracket of its array.'));
    } else if (this.mode === 'array') {
      if (this.length === 0) this.startLine = this.lines.line;
      yield this.row(refuse('truncated', 'The file ends before the closing bracket of its array; it was cut off.'));
    }
  }

  private *takeOfLines(character: string, line: number): Generator<RawRow<unknown>> {
    if (character === '\n' || character === '\r') {
      if (this.length > 0) yield this.finish();
    } else this.keep(character, line);
  }

  private *takeOfArray(character: string, line: number): Generator<RawRow<unknown>> {
    if (this.inString) {
      this.keep(character, line);
      if (this.escaped) this.escaped = false;
      else if (character === '\\') this.escaped = true;
      else if (character === '"') this.inString = false;
      else if (character === '\n') {
        this.inString = false;
        if (RECORD_END.test(this.text.slice(-16))) yield this.finish();
      }
      return;
    }
    if (this.depth === 0 && (character === ',' || character === ']')) {
      if (this.length > 0) yield this.finish();
      if (character === ']') this.mode = 'after';
      return;
    }
    this.keep(character, line);
    if (character === '"') this.inString = true;
    else if (character === '{' || character === '[') this.depth++;
    else if (this.depth > 0 && (character === '}' || character === ']') && --this.depth === 0) yield this.finish();
  }

  /** Blanks before a record don't belong to it. */
  private keep(character: string, line: number): void {
    if (this.length === 0) {
      if (BLANK.includes(character)) return;
      this.startLine = line;
    }
    this.length++;
    if (this.length <= MAX_ROW_CHARACTERS) this.text += character;
  }

  private finish(): RawRow<unknown> {
    if (this.length > MAX_ROW_CHARACTERS) {
      return this.row(refuse('too_long', `The record is longer than ${MAX_ROW_CHARACTERS} characters.`));
    }
    try {
      const value: unknown = JSON.parse(this.text);
      return this.row({ value });
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      return this.row(refuse('not_json', 'The record is no valid JSON.'));
    }
  }

  private row(content: RawRow<unknown>['content']): RawRow<unknown> {
    const row = { line: this.startLine, raw: this.text.slice(0, MAX_RAW_CHARACTERS), content };
    this.text = '';
    this.length = 0;
    this.depth = 0;
    this.inString = false;
    this.escaped = false;
    return row;
  }
}
