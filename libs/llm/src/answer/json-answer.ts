import type { z } from 'zod';
import { UnparsableAnswerError } from './answer-form.js';

/**
 * The one JSON document of an answer, whatever a model wraps it in: a code block, a sentence before or after. Braces in the
 * chatter are passed over: every place where a document may begin is tried until one fits the schema.
 * @throws UnparsableAnswerError
 */
export function readJsonAnswer<Schema extends z.ZodType>(answer: string, schema: Schema): z.infer<Schema> {
  let begins = 0;
  for (let start = answer.indexOf('{'); start !== -1 && begins < BEGINNINGS; start = answer.indexOf('{', start + 1)) {
    begins += 1;
    const end = endOfObject(answer, start);
    if (end === -1) continue;
    const parsed = schema.safeParse(parse(answer.slice(start, end)));
    if (parsed.success) return parsed.data;
  }
  throw new UnparsableAnswerError('The answer is not the JSON document that was asked for.');
}

/** Beginnings tried; an answer made of braces must not cost more than it is worth. */
const BEGINNINGS = 50;

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** Where the object that begins at `start` ends, -1 where it does not. */
function endOfObject(text: string, start: number): number {
  let depth = 0;
  let quoted = false;
  for (let i = start; i < text.length; i++) {
    const letter = text[i];
    if (quoted) {
      if (letter === '\\') i += 1;
      else if (letter === '"') quoted = false;
    } else if (letter === '"') quoted = true;
    else if (letter === '{') depth += 1;
    else if (letter === '}' && --depth === 0) return i + 1;
  }
  return -1;
}
