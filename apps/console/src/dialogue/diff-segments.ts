import diff from 'fast-diff';

/** One stretch of a difference, in reading order. */
export interface DiffSegment {
  op: 'equal' | 'insert' | 'delete';
  text: string;
}

const names = { [diff.EQUAL]: 'equal', [diff.INSERT]: 'insert', [diff.DELETE]: 'delete' } as const;

/** Character by character, cleaned up so that a changed word is one change; never cuts a surrogate pair. */
export function diffSegments(before: string, after: string): DiffSegment[] {
  return diff(before, after, undefined, true).map(([op, text]) => ({ op: names[op], text }));
}
