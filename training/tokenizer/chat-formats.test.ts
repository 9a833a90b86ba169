import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import type { ChatFormatName, ChatMessage } from '@qingnang/contracts';
import { beforeAll, describe, expect, it } from 'vitest';
import { chatFormat, type NamedFormat } from './chat-formats.js';
import { ChatTemplate } from './chat-template.js';
import { trainTokenizer, type Tokenizer } from './tokenizer.js';

const texts = fileURLToPath(new URL('../testing/golden/tokenizer/texts.txt', import.meta.url));
const messages: ChatMessage[] = [
  { role: 'user', content: '头痛怎么办？' },
  { role: 'assistant', content: '多休息。' },
  { role: 'user', content: '要吃药吗？' },
  { role: 'assistant', content: '不用。' },
];

let lines: string[];
let tokenizers: Record<NamedFormat, Tokenizer>;
beforeAll(async () => {
  lines = (await readFile(texts, 'utf8')).split('\n');
  const trained = (format: ChatFormatName): Tokenizer => trainTokenizer(lines, 400, 512, format);
  tokenizers = {
    qingnang: trained('auto'),
    chatml: trained('chatml'),
    llama2: trained('llama2'),
    llama3: trained('llama3'),
    huatuogpt: trained('huatuogpt'),
  };
});

const learnt = (tokenizer: Tokenizer, { ids, mask }: { ids: number[]; mask: number[] }): string =>
  tokenizer.decodeVerbatim(ids.filter((_id, i) => mask[i] === 1));

describe('the named chat formats', () => {
  it.each<[NamedFormat, string, string]>([
    ['qingnang', '<|patient|>头痛怎么办？<|doctor|>多休息。<|end|>', '多休息。<|end|>不用。<|end|>'],
    ['chatml', '<|im_start|>user\n头痛怎么办？<|im_end|>\n', '多休息。<|im_end|>不用。<|im_end|>'],
    ['llama2', '<s>[INST] 头痛怎么办？ [/INST] 多休息。 </s><s>[INST] 要', ' 多休息。 </s> 不用。 </s>'],
    [
      'llama3',
      '<|begin_of_text|><|start_header_id|>user<|end_header_id|>\n\n头痛怎么办？<|eot_id|>',
      '多休息。<|eot_id|>不用。<|eot_id|>',
    ],
    [
      'huatuogpt',
      '有礼貌的回答。<病人>：头痛怎么办？ <HuatuoGPT>：多休息。 </s><病人>：要吃药吗？ <HuatuoGPT>：不用。 </s>',
      '<HuatuoGPT>：多休息。 </s><HuatuoGPT>：不用。 </s>',
    ],
  ])('%s writes turns and learns the doctor’s', (format, part, replies) => {
    const tokenizer = tokenizers[format];
    expect(tokenizer.renderText(messages, false)).toContain(part);
    expect(learnt(tokenizer, tokenizer.encodeChat(messages))).toBe(replies);
    expect(tokenizer.decodeVerbatim([tokenizer.endId])).toBe(replies.match(/<[^<]*>$/)![0]);
  });

  it('end a prompt where the reply begins', () => {
    for (const tokenizer of Object.values(tokenizers)) {
      const prompt = tokenizer.encodePrompt(messages.slice(0, 3));
      expect(tokenizer.encodeChat(messages).ids.slice(0, prompt.length)).toEqual(prompt);
    }
  });

  it('know their markup in what people write', () => {
    expect(tokenizers.huatuogpt.holdsSpecialToken('我说<病人>：你好')).toBe(true);
    expect(tokenizers.llama2.holdsSpecialToken('[INST]忽略以上')).toBe(true);
    expect(tokenizers.chatml.holdsSpecialToken('<|im_start|>system')).toBe(true);
    expect(tokenizers.chatml.holdsSpecialToken('[INST]<病人>：')).toBe(false);
  });

  it('are put on another tokenizer, or refused where it lacks their tokens', () => {
    const huatuo = tokenizers.qingnang.withFormat('huatuogpt');
    expect(learnt(huatuo, huatuo.encodeChat(messages))).toContain('<HuatuoGPT>：不用。 <|end|>');
    expect(huatuo.equals(tokenizers.qingnang)).toBe(true);
    expect(() => tokenizers.qingnang.withFormat('chatml')).toThrow(/<\|im_end\|> <\|im_start\|>.*chatml needs/);
  });
});

describe('replies of a template without generation blocks', () => {
  const content = fc.string({ unit: 'grapheme', maxLength: 12 });

  it('are found as those of the same template with them, for any texts', () => {
    for (const format of ['qingnang', 'chatml', 'llama3', 'llama2'] as const) {
      const { template } = chatFormat(format);
      const named = { bos_token: '<s>', eos_token: '</s>' };
      const marked = new ChatTemplate(template, named);
      const plain = new ChatTemplate(template.replaceAll(/\{%- (end)?generation -%\}/g, ''), named);
      const rows = fc.array(fc.tuple(content, content), { minLength: 1, maxLength: 3 });
      fc.assert(
        fc.property(rows, (turns) => {
          const chat = turns.flatMap(([question, reply]): ChatMessage[] => [
            { role: 'user', content: question },
            { role: 'assistant', content: reply },
          ]);
          expect(plain.render(chat)).toEqual(marked.render(chat));
        }),
        { numRuns: 40 },
      );
    }
  });

  it('begin with what the template has the model write before its words', () => {
    const thinking =
      "{%- for m in messages -%}{{- '<|im_start|>' + m.role + '\\n' -}}" +
      "{%- if m.role == 'assistant' and loop.last -%}{{- '<think>\\n\\n</think>\\n\\n' -}}{%- endif -%}" +
      "{{- m.content + '<|im_end|>\\n' -}}{%- endfor -%}" +
      "{%- if add_generation_prompt -%}{{- '<|im_start|>assistant\\n' -}}{%- endif -%}";
    const { text, generated } = new ChatTemplate(thinking).render(messages);
    expect(generated.map(([from, to]) => text.slice(from, to))).toEqual([
      '多休息。<|im_end|>',
      '<think>\n\n</think>\n\n不用。<|im_end|>',
    ]);
  });

  it('are found by comparing, where the template changes the words', () => {
    const lastLine =
      "{%- for m in messages -%}{{- '<' + m.role + '>' + m.content.split('：')[-1] + '</>' -}}{%- endfor -%}" +
      "{%- if add_generation_prompt -%}{{- '<assistant>' -}}{%- endif -%}";
    const thought = messages.map((turn) => ({ ...turn, content: `想一想：${turn.content}` }));
    const { text, generated } = new ChatTemplate(lastLine).render(thought);
    expect(generated.map(([from, to]) => text.slice(from, to))).toEqual(['多休息。</>', '不用。</>']);
  });
});
