import fc from 'fast-check';
import type { ChatMessage } from '@qingnang/contracts';
import { describe, expect, it } from 'vitest';
import { cutReply, sentenceEnds } from './cut-reply.js';

const ends = (text: string): string[] => sentenceEnds(text).map((end) => text.slice(0, end));

describe('sentences of a reply', () => {
  it('end at their marks, closing quotes and brackets included', () => {
    expect(ends('您好。多喝水！好吗？“不要熬夜。”再见')).toEqual([
      '您好。',
      '您好。多喝水！',
      '您好。多喝水！好吗？',
      '您好。多喝水！好吗？“不要熬夜。”',
    ]);
    expect(ends('Drink water. Rest well! OK')).toEqual(['Drink water.', 'Drink water. Rest well!']);
    expect(ends('先休息；再复查。')).toEqual(['先休息；']); // the whole is no cut
  });

  it('do not end in numbers, names and lists', () => {
    expect(ends('体温38.5度，见www.example.com')).toEqual([]);
    expect(ends('1. 多喝水，2. 多休息')).toEqual([]);
    expect(ends('血压140. 复查')).toEqual(['血压140.']);
    expect(ends('！？真的吗？是')).toEqual(['！？真的吗？']);
  });

  it('end with a line, unless it announces the next', () => {
    expect(ends('多喝水\n多休息\n完')).toEqual(['多喝水', '多喝水\n多休息']);
    expect(ends('建议如下：\n1. 休息\n2. 喝水')).toEqual(['建议如下：\n1. 休息']);
  });
});

describe('a cut conversation', () => {
  const sentence = fc.stringMatching(/^[一-十a-z0-9，、 ]{1,8}$/u);
  const text = fc
    .array(fc.tuple(sentence, fc.constantFrom('。', '！', '？', '；', '.', '\n', '')), { minLength: 1, maxLength: 8 })
    .map((parts) => parts.flat().join(''));
  const size = (messages: readonly ChatMessage[]): number =>
    messages.reduce((sum, { content }) => sum + 2 + content.length, 0);

  it('fits, ends at a sentence of the reply, as late as any, and leaves the other turns alone', () => {
    fc.assert(
      fc.property(text, text, text, fc.integer({ min: 5, max: 120 }), (question, earlier, reply, room) => {
        const messages: ChatMessage[] = [
          { role: 'user', content: question },
          { role: 'assistant', content: earlier },
          { role: 'user', content: question },
          { role: 'assistant', content: reply },
        ];
        const cut = cutReply(messages, (each) => size(each) <= room);
        const fitting = ends(reply).filter((part) => size(messages.slice(0, 3)) + 2 + part.trimEnd().length <= room);
        if (cut === null) {
          expect(fitting).toEqual([]);
          return;
        }
        expect(size(cut)).toBeLessThanOrEqual(room);
        expect(cut.slice(0, 3)).toEqual(messages.slice(0, 3));
        expect(cut[3]!.content).toBe(fitting.at(-1)!.trimEnd());
      }),
    );
  });

  it('is none without a doctor’s turn', () => {
    expect(cutReply([{ role: 'user', content: '您好。在吗？' }], () => true)).toBeNull();
  });
});
