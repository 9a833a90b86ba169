import type { PlainTurn } from '@qingnang/contracts';
import { RowRefused } from '../raw-row.js';
import {
  badField,
  departmentOf,
  hasField,
  isFields,
  outsideIdOf,
  secondShape,
  systemTurns,
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
  if (!Array.isArray(list)) throw badField(field, 'a list of turns');
  return {
    outsideId: outsideIdOf(fields, mapping),
    department: departmentOf(fields, mapping),
    turns: [...systemTurns(fields), ...list.map((entry: unknown, index) => turnOf(entry, `${field}/${index}`))],
  };
};

function turnOf(entry: unknown, field: string): PlainTurn {
  if (!isFields(entry)) throw badField(field, 'a turn with its speaker');
  const speaker = entry['from'] ?? entry['role'];
  const content = entry['value'] ?? entry['content'];
  if (speaker === undefined || content === undefined) {
    throw new RowRefused({ reason: 'missing_field', field, detail: 'A turn has no speaker or no text.' });
  }
  const role = typeof speaker === 'string' ? ROLES.get(speaker.trim().toLowerCase()) : undefined;
  if (role === undefined) {
    const detail = 'A turn is by somebody who is neither patient, doctor nor system.';
    throw new RowRefused({ reason: 'unknown_role', field, detail });
  }
  return { role, text: contentText(content, field) };
}

/** Content is a text, or OpenAI's list of parts when all of them are text. */
function contentText(content: unknown, field: string): string {
  if (typeof content === 'string') return content;
  if (content === null) return '';
  if (!Array.isArray(content)) throw badField(field, 'a text');
  return content
    .map((part: unknown) => {
      const text = isFields(part) ? (part['text'] ?? part['value']) : undefined;
      if (typeof text !== 'string') throw badField(field, 'text parts alone');
      return text;
    })
    .join('');
}
