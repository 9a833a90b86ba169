import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ChatMessage, SftRow } from '@qingnang/contracts';
import { toShareGpt } from './sharegpt.js';

const message = fc.record({
  role: fc.constantFrom<ChatMessage['role']>('system', 'user', 'assistant'),
  content: fc.string({ minLength: 1 }),
});
const row = (messages: ChatMessage[]): SftRow => ({
  id: 'v1',
  record_id: 'r1',
  group_id: 'g1',
  data_set: 'real_conversation',
  department: '内科',
  language: 'zh',
  source: 's',
  licence: 'CC0-1.0',
  model: null,
  prompt_version: null,
  rehearsal: false,
  weight: 1,
  messages,
});

test('what is written follows the rule that loaders enforce, and loses no word', () => {
  fc.assert(
    fc.property(fc.array(message, { minLength: 2, maxLength: 7 }), (messages) => {
      const written = toShareGpt(row(messages));
      if (!written) return;
      expect(written.conversations.length % 2).toBe(0);
      written.conversations.forEach((turn, i) => expect(turn.from).toBe(i % 2 === 0 ? 'human' : 'gpt'));
      const words = [
        ...(written.system === undefined ? [] : [written.system]),
        ...written.conversations.map((t) => t.value),
      ];
      expect(words).toEqual(messages.map((m) => m.content));
    }),
  );
});

test('a dialogue that the doctor opens is left to other formats', () => {
  expect(
    toShareGpt(
      row([
        { role: 'assistant', content: '哪里不舒服' },
        { role: 'user', content: '头晕' },
      ]),
    ),
  ).toBeNull();
});

test('origin reaches the export', () => {
  expect(
    toShareGpt(
      row([
        { role: 'user', content: '头晕' },
        { role: 'assistant', content: '测血压' },
      ]),
    )?.origin,
  ).toMatchObject({
    department: '内科',
    licence: 'CC0-1.0',
    rehearsal: false,
  });
});
