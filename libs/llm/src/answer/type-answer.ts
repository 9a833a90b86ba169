import type { AnswerType } from '@qingnang/contracts';
import { DomainError } from '@qingnang/kernel';
import { type AnswerForm, UnparsableAnswerError } from './answer-form.js';
import type { Finish } from './read-completion.js';
import { isRefusal } from './refusal.js';
import { splitReasoning } from './split-reasoning.js';

export type TypedAnswer<T> =
  | { type: 'complete'; text: string; read: T }
  | {
      type: Exclude<AnswerType, 'complete'>;
      text: string;
      /** What is wrong with it, in one sentence without any of its words. */
      detail: string;
    };

/**
 * What kind of answer this is. Said once, here, for every purpose: only a complete one may become text, a candidate or a
 * label. An answer that broke off is that first, whatever its half reads like.
 */
export function typeAnswer<T>(spoken: { text: string; finish: Finish | null }, form: AnswerForm<T>): TypedAnswer<T> {
  // Answers from before reasoning was kept apart still hold it.
  const { text, unclosed } = splitReasoning(spoken.text);
  const as = (type: Exclude<AnswerType, 'complete'>, detail = DETAILS[type]): TypedAnswer<T> => ({
    type,
    text,
    detail,
  });
  if (spoken.finish === 'filter') return as('filtered');
  if (spoken.finish === 'length' || unclosed) return as('truncated');
  if (spoken.finish === 'refusal') return as('refused');
  if (spoken.finish === 'tool') return as('unparsable', 'The model called a tool instead of answering.');
  if (text.trim() === '') return as('empty');
  try {
    const read = form.read(text);
    const refused = form.words(read).some((words) => isRefusal(words.text) && !isRefusal(words.madeFrom ?? ''));
    return refused ? as('refused') : { type: 'complete', text, read };
  } catch (error) {
    if (!(error instanceof UnparsableAnswerError)) throw error;
    return isRefusal(text) ? as('refused') : as('unparsable', error.message);
  }
}

/** Said to a person who waits for an answer and got another kind. */
export function unusableAnswer(type: Exclude<AnswerType, 'complete'>): DomainError {
  return new DomainError({
    code: `llm.answer_${type}`,
    status: 502,
    detail: `${DETAILS[type]} Ask again, or write it yourself.`,
    retryable: true,
  });
}

const DETAILS: Record<Exclude<AnswerType, 'complete'>, string> = {
  truncated: 'The answer broke off at its longest permitted length.',
  filtered: "The provider's content filter cut the answer off.",
  refused: 'The model declined to answer.',
  empty: 'The model answered nothing.',
  unparsable: 'The answer is not in the form that was asked for.',
};
