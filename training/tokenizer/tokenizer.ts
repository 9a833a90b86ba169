import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ChatFormatName, ChatMessage } from '@qingnang/contracts';
import { canonicalJson } from '@qingnang/kernel';
import { trainBpe } from './bpe-trainer.js';
import { chatFormat, markersIn, type NamedFormat } from './chat-formats.js';
import { ChatTemplate, type RenderedChat } from './chat-template.js';
import { createHfTokenizer, type HfTokenizer } from './hf-tokenizer.js';
import { InputError } from '../data/input.errors.js';
import { NamedTokens } from './named-tokens.js';
import { specialTokens, tokenizerFiles, type AddedToken, type TokenizerFiles } from './tokenizer-files.js';
import { readTokenizerFolder } from './tokenizer-folder.js';
import { bytesOf, spelledLength, spellToken, tokenSpans, type TokenSpelling } from './token-spans.js';

/** Ids of a conversation; `mask[i]` is 1 where the id belongs to a reply (its end token included). */
export interface EncodedChat {
  ids: number[];
  mask: number[];
}

/** Text to ids and back, and conversations by the chat template that belongs to the vocabulary. */
export class Tokenizer {
  /** Differs from `endId`. */
  readonly padId: number;
  /** Closes a reply: by the chat template where that ends replies with a special token, else the tokenizer's end token. */
  readonly endId: number;
  readonly vocabularySize: number;
  private readonly hf: HfTokenizer;
  private readonly names: NamedTokens;
  private readonly template: ChatTemplate | null;
  private readonly spelling: TokenSpelling;
  /** Special tokens and other markup of the template: text that holds one cannot be told from markup. */
  private readonly special: ReadonlySet<string>;

  constructor(private readonly files: TokenizerFiles) {
    const { tokenizer, config } = files;
    this.hf = createHfTokenizer(tokenizer, config);
    const json = tokenizer as { model: { vocab: Record<string, number>; unk_token?: string | null } };
    const added = tokenizer['added_tokens'] as AddedToken[];
    const names = new NamedTokens(config, added, (token) => this.hf.token_to_id(token));
    const template = config['chat_template'];
    this.template = typeof template === 'string' ? new ChatTemplate(template, names.texts) : null;
    this.special = new Set([...names.markup, ...(this.template ? markersIn(this.template.source) : [])]);
    this.vocabularySize = 1 + Math.max(largestId(json.model.vocab), ...added.map(({ id }) => id));
    this.spelling = {
      added: new Set(added.map(({ content }) => content)),
      byteLevel: canonicalJson(tokenizer['pre_tokenizer'] ?? null).includes('"ByteLevel"'),
      unknown: json.model.unk_token ?? null,
    };
    this.endId = this.turnEnd() ?? names.endId;
    this.padId = names.padId(this.endId, Infinity);
    this.names = names;
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

  /** One token for reading; bytes that are only part of a character as `<E5 A4>`. */
  spell(id: number): string {
    const token = this.hf.id_to_token(id);
    return token === undefined ? `<id ${id}>` : spellToken(token, this.spelling);
  }

  /** What one token stands for, a character or a part of one; `null` for an id without a token. */
  bytes(id: number): Buffer | null {
    const token = this.hf.id_to_token(id);
    return token === undefined ? null : bytesOf(token, this.spelling);
  }

  /** Whether a text spells one of the special tokens, and so could pass for markup. */
  holdsSpecialToken(text: string): boolean {
    for (const token of this.special) if (text.includes(token)) return true;
    return false;
  }

  /** Ids and reply mask of whole turns. @throws InputError without a chat template or for turns it refuses */
  encodeChat(messages: readonly ChatMessage[]): EncodedChat {
    const chat = this.render(messages, false);
    if (chat.text === '') return { ids: [], mask: [] };
    const { ids, tokens } = this.hf.encode(chat.text, { add_special_tokens: false });
    return { ids, mask: this.maskOf(chat, tokens) };
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

  /**
   * The same vocabulary with a named chat format in place of its own; `auto` changes nothing.
   * @throws InputError when the vocabulary lacks tokens of the format
   */
  withFormat(name: ChatFormatName): Tokenizer {
    if (name === 'auto') return this;
    const { template, tokens, beginsAsTokenizer } = chatFormat(name);
    const missing = (tokens ? [tokens.end, ...tokens.others] : []).filter((token) => !this.spelling.added.has(token));
    if (missing.length > 0) {
      throw new InputError(
        'chat_format',
        `The tokenizer has no token ${missing.join(' ')}, which the chat format ${name} needs; choose another format.`,
      );
    }
    const begin = beginsAsTokenizer && this.putsBegin() ? '{{- bos_token -}}' : '';
    const config = {
      ...this.files.config,
      chat_template: begin + template,
      ...(tokens ? { eos_token: tokens.end } : {}),
    };
    return new Tokenizer({ ...this.files, config });
  }

  /** What a model of so many tokens pads with: `padId` unless the model lacks it. @throws InputError when it lacks all */
  padIdWithin(rows: number): number {
    return this.names.padId(this.endId, rows);
  }

  /**
   * Writes `tokenizer.json` and `tokenizer_config.json`, with a padding token in any case: whoever loads both pads with the
   * token that the model's config names, since a reward model finds the end of a text by it.
   * @param padId what the model pads with
   * @param scored the model reads its score at the last token, so chats have to end where their last reply ends
   */
  async save(folder: string, { padId = this.padId, scored = false } = {}): Promise<void> {
    const { tokenizer, config } = this.files;
    const named = padId === this.names.idNamed('pad_token') ? {} : { pad_token: this.hf.id_to_token(padId) };
    const chats = scored && this.template ? { chat_template: this.template.endingWithReply() } : {};
    const written = { ...config, ...named, ...chats };
    await writeFile(join(folder, 'tokenizer.json'), JSON.stringify(tokenizer, null, 2) + '\n');
    await writeFile(join(folder, 'tokenizer_config.json'), JSON.stringify(written, null, 2) + '\n');
  }

  private putsBegin(): boolean {
    const bare = this.hf.encode('a', { add_special_tokens: false }).ids.length;
    return this.hf.encode('a', { add_special_tokens: true }).ids.length > bare;
  }

  private decodeIds(ids: readonly number[], skip: boolean): string {
    if (ids.length === 0) return ''; // the library throws on an empty list
    return this.hf.decode([...ids], { skip_special_tokens: skip, clean_up_tokenization_spaces: false });
  }

  private render(messages: readonly ChatMessage[], addGenerationPrompt: boolean): RenderedChat {
    if (!this.template)
      throw new InputError(
        'chat_template',
        'The tokenizer has no chat_template; name a chat_format (chatml, llama2, llama3, huatuogpt) in the data settings.',
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

  /** As `apply_chat_template` marks them: every token that has a byte in a reply. */
  private maskOf({ text, generated }: RenderedChat, tokens: readonly string[]): number[] {
    const normal = (piece: string): string => (this.hf.normalizer && piece !== '' ? this.hf.normalizer(piece) : piece);
    const spans = tokenSpans(tokens, normal(text), this.spelling);
    if (!spans) {
      throw new InputError(
        'tokenizer',
        'The tokens of a conversation do not spell its text, so its replies cannot be found among them; ' +
          'this tokenizer changes text in a way the trainer does not follow.',
      );
    }
    const bytes = (piece: string): number => spelledLength(piece, this.spelling);
    const replies = generated.map(([start, end]) => {
      const from = bytes(normal(text.slice(0, start)));
      return [from, Math.max(from, bytes(normal(text.slice(0, end))))] as const;
    });
    // A token without a byte of its own (a space that was put in front) belongs to what follows it.
    return spans.map(([start, end]) =>
      replies.some(([from, to]) => start < to && (end > from || start === from)) ? 1 : 0,
    );
  }

  /** The special token that ends a reply in the template's own way. */
  private turnEnd(): number | null {
    try {
      const { ids, mask } = this.encodeChat([
        { role: 'user', content: 'a' },
        { role: 'assistant', content: 'b' },
      ]);
      const last = this.hf.id_to_token(ids[mask.lastIndexOf(1)] ?? -1);
      return last !== undefined && this.special.has(last) ? this.hf.token_to_id(last)! : null;
    } catch {
      return null; // a template that refuses two turns says so again, with its reason, at the first row
    }
  }
}

function largestId(vocabulary: Readonly<Record<string, number>>): number {
  let largest = 0;
  for (const id of Object.values(vocabulary)) largest = Math.max(largest, id);
  return largest;
}

/**
 * Learns a tokenizer with the special tokens and the template of a chat format from texts.
 * @param vocabularySize upper bound, special tokens and bytes included
 */
export function trainTokenizer(
  texts: Iterable<string>,
  vocabularySize: number,
  modelMaxLength: number,
  format: ChatFormatName = 'auto',
): Tokenizer {
  const named: NamedFormat = format === 'auto' ? 'qingnang' : format;
  return new Tokenizer(tokenizerFiles(trainBpe(texts, vocabularySize, specialTokens(named)), modelMaxLength, named));
}

/** Reads the tokenizer of a Hugging Face folder. @throws InputError when a file is missing or not understood */
export async function loadTokenizer(folder: string, format: ChatFormatName = 'auto'): Promise<Tokenizer> {
  const files = await readTokenizerFolder(folder);
  try {
    return new Tokenizer(files).withFormat(format);
  } catch (error) {
    if (error instanceof InputError) throw error;
    throw new InputError(
      'tokenizer',
      `The tokenizer in ${folder} is of a kind this trainer does not read: ${(error as Error).message}.`,
    );
  }
}
