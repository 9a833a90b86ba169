import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { csvCell } from './rows-as-csv.js';

test('any cell reads back as written, but for the mark that keeps it from being a formula', () => {
  fc.assert(
    fc.property(fc.array(fc.string(), { minLength: 2, maxLength: 5 }), (cells) => {
      const [row] = parse(`${cells.map(csvCell).join(',')}\r\n`, { relax_column_count: true }) as string[][];
      expect(row?.map((cell, i) => (/^[=+\-@\t\r]/.test(cells[i]!) ? cell.slice(1) : cell)) ?? cells).toEqual(cells);
    }),
  );
  expect(csvCell('=1+1')).toBe(`'=1+1`);
});
