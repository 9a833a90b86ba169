import { Template } from '@huggingface/jinja';
import type { ChatMessage } from '@qingnang/contracts';

/**
 * Special tokens of a tokenizer trained here, in id order. As with HuatuoGPT the patient and the doctor take turns under
 * their own names and only the doctor's turn is closed; each name is one token, since 64 tokens must hold a consultation.
 * Padding and end differ, otherwise the end would be masked away and never learnt.
 */
export const chatTokens = {
  pad: '<|pad|>',
  end: '<|end|>',
  system: '<|system|>',
  patient: '<|patient|>',
  doctor: '<|doctor|>',
} as const;

/** Jinja, as Hugging Face keeps it; `generation` marks what is learnt: the doctor's words and their end. */
export const CHAT_TEMPLATE =
  '{%- for message in messages -%}' +
  "{%- if message['role'] == 'system' -%}{{- '<|system|>' + message['content'] -}}" +
  "{%- elif message['role'] == 'user' -%}{{- '<|patient|>' + message['content'] -}}" +
  "{%- elif message['role'] == 'assistant' -%}{{- '<|doctor|>' -}}" +
  "{%- generation -%}{{- message['content'] + '<|end|>' -}}{%- endgeneration -%}" +
  "{%- else -%}{{- raise_exception('unknown role') -}}{%- endif -%}" +
  '{%- endfor -%}' +
  "{%- if add_generation_prompt -%}{{- '<|doctor|>' -}}{%- endif -%}";

/** A rendered conversation; `generated` spans (start, end in UTF-16 units) are the replies to be learnt. */
export interface RenderedChat {
  text: string;
  generated: [start: number, end: number][];
}

// Unicode noncharacters: they stand where `generation` blocks begin and end, and are taken out again.
const OPEN = '\uFDD0';
const CLOSE = '\uFDD1';

/** A compiled chat template that also says which parts of its output are the assistant's. */
export class ChatTemplate {
  private readonly template: Template;

  /** @throws Error when the template is not valid Jinja */
  constructor(source: string) {
    const marked = source
      .replace(
        /\{%(-?)\s*generation\s*(-?)%\}/g,
        (_all, left: string, right: string) => `{{${left} '${OPEN}' ${right}}}`,
      )
      .replace(
        /\{%(-?)\s*endgeneration\s*(-?)%\}/g,
        (_all, left: string, right: string) => `{{${left} '${CLOSE}' ${right}}}`,
      );
    this.template = new Template(marked);
  }

  /** @throws Error from the template itself, e.g. for roles it does not know */
  render(messages: readonly ChatMessage[], addGenerationPrompt = false): RenderedChat {
    const clean = messages.map(({ role, content }) => ({ role, content: content.replaceAll(/[\uFDD0\uFDD1]/g, '') }));
    const marked = this.template.render({ messages: clean, add_generation_prompt: addGenerationPrompt });
    const generated: [number, number][] = [];
    let text = '';
    let start = 0;
    for (const piece of marked.split(/([\uFDD0\uFDD1])/)) {
      if (piece === OPEN) start = text.length;
      else if (piece === CLOSE) generated.push([start, text.length]);
      else text += piece;
    }
    return { text, generated };
  }
}
