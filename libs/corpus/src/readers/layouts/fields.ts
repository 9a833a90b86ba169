import type { ColumnMapping, PlainTurn } from '@qingnang/contracts';
import { RowRefused } from '../raw-row.js';

export type Fields = Record<string, unknown>;

/** What a layout makes of one row, before its turns are normalised. */
export interface Understood {
  outsideId: string | null;
  department: string | null;
  turns: PlainTurn[];
}

export type Layout = (fields: Fields, mapping: ColumnMapping) => Understood;

const MAX_ID_CHARACTERS = 200;
/** Ways of writing "nothing" that exports from tables leave behind. */
const NOTHING = new Set(['', 'nan', 'null', 'none', '无']);

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function hasField(fields: Fields, name: string): boolean {
  return Object.hasOwn(fields, name);
}

/** The text of a field: a string, a list of one string (as in Huatuo-26M), or nothing at all. */
export function textField(fields: Fields, name: string | undefined): string {
  if (name === undefined || !hasField(fields, name)) return '';
  const value = fields[name];
  const one: unknown = Array.isArray(value) && value.length === 1 ? value[0] : value;
  if (one === null || (Array.isArray(one) && one.length === 0)) return '';
  if (typeof one !== 'string') throw badField(name, 'a text or a list of one text');
  return one;
}

export function badField(name: string, wanted: string): RowRefused {
  return new RowRefused({ reason: 'bad_field', field: name, detail: `The field holds something else than ${wanted}.` });
}

/** A record that lacks the field its layout lives by is of another shape. */
export function secondShape(field: string): RowRefused {
  const detail = 'The record has another shape than the rest of the file; import such records on their own.';
  return new RowRefused({ reason: 'second_shape', field, detail });
}

export function departmentOf(fields: Fields, mapping: ColumnMapping): string | null {
  const department = textField(fields, mapping.department).trim();
  return NOTHING.has(department.toLowerCase()) ? null : department;
}

export function outsideIdOf(fields: Fields, mapping: ColumnMapping): string | null {
  if (mapping.id === undefined) return null;
  const value = fields[mapping.id];
  const id = typeof value === 'number' ? String(value) : textField(fields, mapping.id).trim();
  if (id.length > MAX_ID_CHARACTERS) throw badField(mapping.id, `an id of at most ${MAX_ID_CHARACTERS} characters`);
  return id === '' ? null : id;
}

/** A leading system turn from a field of its own, where there is one. */
export function systemTurns(fields: Fields): PlainTurn[] {
  return [{ role: 'system' as const, text: textField(fields, 'system') }].filter((turn) => turn.text.trim() !== '');
}
