import type { PreferenceRow, PromptRow, SftRow } from '@qingnang/contracts';
import { describe, expect, it } from 'vitest';
import { tinyRows } from '../testing/tiny-snapshot.js';
import { trainTokenizer } from '../tokenizer/tokenizer.js';
import { drawTokens } from './draw-tokens.js';
import { viewPair, viewPrompt, viewSft, type TokenView } from './token-view.js';

const rows = tinyRows('sft', 20) as SftRow[];
const texts = rows.flatMap(({ messages }) => messages.map(({ content }) => content));
const tokenizer = trainTokenizer(texts, 420, 512);
const learnt = ({ tokens }: TokenView): string =>
  tokens
    .filter((token) => token.learnt)
    .map(({ text }) => text)
    .join('');

describe('the view of a row', () => {
  it('spells each token and says which are learnt', () => {
    const view = viewSft(tokenizer, rows[0]!, 512, 'drop');
    expect(view).toMatchObject({ row: 'row-0', part: 'conversation', fate: 'whole', removed: null });
    expect(learnt(view)).toBe(`${rows[0]!.messages[1]!.content}<|end|>`);
  });

  it('shows what truncation took away, and rows that stay too long', () => {
    const [, reply] = rows[0]!.messages;
    const whole = viewSft(tokenizer, rows[0]!, 512, 'drop').tokens.length;
    const cut = viewSft(tokenizer, rows[0]!, whole - 1, 'sentence');
    expect(cut).toMatchObject({ fate: 'cut', removed: '祝您早日康复。' });
    expect(learnt(cut)).toBe(`${reply!.content.replace('祝您早日康复。', '')}<|end|>`);
    const left = viewSft(tokenizer, rows[0]!, 4, 'sentence');
    expect([left.fate, left.tokens.length]).toEqual(['too_long', whole]);
  });

  it('is of each reply of a pair, and of a prompt up to the doctor’s word', () => {
    const [pair] = tinyRows('preference', 1) as PreferenceRow[];
    expect(viewPair(tokenizer, pair!, 512).map(({ part }) => part)).toEqual(['chosen', 'rejected']);
    expect(viewPair(tokenizer, pair!, 8).map(({ fate }) => fate)).toEqual(['too_long', 'too_long']);
    const [prompt] = tinyRows('prompts', 1) as PromptRow[];
    const view = viewPrompt(tokenizer, prompt!, 512);
    expect(view.tokens.at(-1)!.text).toBe('<|doctor|>');
    expect(learnt(view)).toBe('');
  });
});

describe('drawn tokens', () => {
  it('stand above their marks, Chinese ones two columns wide, in lines that fit', () => {
    const token = (text: string, isLearnt: boolean): TokenView['tokens'][number] => ({ id: 1, text, learnt: isLearnt });
    const parts = ['<E4 BD>', '<8D>'].map((text) => token(text, true));
    const tokens = [token('<|a|>', false), token('头痛', true), token('x\n', true), ...parts, token('<E5>', false)];
    const view = { row: 'r', part: 'conversation' as const, fate: 'cut' as const, removed: '完。', tokens };
    expect(drawTokens(view, 20).split('\n')).toEqual([
      'r (conversation, 6 tokens, 4 learnt, cut)',
      '  |<|a|>|头痛|x⏎|',
      '         ‾‾‾‾ ‾‾',
      '  |位×2|<E5>|',
      '   ‾‾‾‾',
      '  cut off: 完。',
      '',
    ]);
  });
});
