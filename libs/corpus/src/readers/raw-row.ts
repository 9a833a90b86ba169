import type { RejectReason } from '@qingnang/contracts';

/** Longest single row read, in characters; a longer one is refused as `too_long` without being held in memory. */
export const MAX_ROW_CHARACTERS = 1_048_576;

/** How much of a refused row is kept. */
export const MAX_RAW_CHARACTERS = 4_000;

/** Why a row or its content is not taken, in the words kept with the import. */
export interface Refusal {
  reason: RejectReason;
  field: string | null;
  detail: string;
}

/** A row cut out of a file and not yet understood. */
export interface RawRow<T> {
  /** Physical line, from 1, on which it starts. */
  line: number;
  /** As it stands in the file, bounded to `MAX_RAW_CHARACTERS`. */
  raw: string;
  content: { value: T } | { refusal: Refusal };
}

/** Thrown inside a layout; it costs the row, never the file. */
export class RowRefused extends Error {
  constructor(readonly refusal: Refusal) {
    super(refusal.detail);
  }
}

export function refuse(reason: RejectReason, detail: string, field: string | null = null): { refusal: Refusal } {
  return { refusal: { reason, field, detail } };
}
