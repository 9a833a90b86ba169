type Translate = (key: string, options?: Record<string, unknown>) => string;

export interface Reason {
  /** Why, and what to do, in the reader's language. */
  words: string;
  /** The sentence as it was kept, with its figures, where that says more; else null. */
  kept: string | null;
}

/** Where the words of a code are looked for, in this order. */
const PLACES = ['errors', 'resources.llm-jobs.why', 'resources.llm-jobs.codes'];

/**
 * Says a failure that is kept as `code` or `code: sentence`. What has no code is a sentence of a program and stands as it is.
 */
export function reasonOf(failure: string, translate: Translate): Reason {
  const [, code, kept = null] = /^([a-z_]+(?:\.[a-z_]+)*)(?::\s*([\s\S]+))?$/.exec(failure.trim()) ?? [];
  const words = code && sayCode(code, translate);
  return words ? { words, kept } : { words: failure, kept: null };
}

/** The words of a code, or '' where none are known. */
export function sayCode(code: string, translate: Translate): string {
  for (const place of PLACES) {
    const words = translate(`${place}.${code}`, { _: '' });
    // A group of codes is no sentence.
    if (typeof words === 'string' && words !== '') return words;
  }
  return '';
}
