import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import type { ChatMessage } from '@qingnang/contracts';
import { beforeAll, describe, expect, it } from 'vitest';
import { loadTokenizer, trainTokenizer, type Tokenizer } from './tokenizer.js';

const folder = fileURLToPath(new URL('../testing/golden/tokenizer/', import.meta.url));

interface Golden {
  strings: { text: string; ids: number[]; decoded: string; decoded_skip_special: string }[];
  chats: {
    messages: ChatMessage[];
    add_generation_prompt: boolean;
    rendered: string;
    input_ids: number[];
    assistant_mask: number[];
  }[];
}

describe('a tokenizer of Hugging Face', () => {
  let tokenizer: Tokenizer;
  let golden: Golden;
  beforeAll(async () => {
    tokenizer = await loadTokenizer(folder);
    golden = JSON.parse(await readFile(join(folder, 'golden.json'), 'utf8')) as Golden;
  });

  it('gives the ids and texts of the reference', () => {
    for (const each of golden.strings) {
      expect(tokenizer.encode(each.text), JSON.stringify(each.text)).toEqual(each.ids);
      expect(tokenizer.decodeVerbatim(each.ids)).toBe(each.decoded);
      expect(tokenizer.decode(each.ids)).toBe(each.decoded_skip_special);
    }
  });

  it('renders chats and marks the replies as the reference does', () => {
    for (const chat of golden.chats) {
      expect(tokenizer.renderText(chat.messages, chat.add_generation_prompt)).toBe(chat.rendered);
      if (chat.add_generation_prompt) expect(tokenizer.encodePrompt(chat.messages)).toEqual(chat.input_ids);
      else expect(tokenizer.encodeChat(chat.messages)).toEqual({ ids: chat.input_ids, mask: chat.assistant_mask });
    }
  });
});

describe('a tokenizer trained here', () => {
  let tokenizer: Tokenizer;
  beforeAll(async () => {
    const lines = (await readFile(join(folder, 'texts.txt'), 'utf8')).split('\n');
    tokenizer = trainTokenizer(lines, 600, 512);
  });

  it('is read back from its files as the same tokenizer', async () => {
    const target = await mkdtemp(join(tmpdir(), 'qingnang-tokenizer-'));
    await tokenizer.save(target);
    const read = await loadTokenizer(target);
    expect(read.vocabularySize).toBe(600);
    expect(read.padId).not.toBe(read.endId);
    const text = '您好，我头痛三天了，血压120/80mmHg。';
    expect(read.encode(text)).toEqual(tokenizer.encode(text));
    await rm(target, { recursive: true });
  });

  it('gives back any normalised text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (raw) => {
        const text = raw.normalize('NFC');
        fc.pre(!tokenizer.holdsSpecialToken(text));
        expect(tokenizer.decode(tokenizer.encode(text))).toBe(text);
      }),
    );
  });

  it('learns the doctor’s words and their end, nothing else', () => {
    const messages: ChatMessage[] = [
      { role: 'system', content: '你是医生。' },
      { role: 'user', content: '头痛怎么办？' },
      { role: 'assistant', content: '多休息。' },
      { role: 'user', content: '还要吃药吗？' },
      { role: 'assistant', content: ' 暂时不用 e\u0301。\n' },
    ];
    const { ids, mask } = tokenizer.encodeChat(messages);
    const learnt = tokenizer.decodeVerbatim(ids.filter((_id, i) => mask[i] === 1));
    expect(learnt).toBe('多休息。<|end|> 暂时不用 é。\n<|end|>');
    expect(tokenizer.encodePrompt(messages.slice(0, 2))).toEqual(ids.slice(0, mask.indexOf(1)));
  });
});
