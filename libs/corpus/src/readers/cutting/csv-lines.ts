import { parseRecord } from './csv-record.js';

/** What a swallowed row never begins with, and a list inside an answer does. */
const LIST_MARK = /^\s*(?:[-*•●·]|\d+[.、)）:：]|[（(]\d+[)）]|[①-⑳]|[一二三四五六七八九十]+[、.])/u;
const NUMBER = /^\s*\d+\s*$/u;
/** Rows that have to be seen before they say what a column holds. */
const ENOUGH_ROWS = 5;

/** What the columns of a table have held so far: a line whose cells are nothing like that is no row of it. */
export class ColumnKinds {
  private rows = 0;
  private numeric: boolean[] = [];
  private longest: number[] = [];

  learn(cells: readonly string[]): void {
    if (this.rows++ > 1_000) return;
    cells.forEach((cell, index) => {
      this.numeric[index] = (this.numeric[index] ?? true) && NUMBER.test(cell);
      this.longest[index] = Math.max(this.longest[index] ?? 0, cell.length);
    });
  }

  fit(cells: readonly string[]): boolean {
    if (this.rows < ENOUGH_ROWS) return true;
    return cells.every(
      (cell, index) =>
        (!this.numeric[index] || NUMBER.test(cell)) && cell.length <= 4 * (this.longest[index] ?? 0) + 20,
    );
  }
}

/** Whether most lines have as many cells as a row; a table of one column cannot tell. */
export function looksLikeRows(lines: readonly string[], delimiter: string, width: number | null): boolean {
  const said = lines.filter((line) => line.trim() !== '');
  const rows = said.filter((line) => width === null || isRow(line, delimiter, width));
  return said.length > 0 && rows.length * 2 >= said.length;
}

function isRow(line: string, delimiter: string, width: number): boolean {
  if (line.split(delimiter).length === width) return true;
  const { state, cells } = parseRecord(line, 0, delimiter, width, line.length);
  return state === 'whole' && cells.length === width;
}

/** Whether one record over several lines is several rows between two stray marks: each of its lines has a row's cells. */
export function looksSwallowed(
  lines: readonly string[],
  delimiter: string,
  width: number,
  kinds: ColumnKinds,
): boolean {
  if (width < 2) return false;
  return lines.every((line, index) => {
    const cells = line.split(delimiter);
    return cells.length === width && kinds.fit(cells) && (index === 0 || !LIST_MARK.test(line));
  });
}
