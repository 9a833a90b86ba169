import { type AnswerForm, readJsonAnswer, UnparsableAnswerError } from '@qingnang/llm';
import { z } from 'zod';

/** A task for a model: who it is, what it is to do, and with what. */
export const triplet = z.object({
  role: z.string().trim().min(1).max(60),
  instruction: z.string().trim().min(2).max(500),
  input: z.string().trim().max(1_000).default(''),
});
export type Triplet = z.infer<typeof triplet>;

/** The wire form of the answer: every row is read for itself, so that one bad row does not cost the others. */
const answerShape = z.object({ triplets: z.array(z.unknown()).min(1).max(100) });

export const tripletForm: AnswerForm<Triplet[]> = {
  read: (text) => {
    const { triplets } = readJsonAnswer(text, answerShape);
    const read = triplets.flatMap((row) => {
      const parsed = triplet.safeParse(row);
      return parsed.success ? [parsed.data] : [];
    });
    if (read.length === 0) throw new UnparsableAnswerError('None of the rows is a task with role and instruction.');
    return read;
  },
  // Tasks may speak of anything; a model that declines gives none.
  words: () => [],
};

/** Equal for equal tasks, whatever the spacing. */
export function tripletKey({ instruction, input }: Triplet): string {
  return `${instruction}\n${input}`
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/[\s\p{Punctuation}]/gu, '');
}
