import { expect, it } from 'vitest';
import { requestHash } from './llm-request.js';
import { estimateMessageTokens, estimateTokens, priceOf } from './tokens.js';

it('counts one token a Chinese character and one per four others', () => {
  expect(estimateTokens('高血压，少盐')).toBe(6);
  expect(estimateTokens('take care')).toBe(3);
  expect(estimateTokens('5mg 氨氯地平')).toBe(5);
  expect(estimateTokens('')).toBe(0);
  expect(estimateMessageTokens([{ role: 'user', content: '头疼' }])).toBe(6);
});

it('prices by the million tokens, to the sixth decimal', () => {
  const model = { name: 'm', text_only: false, context_tokens: 0, input_price: 2, output_price: 8, rehearsal: false };
  expect(priceOf(model, 1_000_000, 500_000)).toBe(6);
  expect(priceOf(model, 1, 0)).toBe(0.000002);
});

it('knows equal questions by their hash, and deliberate repetitions apart', () => {
  const body = { messages: [{ role: 'user' as const, content: '头疼' }], settings: { maxOutputTokens: 9, seed: 1 } };
  const same = { settings: { seed: 1, maxOutputTokens: 9 }, messages: [{ content: '头疼', role: 'user' as const }] };
  expect(requestHash('p', 'm', body)).toBe(requestHash('p', 'm', same));
  expect(requestHash('p', 'm', body, 1)).not.toBe(requestHash('p', 'm', body, 0));
  expect(requestHash('p', 'other', body)).not.toBe(requestHash('p', 'm', body));
});
