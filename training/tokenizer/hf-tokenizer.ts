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
  const { Tokenizer } = library as unknown as { Tokenizer: new (json: object, config: object) => LibraryTokenizer };
  const tokenizer = new Tokenizer(tokenizerJson, tokenizerConfig);
  for (const part of [tokenizer.decoder, ...(tokenizer.decoder?.decoders ?? [])]) {
    if (part?.config?.type === 'ByteFallback') part.text_decoder = { decode: decodeRun };
  }
  return tokenizer;
}

interface LibraryDecoder {
  config?: { type: string };
  decoders?: LibraryDecoder[];
  text_decoder?: { decode(bytes: Uint8Array): string };
}

type LibraryTokenizer = HfTokenizer & { decoder: LibraryDecoder | null };

/**
 * A run of byte tokens as the Rust library decodes it: as UTF-8, or, where it is none, one U+FFFD for each byte. (The
 * JavaScript one also drops U+FEFF.)
 */
function decodeRun(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return '\uFFFD'.repeat(bytes.length);
  }
}
