import { isKnownName } from './names.js';

const LONGEST_NAME = 24;
const SENTENCE = /[。？！?!，；;…]|怎么|什么|吗$|如何/u;
const NUMBER = /^[\d.,\s%-]+$/u;
const IDENTIFIER = /^[a-z_][\w .-]*$/iu;

/**
 * Whether the first row of a table is data like the others, no names of columns: names are short, differ, are no
 * sentences and no numbers, and are not written as what stands below them.
 */
export function isDataRow(first: readonly string[], others: readonly (readonly string[])[]): boolean {
  const cells = first.map((cell) => cell.trim());
  if (cells.some(isKnownName)) return false;
  const names = cells.filter((cell) => cell !== '');
  if (names.length === 0 || new Set(names).size < names.length) return true;
  if (names.some((name) => NUMBER.test(name) || name.length > LONGEST_NAME || SENTENCE.test(name))) return true;
  if (others.length === 0) return false;
  const below = others.map((row) => row.map((cell) => cell.trim()));
  const foreign = below.flat().some((cell) => cell !== '' && !IDENTIFIER.test(cell));
  if (names.every((name) => IDENTIFIER.test(name)) && foreign) return false;
  // Names are shorter than what they name.
  const length = (row: readonly string[]): number => row.join('').length;
  const mean = below.reduce((sum, row) => sum + length(row), 0) / below.length;
  return length(cells) * 2 > mean;
}
