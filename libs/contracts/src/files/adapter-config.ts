import { z } from 'zod';

/** Low-rank adaptation (Hu et al., 2021): each chosen matrix W becomes W + (alpha / rank)·B·A, and only A and B learn. */
export const loraFields = z.strictObject({
  rank: z.int().min(1).max(4096),
  /** Scale of the update, divided by the rank. */
  alpha: z.number().positive(),
  /** Share of a layer's inputs set to 0 on their way into A while learning. */
  dropout: z.number().min(0).lt(1),
  /** Linear layers by the end of their name, as in PEFT (`q_proj`, `mlp.down_proj`); `null` = projections of the attention. */
  target_modules: z
    .array(z.string().regex(/^\w+(\.\w+)*$/))
    .min(1)
    .nullable(),
});

/** What is left out of a `lora` section: the settings the method was published with for attention layers. */
export const loraConfig = loraFields.extend({
  rank: loraFields.shape.rank.default(8),
  alpha: loraFields.shape.alpha.default(16),
  dropout: loraFields.shape.dropout.default(0),
  target_modules: loraFields.shape.target_modules.default(null),
});
export type LoraConfig = z.infer<typeof loraConfig>;

/** Parts that stay as they are: `embeddings` (with a tied head), `head`, `norms`, `layers.3`, `layers.0-3` (both included). */
export const freezeConfig = z.array(z.string().regex(/^(embeddings|head|norms|layers\.\d+(-\d+)?)$/));
