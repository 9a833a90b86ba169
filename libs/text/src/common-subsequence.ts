/** Length in characters (code points) of the longest common subsequence. Time is the product of both lengths. */
export function commonSubsequenceLength(a: string, b: string): number {
  const one = codePoints(a);
  const two = codePoints(b);
  let head = 0;
  while (head < one.length && head < two.length && one[head] === two[head]) head++;
  let tail = 0;
  while (tail < Math.min(one.length, two.length) - head && one.at(-1 - tail) === two.at(-1 - tail)) tail++;
  const rows = one.subarray(head, one.length - tail);
  const columns = two.subarray(head, two.length - tail);

  const best = new Uint32Array(columns.length + 1);
  for (const character of rows) {
    let diagonal = 0;
    for (let j = 1; j <= columns.length; j++) {
      const above = best[j]!;
      best[j] = character === columns[j - 1] ? diagonal + 1 : Math.max(above, best[j - 1]!);
      diagonal = above;
    }
  }
  return head + tail + best[columns.length]!;
}

function codePoints(text: string): Uint32Array {
  return Uint32Array.from(text, (character) => character.codePointAt(0)!);
}
