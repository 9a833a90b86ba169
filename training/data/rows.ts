/** Rows in an order, which need not be in memory: an array is the simplest. */
export interface Rows<T> extends Iterable<T> {
  readonly length: number;
  at(index: number): T | undefined;
}

/** Rows of several lists one after another. */
export function joinRows<T>(lists: readonly Rows<T>[]): Rows<T> {
  const [only] = lists;
  if (lists.length === 1) return only!;
  const starts = lists.map((_list, n) => lists.slice(0, n).reduce((sum, { length }) => sum + length, 0));
  const length = lists.reduce((sum, list) => sum + list.length, 0);
  return {
    length,
    at(index): T | undefined {
      const list = starts.findLastIndex((start) => start <= index);
      return lists[list]?.at(index - starts[list]!);
    },
    *[Symbol.iterator]() {
      for (const list of lists) yield* list;
    },
  };
}

/** What is made of each row, made when it is asked for. */
export function mapRows<T, U>(rows: Rows<T>, make: (row: T) => U): Rows<U> {
  return {
    length: rows.length,
    at: (index) => (index < rows.length ? make(rows.at(index)!) : undefined),
    *[Symbol.iterator]() {
      for (const row of rows) yield make(row);
    },
  };
}

/** Some rows in a row, at most `count`, as an array. */
export function someRows<T>(rows: Rows<T>, from: number, count: number): T[] {
  const until = Math.min(rows.length, from + count);
  return Array.from({ length: Math.max(0, until - from) }, (_row, i) => rows.at(from + i)!);
}

/** Tokens of each row, in four bytes each. */
export function lengthsOf(rows: Rows<{ ids: ArrayLike<number> }>): Int32Array {
  const lengths = new Int32Array(rows.length);
  let at = 0;
  for (const { ids } of rows) lengths[at++] = ids.length;
  return lengths;
}
