/** Numbers of all response tokens, one response after another, as rows of their own length. */
export function toRows(flat: ArrayLike<number>, lengths: readonly number[]): number[][] {
  let at = 0;
  return lengths.map((length) => Array.from({ length }, () => flat[at++]!));
}

/** A mask under which every token of every row counts. */
export function everyToken(rows: readonly ArrayLike<number>[]): number[][] {
  return rows.map((row) => new Array<number>(row.length).fill(1));
}
