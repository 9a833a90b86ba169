import type { ChatMessage, DataConfig, PreferenceRow, PromptRow, SftRow } from '@qingnang/contracts';
import type { EncodedExample, EncodedPair, EncodedPrompt } from '../interfaces.js';
import { cutReply } from './cut-reply.js';
import { RowFile } from './row-file.js';
import type { EncodedChat, Tokenizer } from '../tokenizer/tokenizer.js';

/** Why a row is not used. A reply is never cut inside a sentence: that would teach the model to stop there. */
export type LeftOutReason =
  'too_long' | 'special_token_in_text' | 'nothing_to_learn' | 'equal_replies' | 'other_data_set';

/**
 * A conversation's ids with the mask on the doctor's turns.
 * @param truncate what happens to a conversation of more than `length` tokens: left out, or its last reply ends earlier
 */
export function encodeSftRow(
  tokenizer: Tokenizer,
  row: Pick<SftRow, 'id' | 'messages' | 'weight'>,
  length: number,
  truncate: DataConfig['truncate'] = 'drop',
): EncodedExample | LeftOutReason {
  if (spellsMarkup(tokenizer, row.messages)) return 'special_token_in_text';
  const chat = tokenizer.encodeChat(row.messages);
  if (!chat.mask.includes(1)) return 'nothing_to_learn';
  if (chat.ids.length <= length) return example(row, chat);
  if (truncate === 'drop') return 'too_long';
  const cut = cutReply(row.messages, (messages) => tokenizer.encodeChat(messages).ids.length <= length);
  if (!cut) return 'too_long';
  return { ...example(row, tokenizer.encodeChat(cut)), cut: characters(row.messages) - characters(cut) };
}

/** A whole conversation as a reward model scores it: up to the end token of its last reply. */
export function encodeScoredRow(
  tokenizer: Tokenizer,
  row: Pick<SftRow, 'id' | 'messages' | 'weight'>,
  length: number,
  truncate: DataConfig['truncate'] = 'drop',
): EncodedExample | LeftOutReason {
  const encoded = encodeSftRow(tokenizer, row, length, truncate);
  if (typeof encoded === 'string') return encoded;
  const end = encoded.lossMask.lastIndexOf(1) + 1;
  return { ...encoded, ids: encoded.ids.slice(0, end), lossMask: encoded.lossMask.slice(0, end) };
}

/** Both replies behind the same prompt, each up to its end token. */
export function encodePreferenceRow(
  tokenizer: Tokenizer,
  row: PreferenceRow,
  length: number,
): EncodedPair | LeftOutReason {
  if (row.chosen === row.rejected) return 'equal_replies';
  const chosen = [...row.prompt, { role: 'assistant' as const, content: row.chosen }];
  const rejected = [...row.prompt, { role: 'assistant' as const, content: row.rejected }];
  if (spellsMarkup(tokenizer, chosen) || spellsMarkup(tokenizer, rejected)) return 'special_token_in_text';
  const replies = [chosen, rejected].map((messages) => upToEnd(tokenizer.encodeChat(messages)));
  if (replies.some(({ mask }) => !mask.includes(1))) return 'nothing_to_learn';
  if (replies.some(({ ids }) => ids.length > length)) return 'too_long';
  return {
    rowId: row.id,
    promptId: row.prompt_id,
    chosen: example({ id: row.id, weight: 1 }, replies[0]!),
    rejected: example({ id: row.id, weight: 1 }, replies[1]!),
    promptLength: sharedLength([tokenizer.encodePrompt(row.prompt), ...replies.map(({ ids }) => ids)]),
    margin: row.margin,
    weight: row.weight,
    rankGroup: row.rank_group,
    chosenCharacters: [...row.chosen].length,
    rejectedCharacters: [...row.rejected].length,
  };
}

/** @param length tokens the prompt may take; the response needs the rest of the sequence */
export function encodePromptRow(tokenizer: Tokenizer, row: PromptRow, length: number): EncodedPrompt | LeftOutReason {
  if (spellsMarkup(tokenizer, row.prompt)) return 'special_token_in_text';
  const ids = tokenizer.encodePrompt(row.prompt);
  if (ids.length > length) return 'too_long';
  return {
    rowId: row.id,
    promptId: row.prompt_id,
    ids: Int32Array.from(ids),
    reference: row.reference,
    text: readable(row.prompt),
  };
}

/** Keeps what could be encoded, counts what was cut, and the rest by reason. */
export class EncodedRows<T extends { rowId: string; cut?: number }> {
  readonly rows: RowFile<T>;
  readonly leftOut: Record<string, number> = {};
  cut = 0;

  constructor(scratch?: string) {
    this.rows = new RowFile<T>(scratch);
  }

  add(result: T | LeftOutReason): void {
    if (typeof result === 'string') {
      this.leftOut[result] = (this.leftOut[result] ?? 0) + 1;
      return;
    }
    this.rows.add(result);
    if (result.cut) this.cut += 1;
  }
}

function characters(messages: readonly ChatMessage[]): number {
  return messages.reduce((sum, { content }) => sum + content.length, 0);
}

const SPEAKERS = { system: '说明', user: '患者', assistant: '医生' };

/** A conversation as a person would write it down. */
function readable(turns: readonly ChatMessage[]): string {
  const [only] = turns;
  if (turns.length === 1) return only!.content;
  return turns.map(({ role, content }) => `${SPEAKERS[role]}：${content}`).join('\n');
}

function spellsMarkup(tokenizer: Tokenizer, messages: readonly ChatMessage[]): boolean {
  return messages.some(({ content }) => tokenizer.holdsSpecialToken(content));
}

/** Tokens that all begin with: in some formats the first word of a reply joins the last sign of its header in one token. */
function sharedLength([first, ...others]: readonly (readonly number[])[]): number {
  const end = first!.findIndex((id, i) => others.some((ids) => ids[i] !== id));
  return end === -1 ? first!.length : end;
}

/** Some templates write a line break behind the end token; a scored reply ends at its end token. */
function upToEnd({ ids, mask }: EncodedChat): EncodedChat {
  const end = mask.lastIndexOf(1) + 1;
  return { ids: ids.slice(0, end), mask: maskLastReply(mask.slice(0, end)) };
}

/** Of several doctor's turns only the last is the reply that was compared. */
function maskLastReply(mask: number[]): number[] {
  const start = mask.lastIndexOf(0) + 1;
  return mask.map((value, i) => (i < start ? 0 : value));
}

function example({ id, weight }: { id: string; weight: number }, { ids, mask }: EncodedChat): EncodedExample {
  const encoded = { rowId: id, ids: Int32Array.from(ids), lossMask: Uint8Array.from(mask) };
  return weight === 1 ? encoded : { ...encoded, weight };
}
