import { JsonScan } from './json-scan.js';
import { MAX_ROW_CHARACTERS } from './raw-row.js';

/** How records stand in a JSON file, and where the first of them may begin. */
export interface JsonStart {
  mode: 'lines' | 'array' | 'wrapped';
  at: number;
}

const TEXT = '"(?:[^"\\\\]|\\\\.)*"';
const SCALAR = `(?:${TEXT}|[-+\\w.]+|\\[\\s*\\]|\\{[^{}]*\\})`;
/** An object whose members before the list are single values. */
const WRAPPER = new RegExp(
  `\\{\\s*(?:${TEXT}\\s*:\\s*${SCALAR}\\s*,\\s*)*(${TEXT})\\s*:\\s*\\[\\s*(?=\\[|\\{\\s*(${TEXT}))`,
  'y',
);
/** Lists that stand inside a record: its turns, not the records. */
const TURN_LISTS = new Set(['conversations', 'conversation', 'messages', 'items', 'history', 'dialogue', 'turns']);
const TURN_FIELDS = new Set(['from', 'role', 'speaker', 'value', 'content']);

/**
 * What the first non-blank character begins: an array of records, records one after another, or an object around the
 * list of them. Null while too little is there to say.
 */
export function jsonStart(text: string, from: number, final: boolean): JsonStart | null {
  const enough = final || text.length - from > MAX_ROW_CHARACTERS;
  if (text[from] === '[') {
    const lines = listsInLines(text, from, enough);
    return lines === null ? null : { mode: lines ? 'lines' : 'array', at: lines ? from : from + 1 };
  }
  if (text[from] !== '{') return { mode: 'lines', at: from };
  const end = new JsonScan(from, '', false).run(text, final);
  if (end === null && !enough) return null;
  if (end?.state === 'whole') {
    const follows = /\S/u.test(text.slice(end.end));
    if (!follows && !enough) return null;
    if (follows) return { mode: 'lines', at: from };
  } else if (end !== null) return { mode: 'lines', at: from };
  const list = listInside(text, from);
  return list === null ? { mode: 'lines', at: from } : { mode: 'wrapped', at: list };
}

/** Lists of texts, one a line, begin like an array of texts. */
function listsInLines(text: string, from: number, enough: boolean): boolean | null {
  const second = /\S/u.exec(text.slice(from + 1))?.[0];
  if (second === undefined) return enough ? false : null;
  if (second !== '"') return false;
  const lineEnd = /[\r\n]/u.exec(text.slice(from));
  const next = lineEnd === null ? null : /\S/u.exec(text.slice(from + lineEnd.index));
  if (lineEnd === null || next === null) return enough ? false : null;
  return next[0] === '[' && isJson(text.slice(from, from + lineEnd.index));
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text.replace(/,\s*$/u, ''));
    return true;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return false;
  }
}

function listInside(text: string, from: number): number | null {
  WRAPPER.lastIndex = from;
  const match = WRAPPER.exec(text);
  if (match === null) return null;
  const [list, field] = [match[1]!, match[2] ?? '""'].map((quoted) => quoted.slice(1, -1).toLowerCase());
  return TURN_LISTS.has(list!) || TURN_FIELDS.has(field!) ? null : from + match[0].length;
}
