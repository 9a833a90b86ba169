import { dataDefaults } from './data-config.js';
import { baichuan7b } from './preset-models.js';

/**
 * Fine-tuning of HuatuoGPT-7B as its authors published it (README and `finetune.py` of their repository): base Baichuan-7B
 * or BLOOMZ-7b1-mt, given with `--policy`; 128 rows an update (theirs: 2 × 8 cards × 8), three epochs, evaluated every tenth
 * of one (figures for their 226,042 rows, 1,766 updates each time through).
 */
export const huatuogpt7bSft: Record<string, unknown> = {
  seed: 42,
  backend: 'auto',
  model: baichuan7b,
  sequence_length: 2048,
  // They cut a row at 2,048 tokens wherever that falls; here the last reply ends at a sentence.
  data: { ...dataDefaults, chat_format: 'huatuogpt', truncate: 'sentence' },
  batch_size: 2,
  optimiser: {
    learning_rate: 5e-5,
    schedule: 'cosine',
    warmup_ratio: 0.05,
    beta1: 0.9,
    beta2: 0.999,
    epsilon: 1e-8,
    weight_decay: 0.1,
    max_gradient_norm: 1,
  },
  epochs: 3,
  steps: 100_000,
  evaluate_every: 177,
  checkpoint_every: 1766,
  sft: { accumulation: 64, dropout: 0, label_smoothing: 0, patience: null, data_sets: null },
};
