import type { PlainTurn } from '@qingnang/contracts';
import { refusal, RowRefused } from '../cutting/raw-row.js';
import {
  badField,
  departmentOf,
  hasField,
  isFields,
  outsideIdOf,
  secondShape,
  systemTurns,
  type Fields,
  type Layout,
} from './fields.js';

/** Names under which the list of turns goes, first found first taken. */
export const CONVERSATION_FIELDS = ['conversations', 'conversation', 'messages', 'items'] as const;

const ROLES = new Map<string, PlainTurn['role']>([
  ...['human', 'user', 'patient', '患者', '病人', '问'].map((name) => [name, 'patient'] as const),
  ...['gpt', 'chatgpt', 'assistant', 'bot', 'doctor', '医生', '答'].map((name) => [name, 'doctor'] as const),
  ['system', 'system'],
]);

/** A list of `{from, value}` (ShareGPT) or `{role, content}` (OpenAI), with an optional `system` beside it. */
export const readSharegpt: Layout = (fields, mapping) => {
  const field = CONVERSATION_FIELDS.find((name) => hasField(fields, name));
  if (field === undefined) throw secondShape('conversations');
  const list = fields[field];
  if (!Array.isArray(list)) throw badField(field, 'field_turns');
  return {
    outsideId: outsideIdOf(fields, mapping),
    department: departmentOf(fields, mapping),
    turns: [
      ...systemTurns(fields),
      ...list.map((entry: unknown, index) => turnOf(entry, `${field}/${index}`)),
      ...lastTurns(fields, mapping.answer),
    ],
  };
};

/** The doctor's last words where they stand in a field of their own, as those of a preference pair do. */
function lastTurns(fields: Fields, name: string | undefined): PlainTurn[] {
  if (name === undefined || !hasField(fields, name)) return [];
  const value = fields[name];
  const entries: unknown[] = Array.isArray(value) ? value : [value];
  return entries.map((entry) => (typeof entry === 'string' ? { role: 'doctor', text: entry } : turnOf(entry, name)));
}

function turnOf(entry: unknown, field: string): PlainTurn {
  if (!isFields(entry)) throw badField(field, 'field_turns');
  const speaker = entry['from'] ?? entry['role'];
  const content = entry['value'] ?? entry['content'];
  if (speaker === undefined || content === undefined) {
    throw new RowRefused(refusal('missing_field', 'missing_turn_field', {}, field));
  }
  const role = typeof speaker === 'string' ? ROLES.get(speaker.trim().toLowerCase()) : undefined;
  if (role === undefined) throw new RowRefused(refusal('unknown_role', 'unknown_role', {}, field));
  return { role, text: contentText(content, field) };
}

/** Content is a text, or OpenAI's list of parts when all of them are text. */
function contentText(content: unknown, field: string): string {
  if (typeof content === 'string') return content;
  if (content === null) return '';
  if (!Array.isArray(content)) throw badField(field, 'field_text');
  return content
    .map((part: unknown) => {
      const text = isFields(part) ? (part['text'] ?? part['value']) : undefined;
      if (typeof text !== 'string') throw badField(field, 'field_text');
      return text;
    })
    .join('');
}
