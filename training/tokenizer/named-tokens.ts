import { InputError } from '../data/input.errors.js';
import type { AddedToken } from './tokenizer-files.js';

const NAMES = ['bos_token', 'eos_token', 'unk_token', 'pad_token', 'sep_token', 'cls_token', 'mask_token'] as const;

/** The special tokens that a tokenizer's configuration names, and which added tokens are markup. */
export class NamedTokens {
  /** By name, for chat templates. */
  readonly texts: Readonly<Record<string, string>>;
  /** Tokens that a person's text must not spell. Added tokens like runs of spaces are ordinary text. */
  readonly markup: readonly string[];
  readonly endId: number;

  /** @throws InputError when there is no end token */
  constructor(
    config: Readonly<Record<string, unknown>>,
    private readonly added: readonly AddedToken[],
    private readonly idOf: (token: string) => number | undefined,
  ) {
    this.texts = Object.fromEntries(
      NAMES.flatMap((name) => {
        const value = config[name] as string | { content?: string } | null | undefined;
        const text = typeof value === 'string' ? value : value?.content;
        return text === undefined ? [] : [[name, text]];
      }),
    );
    this.markup = added
      .filter(({ special, content }) => special || /^[<[].+[>\]]$/.test(content))
      .map(({ content }) => content);
    const end = this.idNamed('eos_token');
    if (end === undefined)
      throw new InputError('tokenizer', 'tokenizer_config.json names no eos_token of the vocabulary.');
    this.endId = end;
  }

  /**
   * The padding token, or where there is none of its own the unknown token, as LLaMA's fine-tuners take it, or another special
   * token: one called padding, one that ended texts before, a reserved one, any. Padding is masked by its place and never
   * learnt, but it must differ from the end, which is; and the model must have a row for it.
   * @param rows tokens that the model has
   * @throws InputError when no token is left
   */
  padId(endId: number, rows: number): number {
    const special = this.added.filter(({ special, id }) => special && id !== this.idNamed('bos_token'));
    const called = (pattern: RegExp): number[] =>
      special.filter(({ content }) => pattern.test(content)).map(({ id }) => id);
    const candidates = [
      this.idNamed('pad_token'),
      this.idNamed('unk_token'),
      ...called(/pad/i),
      this.endId,
      ...called(/reserved|unused|extra/i),
      ...special.map(({ id }) => id),
      this.idNamed('bos_token'),
    ];
    const pad = candidates.find((id) => id !== undefined && id !== endId && id < rows);
    if (pad === undefined)
      throw new InputError('tokenizer', 'The tokenizer has no special token beside its end token to pad with.');
    return pad;
  }

  /** The id of the token that goes by this name, if the vocabulary has it. */
  idNamed(name: (typeof NAMES)[number]): number | undefined {
    const text = this.texts[name];
    return text === undefined ? undefined : this.idOf(text);
  }
}
