import diff from 'fast-diff';

/** One stretch of a difference, in reading order. */
export interface DiffSegment {
  op: 'equal' | 'insert' | 'delete';
  text: string;
}

/** One character that two texts share by chance, between two changes, reads as noise; two are mostly a word. */
const CHANCE = 1;

const length = (text: string): number => [...text].length;

/**
 * Character by character, so that each word a polish kept is seen as kept; only chance single characters between two
 * changes are folded into them. Within a change the deletion comes first. Never cuts a surrogate pair.
 */
export function diffSegments(before: string, after: string): DiffSegment[] {
  const parts = diff(before, after);
  const segments: DiffSegment[] = [];
  let deleted = '';
  let inserted = '';
  const close = () => {
    if (deleted) segments.push({ op: 'delete', text: deleted });
    if (inserted) segments.push({ op: 'insert', text: inserted });
    deleted = '';
    inserted = '';
  };
  parts.forEach(([op, text], index) => {
    const inChange = deleted !== '' || inserted !== '';
    if (op === diff.EQUAL && !(inChange && index < parts.length - 1 && length(text) <= CHANCE)) {
      close();
      if (text) segments.push({ op: 'equal', text });
      return;
    }
    if (op !== diff.INSERT) deleted += text;
    if (op !== diff.DELETE) inserted += text;
  });
  close();
  return segments;
}
