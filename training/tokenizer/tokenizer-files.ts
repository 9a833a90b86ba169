import type { TrainedBpe } from './bpe-trainer.js';
import { WORD_PATTERN } from './bpe-trainer.js';
import { chatFormat, trainedTokens, type NamedFormat } from './chat-formats.js';

/** As in `added_tokens`: stands for itself, whatever the vocabulary makes of its text. */
export interface AddedToken {
  id: number;
  content: string;
  single_word: boolean;
  lstrip: boolean;
  rstrip: boolean;
  normalized: boolean;
  special: boolean;
}

/** What the two Hugging Face tokenizer files hold. */
export interface TokenizerFiles {
  tokenizer: Record<string, unknown>;
  config: Record<string, unknown>;
}

/** Special tokens of a format in the order of their ids. */
export function specialTokens(format: NamedFormat): string[] {
  const { pad, end, begin, others } = trainedTokens(format);
  return [pad, end, ...(begin === null ? [] : [begin]), ...others];
}

/** `tokenizer.json` and `tokenizer_config.json` of a trained BPE with the tokens and the template of a chat format. */
export function tokenizerFiles(
  { vocabulary, merges }: TrainedBpe,
  modelMaxLength: number,
  format: NamedFormat,
): TokenizerFiles {
  const { pad, end, begin } = trainedTokens(format);
  const addedTokens = specialTokens(format).map((content) => ({
    id: vocabulary.indexOf(content),
    content,
    single_word: false,
    lstrip: false,
    rstrip: false,
    normalized: false,
    special: true,
  }));
  const byteLevel = { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: false };
  return {
    tokenizer: {
      version: '1.0',
      truncation: null,
      padding: null,
      added_tokens: addedTokens,
      normalizer: { type: 'NFC' },
      pre_tokenizer: {
        type: 'Sequence',
        pretokenizers: [
          { type: 'Split', pattern: { Regex: WORD_PATTERN }, behavior: 'Isolated', invert: false },
          byteLevel,
        ],
      },
      post_processor: { ...byteLevel, trim_offsets: false },
      decoder: { type: 'ByteLevel', add_prefix_space: true, trim_offsets: true, use_regex: true },
      model: {
        type: 'BPE',
        dropout: null,
        unk_token: null,
        continuing_subword_prefix: null,
        end_of_word_suffix: null,
        fuse_unk: false,
        byte_fallback: false,
        ignore_merges: false,
        vocab: Object.fromEntries(vocabulary.map((token, id) => [token, id])),
        merges,
      },
    },
    config: {
      added_tokens_decoder: Object.fromEntries(addedTokens.map(({ id, ...token }) => [String(id), token])),
      bos_token: begin,
      chat_template: chatFormat(format).template,
      clean_up_tokenization_spaces: false,
      eos_token: end,
      model_max_length: modelMaxLength,
      pad_token: pad,
      tokenizer_class: 'PreTrainedTokenizerFast',
      unk_token: null,
    },
  };
}
