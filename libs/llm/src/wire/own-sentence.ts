import { findPrivate } from '@qingnang/text';
import { openFence } from '../prompt/fence.js';
import type { LlmMessage } from '../call/llm-request.js';

const LONGEST = 300;
/** So many characters in a row that also stood in the question are the question's. */
const SHARED_WIDE = 4;
const SHARED = 12;
const HAN = /\p{Script=Han}/u;
const SECRET = /\b(?:sk|key|bearer)[-_ ][\w-]{6,}\S*/giu;

/**
 * What a provider says of a fault, fit to be kept and shown: short, without keys, and without any words of the question,
 * which some servers quote.
 */
export function ownSentence(said: string | null, messages: readonly LlmMessage[], apiKey: string): string | null {
  if (!said) return null;
  const words = [...said.replaceAll(/\s+/gu, ' ').trim()].slice(0, LONGEST).join('');
  const hidden = new Array<boolean>(words.length).fill(false);
  const hide = (start: number, end: number): void => void hidden.fill(true, start, end);
  for (const { start, end } of findPrivate(words)) hide(start, end);
  for (const match of words.matchAll(SECRET)) hide(match.index, match.index + match[0].length);
  for (let at = apiKey === '' ? -1 : words.indexOf(apiKey); at !== -1; at = words.indexOf(apiKey, at + 1)) {
    hide(at, at + apiKey.length);
  }
  const asked = messages
    .filter(({ role }) => role !== 'system')
    .map(({ content }) => openFence(content)?.inside ?? content);
  const question = asked.join('\n');
  for (let at = 0; at < words.length; at++) {
    const length = HAN.test(words[at]!) ? SHARED_WIDE : SHARED;
    const window = words.slice(at, at + length);
    if (window.length === length && question.includes(window)) hide(at, at + length);
  }
  const kept = Array.from(words, (_letter, i) => (hidden[i] ? '…' : words[i]!)).join('');
  return kept.replaceAll(/…+/gu, '…') || null;
}
