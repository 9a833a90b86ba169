/** What begins at a place of a table and is meant to be one row. */
export interface CsvRecord {
  /**
   * `whole`: ends at a line break or the end of the text. `open`: a quotation mark is not closed. `text_after_quote`: a
   * cell goes on after its closing mark, or there are more cells than any row has.
   */
  state: 'whole' | 'open' | 'text_after_quote';
  cells: string[];
  /** The line break after the row; where it broke off, otherwise. */
  end: number;
  /** A quotation mark stands inside a cell that has none around it. */
  bareQuote: boolean;
  allQuoted: boolean;
}

const BREAK = /[\r\n]/u;
const NEXT_BREAK = /[\r\n]/gu;

/** Reads one record of a table from `start`; not more than `limit` characters of quoted cells. */
export function parseRecord(
  text: string,
  start: number,
  delimiter: string,
  width: number | null,
  limit: number,
): CsvRecord {
  const record: CsvRecord = { state: 'whole', cells: [], end: start, bareQuote: false, allQuoted: true };
  let at = start;
  let broken = false;
  for (;;) {
    let cell: string;
    if (text[at] === '"') {
      const closed = quotedCell(text, at, start + limit);
      if (closed === null) return { ...record, state: 'open', end: text.length };
      ({ cell, end: at } = closed);
      broken ||= BREAK.test(cell);
    } else {
      const end = endOfBareCell(text, at, delimiter);
      cell = text.slice(at, end);
      record.bareQuote ||= cell.includes('"');
      record.allQuoted = false;
      at = end;
    }
    record.cells.push(cell);
    record.end = at;
    if (at >= text.length || text[at] === '\n' || text[at] === '\r') return record;
    const tooMany = broken && width !== null && record.cells.length >= width;
    if (text[at] !== delimiter || tooMany) return { ...record, state: 'text_after_quote' };
    at++;
  }
}

/** The text of a quoted cell, doubled marks made single, and the place after its closing mark; null when there is none. */
function quotedCell(text: string, open: number, limit: number): { cell: string; end: number } | null {
  let cell = '';
  for (let from = open + 1; ;) {
    const mark = text.indexOf('"', from);
    if (mark === -1 || mark > limit) return null;
    cell += text.slice(from, mark);
    if (text[mark + 1] !== '"') return { cell, end: mark + 1 };
    cell += '"';
    from = mark + 2;
  }
}

function endOfBareCell(text: string, from: number, delimiter: string): number {
  NEXT_BREAK.lastIndex = from;
  const lineBreak = NEXT_BREAK.exec(text)?.index ?? text.length;
  const next = text.indexOf(delimiter, from);
  return next === -1 || next > lineBreak ? lineBreak : next;
}
