export interface Placed {
  /** 1 is best; equals share a rank and the next one is skipped. */
  rank: number;
  /** 0 for one that stands alone, else the number of its group of equals, from 1. */
  tieGroup: number;
}

/** Places by value, the largest first, in the order given. */
export function placesOf(values: readonly number[]): Placed[] {
  const levels = [...new Set(values)].sort((a, b) => b - a);
  const sizes = levels.map((level) => values.filter((value) => value === level).length);
  let group = 0;
  const placed = levels.map((_level, i): Placed => {
    const above = sizes.slice(0, i).reduce((sum, size) => sum + size, 0);
    return { rank: above + 1, tieGroup: sizes[i]! > 1 ? ++group : 0 };
  });
  return values.map((value) => placed[levels.indexOf(value)]!);
}
