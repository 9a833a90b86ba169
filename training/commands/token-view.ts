import type { DataConfig, PreferenceRow, PromptRow, SftRow } from '@qingnang/contracts';
import { encodePreferenceRow, encodePromptRow, encodeSftRow, type LeftOutReason } from '../data/encode-rows.js';
import type { EncodedExample } from '../interfaces.js';
import type { Tokenizer } from '../tokenizer/tokenizer.js';

/** One text of a row for reading: each token spelt out, and whether the loss counts it. */
export interface TokenView {
  row: string;
  part: 'conversation' | 'chosen' | 'rejected' | 'prompt';
  /** What became of it: used whole, cut at a sentence, or why it was left out. */
  fate: 'whole' | 'cut' | LeftOutReason;
  /** End of the last reply that was cut off. */
  removed: string | null;
  tokens: { id: number; text: string; learnt: boolean }[];
}

/** A conversation as SFT sees it; one that is too long is shown whole. */
export function viewSft(
  tokenizer: Tokenizer,
  row: SftRow,
  length: number,
  truncate: DataConfig['truncate'],
): TokenView {
  const encoded = encodeSftRow(tokenizer, row, length, truncate);
  const shown = { row: row.id, part: 'conversation' as const };
  if (typeof encoded === 'string') {
    const whole = encodeSftRow(tokenizer, row, Infinity);
    return {
      ...shown,
      fate: encoded,
      removed: null,
      tokens: typeof whole === 'string' ? [] : tokensOf(tokenizer, whole),
    };
  }
  const { cut = 0 } = encoded;
  const reply = row.messages.findLast(({ role }) => role === 'assistant')!.content;
  const removed = cut === 0 ? null : reply.slice(reply.length - cut);
  return { ...shown, fate: removed === null ? 'whole' : 'cut', removed, tokens: tokensOf(tokenizer, encoded) };
}

/** Both replies of a pair; nothing but the reason of a pair that is left out. */
export function viewPair(tokenizer: Tokenizer, row: PreferenceRow, length: number): TokenView[] {
  const encoded = encodePreferenceRow(tokenizer, row, length);
  return (['chosen', 'rejected'] as const).map((part) =>
    typeof encoded === 'string'
      ? { row: row.id, part, fate: encoded, removed: null, tokens: [] }
      : { row: row.id, part, fate: 'whole', removed: null, tokens: tokensOf(tokenizer, encoded[part]) },
  );
}

export function viewPrompt(tokenizer: Tokenizer, row: PromptRow, length: number): TokenView {
  const encoded = encodePromptRow(tokenizer, row, length);
  const shown = { row: row.id, part: 'prompt' as const, removed: null };
  if (typeof encoded === 'string') return { ...shown, fate: encoded, tokens: [] };
  const { rowId, ids } = encoded;
  const unlearnt = { rowId, ids, lossMask: new Uint8Array(ids.length) };
  return { ...shown, fate: 'whole', tokens: tokensOf(tokenizer, unlearnt) };
}

function tokensOf(tokenizer: Tokenizer, { ids, lossMask }: EncodedExample): TokenView['tokens'] {
  return Array.from(ids, (id, i) => ({ id, text: tokenizer.spell(id), learnt: lossMask[i] === 1 }));
}
