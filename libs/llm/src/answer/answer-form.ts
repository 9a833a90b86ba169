import { DomainError } from '@qingnang/kernel';
import { storable } from './read-completion.js';

/** Words of the model within an answer, and the words they were made from, where there are some. */
export interface Words {
  text: string;
  madeFrom?: string;
}

/** How answers of one purpose are read, and where in them the model's own words lie. */
export interface AnswerForm<T = unknown> {
  /** @throws UnparsableAnswerError */
  read(text: string): T;
  words(read: T): readonly Words[];
}

/** The answer is not in the form asked for. */
export class UnparsableAnswerError extends DomainError {
  constructor(detail: string) {
    super({ code: 'unparsable', status: 502, detail });
  }
}

/** Plain words: the whole answer is text. */
export const plainAnswer: AnswerForm<string> = {
  read: (text) => storable(text).trim(),
  words: (text) => [{ text }],
};
