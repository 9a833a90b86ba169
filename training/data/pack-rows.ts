/**
 * First fit, longest first (Johnson, 1973): each row goes into the first sequence that still has room for it, never cut;
 * needs at most 11/9 of the fewest possible sequences, and one.
 * @param rows indexes into `lengths`
 * @param capacity tokens of a sequence; at least the longest row's
 * @returns rows of each sequence
 */
export function packRows(rows: readonly number[], lengths: ArrayLike<number>, capacity: number): number[][] {
  const sequences: number[][] = [];
  const room: number[] = [];
  for (const row of byLength(rows, lengths).reverse()) {
    const length = lengths[row]!;
    if (length > capacity) throw new RangeError(`A row of ${length} tokens does not fit a sequence of ${capacity}.`);
    let fit = room.findIndex((free) => free >= length);
    if (fit === -1) fit = sequences.push([]) - 1;
    sequences[fit]!.push(row);
    room[fit] = (room[fit] ?? capacity) - length;
  }
  return sequences;
}

/** Shortest first; rows of one length by their place among all, whatever order they were drawn in. */
export function byLength(rows: readonly number[], lengths: ArrayLike<number>): number[] {
  return [...rows].sort((a, b) => lengths[a]! - lengths[b]! || a - b);
}
