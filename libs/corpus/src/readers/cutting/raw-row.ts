import { sayInEnglish, type ImportSentence, type RejectReason, type SentenceFacts } from '@qingnang/contracts';

/** Longest single row read, in characters; a longer one is refused as `too_long` without being held in memory. */
export const MAX_ROW_CHARACTERS = 1_048_576;

/** How much of a refused row is kept. */
export const MAX_RAW_CHARACTERS = 4_000;

/** Why a row or its content is not taken: a reason to count by, and a sentence for whoever has to mend it. */
export interface Refusal {
  reason: RejectReason;
  field: string | null;
  say: ImportSentence;
  facts: SentenceFacts;
}

/** A row cut out of a file and not yet understood. */
export interface RawRow<T> {
  /** Physical line, from 1, on which it starts. */
  line: number;
  /** As it stands in the file, bounded to `MAX_RAW_CHARACTERS`. */
  raw: string;
  content: { value: T } | { refusal: Refusal };
}

/** Cuts text that comes in pieces into rows; the same rows wherever the pieces are cut. */
export interface Splitter<T> {
  push(text: string): Iterable<RawRow<T>>;
  /** What is left when the file has ended. */
  end(): Iterable<RawRow<T>>;
}

/** Thrown inside a layout; it costs the row, never the file. */
export class RowRefused extends Error {
  constructor(readonly refusal: Refusal) {
    super(sayInEnglish(refusal.say, refusal.facts));
  }
}

export function refusal(
  reason: RejectReason,
  say: ImportSentence,
  facts: SentenceFacts = {},
  field: string | null = null,
): Refusal {
  return { reason, field, say, facts };
}

export function refuse(...given: Parameters<typeof refusal>): { refusal: Refusal } {
  return { refusal: refusal(...given) };
}
