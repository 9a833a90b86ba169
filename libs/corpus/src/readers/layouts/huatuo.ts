import type { PlainTurn } from '@qingnang/contracts';
import { refusal, RowRefused } from '../cutting/raw-row.js';
import { badField, departmentOf, hasField, outsideIdOf, secondShape, type Fields, type Layout } from './fields.js';

const SPEAKER = /^\s*<?(问|病人|患者|答|医生|HuatuoGPT)>?\s*[：:]/u;
const PATIENT = new Set(['问', '病人', '患者']);

/** One list of strings, each starting with its speaker (`问：…`, `答：…`), in `data`, or as a JSON string in `json_dialogue`. */
export const readHuatuo: Layout = (fields, mapping) => {
  const field = ['data', 'json_dialogue'].find((name) => hasField(fields, name));
  if (field === undefined) throw secondShape('data');
  return {
    outsideId: outsideIdOf(fields, mapping),
    department: departmentOf(fields, mapping),
    turns: dialogueOf(fields, field).map((line) => turnOf(line, field)),
  };
};

function dialogueOf(fields: Fields, field: string): string[] {
  const value = fields[field];
  const list: unknown = typeof value === 'string' ? parseList(value, field) : value;
  if (!Array.isArray(list) || !list.every((line) => typeof line === 'string')) throw badField(field, 'field_texts');
  return list;
}

function parseList(text: string, field: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw badField(field, 'field_texts');
  }
}

function turnOf(line: string, field: string): PlainTurn {
  const speaker = SPEAKER.exec(line);
  if (speaker === null) {
    throw new RowRefused(refusal('no_speaker', 'no_speaker', {}, field));
  }
  return { role: PATIENT.has(speaker[1]!) ? 'patient' : 'doctor', text: line.slice(speaker[0].length) };
}
