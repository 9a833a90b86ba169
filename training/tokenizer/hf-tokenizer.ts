import * as library from '@huggingface/tokenizers';

/** The part of `@huggingface/tokenizers` we use; its own declarations do not resolve under `nodenext`. */
export interface HfTokenizer {
  encode(text: string, options: { add_special_tokens: boolean }): { ids: number[]; tokens: string[] };
  decode(ids: number[], options: { skip_special_tokens: boolean; clean_up_tokenization_spaces: boolean }): string;
  /** `null` where the tokenizer leaves texts as they are. */
  normalizer: ((text: string) => string) | null;
  token_to_id(token: string): number | undefined;
  id_to_token(id: number): string | undefined;
}

/** @throws Error when the library cannot read the two files */
export function createHfTokenizer(tokenizerJson: object, tokenizerConfig: object): HfTokenizer {
  const { Tokenizer } = library as unknown as { Tokenizer: new (json: object, config: object) => HfTokenizer };
  return new Tokenizer(tokenizerJson, tokenizerConfig);
}
