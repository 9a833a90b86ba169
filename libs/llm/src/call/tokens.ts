import type { ProviderModel } from '@qingnang/contracts';
import type { LlmMessage } from './llm-request.js';

const CHARACTERS = /[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef]/gu;
/** Tokens a chat template wraps a message in. */
const PER_MESSAGE = 4;

/**
 * Tokens by rule: one a Chinese character or full-width mark, one per four other characters. Above what large Chinese
 * vocabularies need (0.6 to 0.8 a character), so that what is reserved suffices.
 */
export function estimateTokens(text: string): number {
  const wide = text.match(CHARACTERS)?.length ?? 0;
  return wide + Math.ceil(([...text].length - wide) / 4);
}

export function estimateMessageTokens(messages: readonly LlmMessage[]): number {
  return messages.reduce((sum, message) => sum + PER_MESSAGE + estimateTokens(message.content), 0);
}

/** In the provider's currency, to the sixth decimal as the ledger keeps it. */
export function priceOf(model: ProviderModel, inputTokens: number, outputTokens: number): number {
  return Number(((inputTokens * model.input_price + outputTokens * model.output_price) / 1_000_000).toFixed(6));
}
