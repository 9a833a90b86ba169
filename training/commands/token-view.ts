import type { EncodedExample, EncodedPair, EncodedPrompt } from '../interfaces.js';
import type { Tokenizer } from '../tokenizer/tokenizer.js';

/** One encoded text for reading: each token spelt out, and whether the loss counts it. */
export interface TokenView {
  row: string;
  part: 'conversation' | 'chosen' | 'rejected' | 'prompt';
  tokens: { id: number; text: string; learnt: boolean }[];
}

/** A pair gives two views, everything else one. Bytes that are only part of a character show as U+FFFD. */
export function tokenView(tokenizer: Tokenizer, row: EncodedExample | EncodedPair | EncodedPrompt): TokenView[] {
  const view = (part: TokenView['part'], ids: Int32Array, mask: Uint8Array | null): TokenView => ({
    row: row.rowId,
    part,
    tokens: Array.from(ids, (id, i) => ({ id, text: tokenizer.decodeVerbatim([id]), learnt: mask?.[i] === 1 })),
  });
  if ('chosen' in row) {
    return [
      view('chosen', row.chosen.ids, row.chosen.lossMask),
      view('rejected', row.rejected.ids, row.rejected.lossMask),
    ];
  }
  return 'lossMask' in row ? [view('conversation', row.ids, row.lossMask)] : [view('prompt', row.ids, null)];
}
