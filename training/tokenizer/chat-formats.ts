import type { ChatFormatName } from '@qingnang/contracts';

export interface SpecialTokens {
  pad: string;
  /** Closes a reply. Differs from `pad`, otherwise the end would be masked away and never learnt. */
  end: string;
  begin: string | null;
  others: readonly string[];
}

/** A way to write conversations that can be put on any tokenizer which has its tokens. */
export interface ChatFormat {
  /** Jinja, as Hugging Face keeps it; `generation` marks what is learnt. */
  template: string;
  /** Whether the tokenizer's own begin token goes in front of the template's text. */
  beginsAsTokenizer: boolean;
  /** Special tokens it spells; `null` for formats in plain text, which close a reply with the tokenizer's own end token. */
  tokens: SpecialTokens | null;
  /** Plain text that the format uses as markup: a row that spells it is left out, like one with a special token. */
  markers: readonly string[];
}

export type NamedFormat = Exclude<ChatFormatName, 'auto'>;

const REFUSE = "{%- else -%}{{- raise_exception('unknown role') -}}{%- endif -%}";

/**
 * Our own, for models from scratch. As with HuatuoGPT the patient and the doctor take turns under their own names and only
 * the doctor's turn is closed; each name is one token, since 64 tokens must hold a consultation.
 */
const qingnang =
  '{%- for message in messages -%}' +
  "{%- if message['role'] == 'system' -%}{{- '<|system|>' + message['content'] -}}" +
  "{%- elif message['role'] == 'user' -%}{{- '<|patient|>' + message['content'] -}}" +
  "{%- elif message['role'] == 'assistant' -%}{{- '<|doctor|>' -}}" +
  "{%- generation -%}{{- message['content'] + '<|end|>' -}}{%- endgeneration -%}" +
  "{%- else -%}{{- raise_exception('unknown role') -}}{%- endif -%}" +
  '{%- endfor -%}' +
  "{%- if add_generation_prompt -%}{{- '<|doctor|>' -}}{%- endif -%}";

const chatml =
  '{%- for message in messages -%}' +
  "{{- '<|im_start|>' + message['role'] + '\\n' -}}" +
  "{%- if message['role'] == 'assistant' -%}" +
  "{%- generation -%}{{- message['content'] + '<|im_end|>' -}}{%- endgeneration -%}{{- '\\n' -}}" +
  "{%- else -%}{{- message['content'] + '<|im_end|>\\n' -}}{%- endif -%}" +
  '{%- endfor -%}' +
  "{%- if add_generation_prompt -%}{{- '<|im_start|>assistant\\n' -}}{%- endif -%}";

const llama3 =
  "{{- '<|begin_of_text|>' -}}" +
  '{%- for message in messages -%}' +
  "{{- '<|start_header_id|>' + message['role'] + '<|end_header_id|>\\n\\n' -}}" +
  "{%- if message['role'] == 'assistant' -%}" +
  "{%- generation -%}{{- message['content'] | trim + '<|eot_id|>' -}}{%- endgeneration -%}" +
  "{%- else -%}{{- message['content'] | trim + '<|eot_id|>' -}}{%- endif -%}" +
  '{%- endfor -%}' +
  "{%- if add_generation_prompt -%}{{- '<|start_header_id|>assistant<|end_header_id|>\\n\\n' -}}{%- endif -%}";

// Llama 2: the system text stands inside the first question; every question opens a sequence of its own.
const llama2 =
  "{%- if messages[0]['role'] == 'system' -%}" +
  "{%- set system = '<<SYS>>\\n' + messages[0]['content'] + '\\n<</SYS>>\\n\\n' -%}{%- set turns = messages[1:] -%}" +
  "{%- else -%}{%- set system = '' -%}{%- set turns = messages -%}{%- endif -%}" +
  '{%- for message in turns -%}' +
  "{%- if message['role'] == 'user' -%}" +
  "{{- bos_token + '[INST] ' + (system if loop.first else '') + message['content'] | trim + ' [/INST]' -}}" +
  "{%- elif message['role'] == 'assistant' -%}" +
  "{%- generation -%}{{- ' ' + message['content'] | trim + ' ' + eos_token -}}{%- endgeneration -%}" +
  REFUSE +
  '{%- endfor -%}';

/**
 * HuatuoGPT, after `scripts/finetune.py` of FreedomIntelligence/HuatuoGPT: one sentence names the model, a space follows
 * each patient's turn, a space and the end token each reply; the reply's role is learnt too. A system turn of a row takes the
 * sentence's place. The begin token stands in front where the tokenizer puts one there by itself (LLaMA), else nothing (BLOOM).
 */
const SYSTEM =
  '一位用户和智能医疗大模型HuatuoGPT之间的对话。对于用户的医疗问诊，HuatuoGPT给出准确的、详细的、温暖的指导建议。' +
  '对于用户的指令问题，HuatuoGPT给出有益的、详细的、有礼貌的回答。';
const huatuogpt =
  "{%- if messages[0]['role'] != 'system' -%}" +
  `{{- '${SYSTEM}' -}}{%- endif -%}` +
  '{%- for message in messages -%}' +
  "{%- if message['role'] == 'system' -%}{{- message['content'] -}}" +
  "{%- elif message['role'] == 'user' -%}{{- '<病人>：' + message['content'] + ' ' -}}" +
  "{%- elif message['role'] == 'assistant' -%}" +
  "{%- generation -%}{{- '<HuatuoGPT>：' + message['content'] + ' ' + eos_token -}}{%- endgeneration -%}" +
  REFUSE +
  '{%- endfor -%}' +
  "{%- if add_generation_prompt -%}{{- '<HuatuoGPT>：' -}}{%- endif -%}";

const formats: Record<NamedFormat, ChatFormat> = {
  qingnang: {
    template: qingnang,
    beginsAsTokenizer: false,
    tokens: { pad: '<|pad|>', end: '<|end|>', begin: null, others: ['<|system|>', '<|patient|>', '<|doctor|>'] },
    markers: [],
  },
  chatml: {
    template: chatml,
    beginsAsTokenizer: false,
    tokens: { pad: '<|endoftext|>', end: '<|im_end|>', begin: null, others: ['<|im_start|>'] },
    markers: [],
  },
  llama2: {
    template: llama2,
    beginsAsTokenizer: false,
    tokens: null,
    markers: ['[INST]', '[/INST]', '<<SYS>>', '<</SYS>>'],
  },
  llama3: {
    template: llama3,
    beginsAsTokenizer: false,
    tokens: {
      pad: '<|finetune_right_pad_id|>',
      end: '<|eot_id|>',
      begin: '<|begin_of_text|>',
      others: ['<|start_header_id|>', '<|end_header_id|>'],
    },
    markers: [],
  },
  huatuogpt: { template: huatuogpt, beginsAsTokenizer: true, tokens: null, markers: ['<病人>：', '<HuatuoGPT>：'] },
};

export function chatFormat(name: NamedFormat): ChatFormat {
  return formats[name];
}

/** Special tokens of a tokenizer trained here for a format, in id order; formats without tokens of their own get LLaMA's. */
export function trainedTokens(name: NamedFormat): SpecialTokens {
  return formats[name].tokens ?? { pad: '<pad>', end: '</s>', begin: '<s>', others: [] };
}

/** Markup in plain text that a template uses, whoever wrote it. */
export function markersIn(template: string): string[] {
  return Object.values(formats).flatMap(({ markers }) => markers.filter((marker) => template.includes(marker)));
}
