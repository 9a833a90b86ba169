import type { ReadPlan } from '@qingnang/contracts';
import { UnreadableFile } from '../readers.errors.js';
import { refuse, type RawRow } from './raw-row.js';

type NamedRow = RawRow<Record<string, unknown>>;

/** What Excel is told the delimiter by, on a line before the header. */
export const SEPARATOR_LINE = /^\s*"?sep=(.)"?[ \t]*(?=\r?\n|\r|$)/iu;
const LONGEST_SEPARATOR_LINE = 32;

/** Names for all columns of a table: trimmed, blank ones by their place, repeated ones numbered. */
export function columnNames(cells: readonly string[]): string[] {
  const names: string[] = [];
  cells.forEach((cell, index) => {
    const name = cell.trim() === '' ? `column_${index + 1}` : cell.trim();
    let unique = name;
    for (let n = 2; names.includes(unique); n++) unique = `${name}_${n}`;
    names.push(unique);
  });
  return names;
}

/** A line `sep=;` before the table becomes a blank one, so that lines keep their numbers. */
export async function* withoutSeparatorLine(texts: AsyncIterable<string>): AsyncIterable<string> {
  let held: string | null = '';
  for await (const text of texts) {
    if (held === null) {
      yield text;
      continue;
    }
    held += text;
    if (held.length < LONGEST_SEPARATOR_LINE && !held.trimStart().includes('\n')) continue;
    yield held.replace(SEPARATOR_LINE, '');
    held = null;
  }
  if (held !== null && held !== '') yield held.replace(SEPARATOR_LINE, '');
}

/** Gives the cells of each row their names: those of the first row, or places where that is data too. */
export function nameRows(plan: ReadPlan): (rows: Iterable<RawRow<string[]>>) => Generator<NamedRow> {
  let header: string[] | undefined;
  let first: string[] | undefined;
  return function* (rows) {
    for (const row of rows) {
      if (header !== undefined) {
        yield { ...row, content: nameCells(row.content, header, first) };
      } else if (!plan.noHeader) {
        if (!('value' in row.content)) throw new UnreadableFile('header_unreadable', 'header_unreadable');
        first = row.content.value;
        header = checkColumns(columnNames(first), plan);
      } else if ('value' in row.content) {
        header = checkColumns(columnNames(row.content.value.map(() => '')), plan);
        yield { ...row, content: nameCells(row.content, header, undefined) };
      } else yield { ...row, content: row.content };
    }
  };
}

function checkColumns(header: string[], { mapping }: ReadPlan): string[] {
  for (const [role, column] of Object.entries(mapping)) {
    if (column !== undefined && !header.includes(column))
      throw new UnreadableFile('mapping_unknown_column', 'mapping_unknown_column', { role, column }, `mapping/${role}`);
  }
  return header;
}

function nameCells(
  content: RawRow<string[]>['content'],
  header: readonly string[],
  first: readonly string[] | undefined,
): NamedRow['content'] {
  if (!('value' in content)) return content;
  const cells = content.value;
  if (cells.length !== header.length)
    return refuse('wrong_column_count', 'cells', { cells: cells.length, header: header.length });
  if (first !== undefined && cells.every((cell, index) => cell.trim() === first[index]!.trim()))
    return refuse('repeated_header', 'repeated_header');
  return { value: Object.fromEntries(header.map((name, index) => [name, cells[index]!])) };
}
