import { z } from 'zod';

/**
 * How a conversation is written for the model. `auto`: by the chat template of the model the run starts from, else by our
 * own. A name overrides that template: `qingnang` (`<|patient|>…<|doctor|>…<|end|>`), `chatml` (Qwen), `llama2`, `llama3`,
 * `huatuogpt` (`<病人>：… <HuatuoGPT>：… </s>`, the role learnt too). The model's tokenizer must have the tokens it spells.
 */
export const chatFormatName = z.enum(['auto', 'qingnang', 'chatml', 'llama2', 'llama3', 'huatuogpt']);
export type ChatFormatName = z.infer<typeof chatFormatName>;

/** How rows become what a run trains on; the same for all methods. */
export const dataConfig = z.strictObject({
  chat_format: chatFormatName,
  /** A row longer than `sequence_length` is left out, or its last doctor's reply ends at an earlier sentence; both are counted. */
  truncate: z.enum(['drop', 'sentence']),
  /**
   * SFT: `padded` rows as the order draws them; `length_buckets`: rows of like length together; `packed`: several rows one
   * after another in a sequence, none sees another.
   */
  batching: z.enum(['padded', 'length_buckets', 'packed']),
  /** Rows looked at together when they are packed or put by length. */
  window: z.int().min(1).max(16_384),
});
export type DataConfig = z.infer<typeof dataConfig>;

/** Of the presets, and of configurations written before this section was there. */
export const dataDefaults: DataConfig = { chat_format: 'auto', truncate: 'drop', batching: 'padded', window: 512 };
