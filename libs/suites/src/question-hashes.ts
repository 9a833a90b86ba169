import { createHash } from 'node:crypto';
import type { ChatMessage, PlainTurn } from '@qingnang/contracts';
import { sha256 } from '@qingnang/kernel';
import { characterGrams, questionHash } from '@qingnang/text';

const roleOf = { system: 'system', user: 'patient', assistant: 'doctor' } as const;

/** A question in the words of the corpus. */
export function questionTurns(messages: readonly ChatMessage[]): PlainTurn[] {
  return messages.map(({ role, content }) => ({ role: roleOf[role], text: content }));
}

/** What training text is checked against: the same hash as a record's question, and hashes of its 5-grams. */
export function questionKeys(messages: readonly ChatMessage[]): { hash: string; signature: string[] } {
  const asked = messages.filter(({ role }) => role === 'user').map(({ content }) => content);
  // A dialogue that a doctor opens has no question of its own; its words still make it one of a kind.
  const hash = questionHash(questionTurns(messages)) ?? sha256(asked.join('\n'));
  const signature = [...characterGrams(asked.join('\n'))].map(gramHash);
  return { hash, signature: [...new Set(signature)].sort((a, b) => (BigInt(a) < BigInt(b) ? -1 : 1)) };
}

/** 64 bits of a gram, as the text of a PostgreSQL bigint. */
function gramHash(gram: string): string {
  return createHash('sha256').update(gram).digest().readBigInt64BE(0).toString();
}
