import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ChatMessage } from '@qingnang/contracts';
import { canonicalJson } from '@qingnang/kernel';
import { trainBpe } from './bpe-trainer.js';
import { ChatTemplate, chatTokens } from './chat-format.js';
import { createHfTokenizer, type HfTokenizer } from './hf-tokenizer.js';
import { InputError } from '../data/input.errors.js';
import { tokenizerFiles, type TokenizerFiles } from './tokenizer-files.js';

/** Ids of a conversation; `mask[i]` is 1 where the id belongs to a reply (its end token included). */
export interface EncodedChat {
  ids: number[];
  mask: number[];
}

/** Text to ids and back, and conversations by the chat template that belongs to the vocabulary. */
export class Tokenizer {
  readonly padId: number;
  readonly endId: number;
  readonly vocabularySize: number;
  private readonly hf: HfTokenizer;
  private readonly template: ChatTemplate | null;
  /** Contents of the special tokens: text that holds one cannot be told from markup. */
  private readonly special: ReadonlySet<string>;

  constructor(private readonly files: TokenizerFiles) {
    this.hf = createHfTokenizer(files.tokenizer, files.config);
    const json = files.tokenizer as {
      model: { vocab: Record<string, number> };
      added_tokens: { id: number; content: string }[];
    };
    this.special = new Set(json.added_tokens.map(({ content }) => content));
    this.vocabularySize = 1 + Math.max(...Object.values(json.model.vocab), ...json.added_tokens.map(({ id }) => id));
    this.endId = this.idOf('eos_token');
    this.padId = this.idOf('pad_token');
    const template = files.config['chat_template'];
    this.template = typeof template === 'string' ? new ChatTemplate(template) : null;
  }

  encode(text: string): number[] {
    return text === '' ? [] : this.hf.encode(text, { add_special_tokens: false }).ids;
  }

  /** Special tokens are left out; bytes that are no whole character become U+FFFD. */
  decode(ids: readonly number[]): string {
    return this.decodeIds(ids, true);
  }

  /** The same with special tokens spelt out. */
  decodeVerbatim(ids: readonly number[]): string {
    return this.decodeIds(ids, false);
  }

  /** Whether a text spells one of the special tokens, and so could pass for markup. */
  holdsSpecialToken(text: string): boolean {
    for (const token of this.special) if (text.includes(token)) return true;
    return false;
  }

  /** Ids and reply mask of whole turns. @throws InputError without a chat template or for turns it refuses */
  encodeChat(messages: readonly ChatMessage[]): EncodedChat {
    const { text, generated } = this.render(messages, false);
    if (text === '') return { ids: [], mask: [] };
    const { ids, tokens } = this.hf.encode(text, { add_special_tokens: false });
    return { ids, mask: this.maskOf(text, generated, tokens) };
  }

  /** Ids up to and including the header after which the assistant speaks. */
  encodePrompt(messages: readonly ChatMessage[]): number[] {
    return this.encode(this.render(messages, true).text);
  }

  /** The conversation as the template spells it. */
  renderText(messages: readonly ChatMessage[], addGenerationPrompt: boolean): string {
    return this.render(messages, addGenerationPrompt).text;
  }

  /** Whether both give the same ids for every text. */
  equals(other: Tokenizer): boolean {
    return canonicalJson(this.files.tokenizer) === canonicalJson(other.files.tokenizer);
  }

  /** Writes `tokenizer.json` and `tokenizer_config.json`. */
  async save(folder: string): Promise<void> {
    await writeFile(join(folder, 'tokenizer.json'), JSON.stringify(this.files.tokenizer, null, 2) + '\n');
    await writeFile(join(folder, 'tokenizer_config.json'), JSON.stringify(this.files.config, null, 2) + '\n');
  }

  private idOf(name: 'eos_token' | 'pad_token'): number {
    const value = this.files.config[name];
    const content = typeof value === 'string' ? value : (value as { content?: string } | null | undefined)?.content;
    const id = content === undefined ? undefined : this.hf.token_to_id(content);
    if (id === undefined)
      throw new InputError('tokenizer', `tokenizer_config.json names no ${name} of the vocabulary.`);
    return id;
  }

  private decodeIds(ids: readonly number[], skip: boolean): string {
    if (ids.length === 0) return ''; // the library throws on an empty list
    return this.hf.decode([...ids], { skip_special_tokens: skip, clean_up_tokenization_spaces: false });
  }

  private render(
    messages: readonly ChatMessage[],
    addGenerationPrompt: boolean,
  ): { text: string; generated: [number, number][] } {
    if (!this.template)
      throw new InputError(
        'chat_template',
        'The tokenizer has no chat_template; only our own and instruction-tuned models have.',
      );
    try {
      return this.template.render(messages, addGenerationPrompt);
    } catch (error) {
      throw new InputError(
        'chat_template',
        `The chat template refuses this conversation: ${(error as Error).message}.`,
      );
    }
  }

  /**
   * Byte-level tokens are one character a byte and special tokens stand for themselves, so token positions follow from
   * lengths alone; normalisation is applied to the pieces first, as the library does to the whole.
   */
  private maskOf(text: string, generated: readonly [number, number][], tokens: readonly string[]): number[] {
    const normal = (piece: string): number =>
      Buffer.byteLength(this.files.tokenizer['normalizer'] ? piece.normalize('NFC') : piece);
    const spans = generated.map(([start, end]) => {
      const from = normal(text.slice(0, start));
      return [from, from + normal(text.slice(start, end))] as const;
    });
    let at = 0;
    return tokens.map((token) => {
      const start = at;
      at += this.special.has(token) ? Buffer.byteLength(token) : token.length;
      return spans.some(([from, to]) => start >= from && start < to) ? 1 : 0;
    });
  }
}

/** Learns a tokenizer with our chat tokens from texts. @param vocabularySize upper bound, special tokens and bytes included */
export function trainTokenizer(texts: Iterable<string>, vocabularySize: number, modelMaxLength: number): Tokenizer {
  return new Tokenizer(tokenizerFiles(trainBpe(texts, vocabularySize, Object.values(chatTokens)), modelMaxLength));
}

/** Reads the tokenizer of a Hugging Face folder. @throws InputError when a file is missing or not understood */
export async function loadTokenizer(folder: string): Promise<Tokenizer> {
  const read = async (name: string): Promise<Record<string, unknown>> => {
    try {
      return JSON.parse(await readFile(join(folder, name), 'utf8')) as Record<string, unknown>;
    } catch {
      throw new InputError('tokenizer', `${name} in ${folder} is missing or not JSON.`);
    }
  };
  const files = { tokenizer: await read('tokenizer.json'), config: await read('tokenizer_config.json') };
  if (typeof files.config['chat_template'] !== 'string') {
    const apart = await readFile(join(folder, 'chat_template.jinja'), 'utf8').catch(() => null);
    if (apart !== null) files.config['chat_template'] = apart;
  }
  try {
    return new Tokenizer(files);
  } catch (error) {
    if (error instanceof InputError) throw error;
    throw new InputError('tokenizer', `The tokenizer in ${folder} is of a kind this trainer does not read.`);
  }
}
