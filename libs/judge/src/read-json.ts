import { UnparsableAnswerError } from '@qingnang/llm';
import type { z } from 'zod';

/**
 * The one JSON object of an answer, whatever a model wraps it in: a code block, a sentence before or after.
 * @throws UnparsableAnswerError
 */
export function readJsonAnswer<Schema extends z.ZodType>(answer: string, schema: Schema): z.infer<Schema> {
  const start = answer.indexOf('{');
  const end = answer.lastIndexOf('}');
  if (start !== -1 && end > start) {
    try {
      const parsed = schema.safeParse(JSON.parse(answer.slice(start, end + 1)));
      if (parsed.success) return parsed.data;
    } catch {
      // Said below.
    }
  }
  throw new UnparsableAnswerError('The answer is not the JSON document that was asked for.');
}
