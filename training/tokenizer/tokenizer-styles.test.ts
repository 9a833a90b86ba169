import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import type { ChatMessage } from '@qingnang/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { goldenJson } from '../testing/golden.js';
import { loadTokenizer, type Tokenizer } from './tokenizer.js';

interface Style {
  tokenizer: object;
  named: Record<string, string>;
  template: string;
  plain_template: string;
  strings: { text: string; ids: number[]; decoded: string; decoded_skip_special: string; decoded_cut: string }[];
  chats: {
    messages: ChatMessage[];
    add_generation_prompt: boolean;
    rendered: string;
    input_ids: number[];
    assistant_mask: number[] | null;
  }[];
}

describe.each(['gpt2', 'llama3', 'llama2-legacy', 'llama2-metaspace'])('a tokenizer of the style %s', (name) => {
  const golden = goldenJson<Style>(`tokenizer-styles/${name}.json`);
  let folder: string;
  let marked: Tokenizer;
  let plain: Tokenizer;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'qingnang-style-'));
    await writeFile(join(folder, 'tokenizer.json'), JSON.stringify(golden.tokenizer));
    await writeFile(join(folder, 'tokenizer_config.json'), JSON.stringify({ chat_template: golden.plain_template }));
    await writeFile(join(folder, 'special_tokens_map.json'), JSON.stringify(golden.named));
    plain = await loadTokenizer(folder);
    await writeFile(join(folder, 'chat_template.jinja'), golden.template);
    marked = await loadTokenizer(folder);
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('gives the ids and texts of the reference', () => {
    for (const each of golden.strings) {
      expect(plain.encode(each.text), JSON.stringify(each.text)).toEqual(each.ids);
      expect(plain.decodeVerbatim(each.ids), JSON.stringify(each.text)).toBe(each.decoded);
      expect(plain.decode(each.ids)).toBe(each.decoded_skip_special);
      expect(plain.decodeVerbatim(each.ids.slice(1, -1))).toBe(each.decoded_cut); // characters cut in half among them
    }
  });

  it('finds the replies of chats as the reference does, with and without generation blocks', () => {
    for (const chat of golden.chats) {
      for (const tokenizer of [marked, plain]) {
        expect(tokenizer.renderText(chat.messages, chat.add_generation_prompt)).toBe(chat.rendered);
        if (chat.assistant_mask === null) expect(tokenizer.encodePrompt(chat.messages)).toEqual(chat.input_ids);
        else expect(tokenizer.encodeChat(chat.messages)).toEqual({ ids: chat.input_ids, mask: chat.assistant_mask });
      }
    }
  });

  it('learns the replies of any chat and what closes them, no other text', () => {
    const bare = (text: string): string => text.replaceAll(/[\s▁]/g, ''); // as templates and SentencePiece change them
    const words = fc.oneof(fc.string({ unit: 'grapheme', maxLength: 10 }), fc.stringMatching(/^[▁ 好é\n😀]{0,6}$/u));
    fc.assert(
      fc.property(fc.array(fc.tuple(words, words), { minLength: 1, maxLength: 3 }), (turns) => {
        const messages = turns.flatMap(([question, reply]): ChatMessage[] => [
          { role: 'user', content: question },
          { role: 'assistant', content: reply },
        ]);
        fc.pre(!messages.some(({ content }) => plain.holdsSpecialToken(content)));
        const { ids, mask } = plain.encodeChat(messages);
        const learnt = plain.decodeVerbatim(ids.filter((_id, i) => mask[i] === 1));
        const end = plain.decodeVerbatim([plain.endId]);
        expect(bare(learnt)).toBe(bare(turns.map(([, reply]) => reply + end).join('')));
      }),
      { numRuns: 60 },
    );
  });

  it('is saved for a reward model with chats that end where their last reply does, else the same', async () => {
    for (const tokenizer of [marked, plain]) {
      const target = await mkdtemp(join(folder, 'scored-'));
      await tokenizer.save(target, { scored: true });
      const scored = await loadTokenizer(target);
      for (const { messages, add_generation_prompt: asks } of golden.chats) {
        const text = tokenizer.renderText(messages, asks);
        expect(scored.renderText(messages, asks)).toBe(asks ? text : text.trimEnd());
        const replied = messages.at(-1)?.role === 'assistant' && !asks;
        if (!replied) continue;
        const { ids, mask } = tokenizer.encodeChat(messages);
        const end = mask.lastIndexOf(1) + 1;
        expect(scored.encodeChat(messages)).toEqual({ ids: ids.slice(0, end), mask: mask.slice(0, end) });
      }
      const again = await mkdtemp(join(folder, 'again-'));
      await scored.save(again, { scored: true });
      const files = await Promise.all([target, again].map((at) => readFile(join(at, 'tokenizer_config.json'), 'utf8')));
      expect(files[1]).toBe(files[0]);
    }
  });

  it('pads with another token than the one that closes a reply', () => {
    expect(plain.padId).not.toBe(plain.endId);
    const { ids, mask } = plain.encodeChat(golden.chats[0]!.messages);
    expect(ids[mask.lastIndexOf(1)]).toBe(plain.endId);
  });
});
