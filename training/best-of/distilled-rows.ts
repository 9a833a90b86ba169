import type { PromptRow } from '@qingnang/contracts';
import type { BestSample } from './best-of.js';

/** One line of the file: ShareGPT's form, which the platform's import reads, with what the choice was made on beside it. */
export interface DistilledRow {
  id: string;
  department?: string;
  conversations: { from: 'system' | 'human' | 'gpt'; value: string }[];
  best_of: { n: number; whole: number; score: number; mean: number; sd: number; lowest: number };
  rehearsal: boolean;
}

const SPEAKERS = { system: 'system', user: 'human', assistant: 'gpt' } as const;

/** The prompt with the best reply behind it. */
export function distilledRow(row: PromptRow, reply: string, best: BestSample, rehearsal: boolean): DistilledRow {
  return {
    id: row.prompt_id,
    ...(row.department === null ? {} : { department: row.department }),
    conversations: [
      ...row.prompt.map(({ role, content }) => ({ from: SPEAKERS[role], value: content })),
      { from: 'gpt', value: reply },
    ],
    best_of: {
      n: best.scores.length,
      whole: best.whole,
      score: round(best.score),
      mean: round(best.mean),
      sd: round(best.sd),
      lowest: round(best.scores.at(-1)!),
    },
    rehearsal,
  };
}

/** A score's float32 digits, not its float64 noise. */
function round(value: number): number {
  return Number(value.toPrecision(7));
}
