import { z } from 'zod';
import { dataSet } from '@qingnang/contracts';
import { armNames } from './arms.js';

const armName = z.enum(armNames);
const figures = z.object({ loss: z.number(), perplexity: z.number(), accuracy: z.number(), tokens: z.int() });

/** `report.json` of an ablation. Losses in nats a learnt token; accuracies as shares. */
export const ablationReport = z.object({
  /** SHA-256 of the snapshot's manifest. */
  snapshot: z.string(),
  rehearsal: z.boolean(),
  model: z.object({ parameters: z.int(), vocabulary: z.int(), start: z.string(), start_hash: z.string() }),
  seed: z.int(),
  /** Updates of each arm, and sequences of one. */
  updates: z.int(),
  rows_an_update: z.int(),
  arms: z.array(
    z.object({
      arm: armName,
      data_sets: z.array(dataSet),
      /** Training rows, and how often each was seen on average. */
      rows: z.int(),
      passes: z.number(),
      weights_hash: z.string(),
      cpu_seconds: z.number(),
      /** Of the whole held-out split, by step. */
      curve: z.array(z.object({ step: z.int(), loss: z.number() })),
      /** By data set, `all` among them. */
      held_out: z.record(z.string(), figures),
      /** Of the sampled answers: characters, and the share that asks something. */
      answers: z.object({ mean_characters: z.number(), asks: z.number() }),
    }),
  ),
  /** Held-out rows by data set. */
  held_out_rows: z.record(z.string(), z.int()),
  samples: z.array(
    z.object({
      row: z.string(),
      data_set: dataSet,
      question: z.string(),
      reference: z.string(),
      answers: z.record(armName, z.string()),
    }),
  ),
});
export type AblationReport = z.infer<typeof ablationReport>;

/** Length in characters and share of answers with a question mark, of any width. */
export function answerFigures(answers: readonly string[]): { mean_characters: number; asks: number } {
  const mean = (values: readonly number[]): number =>
    values.length === 0 ? 0 : values.reduce((sum, x) => sum + x, 0) / values.length;
  return {
    mean_characters: mean(answers.map((answer) => [...answer].length)),
    asks: mean(answers.map((answer) => (/[?？]/.test(answer) ? 1 : 0))),
  };
}
