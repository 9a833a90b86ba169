import { Template } from '@huggingface/jinja';
import type { ChatMessage } from '@qingnang/contracts';

/** Spans of a text, start and end in UTF-16 units. */
export type TextSpan = [start: number, end: number];

/** A rendered conversation; `generated` are the replies to be learnt, with what closes them. */
export interface RenderedChat {
  text: string;
  generated: TextSpan[];
}

// Unicode noncharacters: they stand where a reply begins and ends, and are taken out again.
const OPEN = '\uFDD0';
const CLOSE = '\uFDD1';
const MARKS = /[\uFDD0\uFDD1]/g;

/** Llama 3's templates write today's date where none is given: the same rows would give other tokens tomorrow. */
const FIXED_DATE = '26 Jul 2024';

/**
 * A compiled chat template, rendered as Hugging Face's `apply_chat_template` does, that also says which parts of its
 * output are the assistant's: by its `{% generation %}` blocks where it has them, otherwise by marks set around each
 * reply, and where a template does not pass those through, by comparing what it makes of the first turns with the whole.
 */
export class ChatTemplate {
  private readonly template: Template;
  private readonly hasBlocks: boolean;

  /**
   * @param specialTokens what templates may name: `bos_token`, `eos_token` …
   * @throws Error when the template is not valid Jinja
   */
  constructor(
    readonly source: string,
    private readonly specialTokens: Readonly<Record<string, string>> = {},
  ) {
    this.hasBlocks = /\{%[-+]?\s*generation\s*[-+]?%\}/.test(source);
    // A statement around each mark, so that white space beside it is trimmed as beside the statement it replaces.
    const mark = (name: string, character: string) => (text: string) =>
      text.replace(
        new RegExp(`\\{%([-+]?)\\s*${name}\\s*([-+]?)%\\}`, 'g'),
        (_all, left: string, right: string) => `{%${left} if true %}{{ '${character}' }}{% endif ${right}%}`,
      );
    this.template = new Template(mark('endgeneration', CLOSE)(mark('generation', OPEN)(source)));
  }

  /** @throws Error from the template itself, e.g. for roles it does not know */
  render(messages: readonly ChatMessage[], addGenerationPrompt = false): RenderedChat {
    const clean = messages.map(({ role, content }) => ({ role, content: content.replaceAll(MARKS, '') }));
    if (this.hasBlocks) return readMarks(this.raw(clean, addGenerationPrompt));
    const text = this.raw(clean, addGenerationPrompt);
    return { text, generated: this.spansByMarks(clean, text, addGenerationPrompt) ?? this.spansByPrefix(clean, text) };
  }

  /**
   * The template without the white space (ChatML's line break) that it may write behind a last reply; itself where it writes
   * none. Before a reply that is still to come nothing changes.
   */
  endingWithReply(): string {
    try {
      const { text, generated } = this.render([
        { role: 'user', content: 'a' },
        { role: 'assistant', content: 'b' },
      ]);
      const behind = text.slice(generated.at(-1)![1]);
      if (behind === '' || behind.trim() !== '') return this.source;
    } catch {
      return this.source; // it refuses two turns, and says so at the first row
    }
    return `{% set chat %}${this.source}{% endset %}{{ chat if add_generation_prompt else chat.rstrip() }}`;
  }

  private raw(messages: readonly ChatMessage[], addGenerationPrompt: boolean): string {
    return this.template.render({
      ...this.specialTokens,
      messages,
      add_generation_prompt: addGenerationPrompt,
      tools: null,
      documents: null,
      date_string: FIXED_DATE,
    });
  }

  /** Marks inside the white space of each reply, since many templates trim; `null` when the text comes out otherwise. */
  private spansByMarks(clean: readonly ChatMessage[], text: string, addGenerationPrompt: boolean): TextSpan[] | null {
    const marked = clean.map(({ role, content }) => ({
      role,
      content: role === 'assistant' ? content.replace(/^(\s*)(.*?)(\s*)$/s, `$1${OPEN}$2${CLOSE}$3`) : content,
    }));
    const found = this.tryRaw(marked, addGenerationPrompt);
    if (found === null) return null;
    const chat = readMarks(found);
    const replies = clean.flatMap(({ role }, i) => (role === 'assistant' ? [i] : []));
    if (chat.text !== text || chat.generated.length !== replies.length) return null;
    return chat.generated.map(([open, close], n) => [
      this.startOf(clean, replies[n]!, text, open),
      this.endOf(marked, replies[n]!, text, close),
    ]);
  }

  /** A reply begins where its header ends: what a template writes between the two is the model's to write too. */
  private startOf(clean: readonly ChatMessage[], reply: number, text: string, open: number): number {
    const header = this.tryRaw(clean.slice(0, reply), true);
    return header !== null && header.length <= open && text.startsWith(header) ? header.length : open;
  }

  /** A reply reaches to the end of what closes it when it is the last turn, line breaks behind that left out. */
  private endOf(marked: readonly ChatMessage[], reply: number, text: string, close: number): number {
    const last = this.tryRaw(marked.slice(0, reply + 1), false);
    const ending = last === null ? '' : last.slice(last.lastIndexOf(CLOSE) + 1).trimEnd();
    return ending !== '' && text.startsWith(ending, close) ? close + ending.length : close;
  }

  private spansByPrefix(clean: readonly ChatMessage[], text: string): TextSpan[] {
    return clean.flatMap(({ role }, i): TextSpan[] => {
      if (role !== 'assistant') return [];
      const start = commonPrefix(this.tryRaw(clean.slice(0, i), true) ?? '', text);
      const whole = this.raw(clean.slice(0, i + 1), false).trimEnd();
      return [[start, Math.max(start, commonPrefix(whole, text))]];
    });
  }

  private tryRaw(messages: readonly ChatMessage[], addGenerationPrompt: boolean): string | null {
    try {
      return this.raw(messages, addGenerationPrompt);
    } catch {
      return null; // some templates refuse a conversation that is cut or begins otherwise
    }
  }
}

function readMarks(marked: string): RenderedChat {
  const generated: TextSpan[] = [];
  let text = '';
  let start: number | null = null;
  for (const piece of marked.split(/([\uFDD0\uFDD1])/)) {
    if (piece === OPEN) start = text.length;
    else if (piece === CLOSE) {
      if (start !== null) generated.push([start, text.length]);
      start = null;
    } else text += piece;
  }
  return { text, generated };
}

function commonPrefix(a: string, b: string): number {
  let n = 0;
  while (n < a.length && a[n] === b[n]) n++;
  return n;
}
