import type { ColumnMapping, ImportSentence, PlainTurn } from '@qingnang/contracts';
import { numberAsWritten } from '../cutting/json-value.js';
import { refusal, RowRefused } from '../cutting/raw-row.js';

export type Fields = Record<string, unknown>;

/** What a layout makes of one row, before its turns are normalised. */
export interface Understood {
  outsideId: string | null;
  department: string | null;
  /** What stands above the patient's first words. */
  title?: string;
  turns: PlainTurn[];
}

export type Layout = (fields: Fields, mapping: ColumnMapping) => Understood;

const MAX_ID_CHARACTERS = 200;
/** Ways of writing "nothing" that exports from tables leave behind. */
const NOTHING = new Set(['', 'nan', 'null', 'none', '\\n', 'n/a', '<na>', '无', '无。', '无.', '空']);

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function hasField(fields: Fields, name: string): boolean {
  return Object.hasOwn(fields, name);
}

/** Whether a text is one of the ways of writing that there is none. */
export function saysNothing(text: string): boolean {
  const plain = text.trim();
  return plain.length <= 4 && NOTHING.has(plain.toLowerCase());
}

/** The text of a field: a string, a list of one string (as in Huatuo-26M), or nothing at all. */
export function textField(fields: Fields, name: string | undefined): string {
  if (name === undefined || !hasField(fields, name)) return '';
  const value = fields[name];
  const one: unknown = Array.isArray(value) && value.length === 1 ? value[0] : value;
  if (one === null || (Array.isArray(one) && one.length === 0)) return '';
  if (typeof one !== 'string') throw badField(name, 'field_text');
  return one;
}

/** As `textField`, but a written "nothing" is none: a patient who asks `nan` asks nothing. */
export function askedField(fields: Fields, name: string | undefined): string {
  const text = textField(fields, name);
  return saysNothing(text) ? '' : text;
}

export function badField(name: string, say: ImportSentence): RowRefused {
  return new RowRefused(refusal('bad_field', say, {}, name));
}

/** A record that lacks the field its layout lives by is of another shape. */
export function secondShape(field: string): RowRefused {
  return new RowRefused(refusal('second_shape', 'second_shape', {}, field));
}

export function departmentOf(fields: Fields, mapping: ColumnMapping): string | null {
  const department = textField(fields, mapping.department).trim();
  return saysNothing(department) ? null : department;
}

/** Text exactly as it is written, but for blanks around it. */
export function outsideIdOf(fields: Fields, mapping: ColumnMapping): string | null {
  if (mapping.id === undefined) return null;
  const id = numberAsWritten(fields[mapping.id]) ?? textField(fields, mapping.id).trim();
  if (id.length > MAX_ID_CHARACTERS)
    throw new RowRefused(refusal('bad_field', 'field_id', { limit: MAX_ID_CHARACTERS }, mapping.id));
  return id === '' ? null : id;
}

/** A leading system turn from a field of its own, where there is one. */
export function systemTurns(fields: Fields): PlainTurn[] {
  return [{ role: 'system' as const, text: textField(fields, 'system') }].filter((turn) => turn.text.trim() !== '');
}
