const DIGITS = new Map([...'零一二三四五六七八九'].map((digit, value): [string, number] => [digit, value]));
DIGITS.set('〇', 0).set('两', 2).set('俩', 2);
const SCALES: Readonly<Record<string, number>> = { 十: 10, 百: 100, 千: 1000, 万: 10_000 };

/** 三十五 → 35, 半 → 0.5, 一百二 → 120; digits in a row (二三) are read one by one. */
export function hanToNumber(text: string): number {
  let [total, last] = [0, 10];
  let digit: number | null = null;
  for (const character of text) {
    const scale = SCALES[character];
    if (character === '半') total += 0.5;
    else if (scale === undefined) {
      digit = (digit ?? 0) * 10 + (DIGITS.get(character) ?? 0);
      continue;
    } else if (scale === 10_000) total = (total + (digit ?? 0)) * scale;
    else total += (digit ?? 1) * scale;
    if (scale !== undefined) last = scale;
    digit = null;
  }
  // 一百二 is 120, 一百零二 is 102.
  const short = digit !== null && last > 10 && /[百千万][一二两三四五六七八九]$/u.test(text);
  return total + (digit ?? 0) * (short ? last / 10 : 1);
}

/** Both ends of what is written: 3, 三, 1/2, 两三 (two to three). */
export function readNumber(words: string): [low: number, high: number] {
  if (!/^\d/u.test(words)) {
    const pair = /^([一二两三四五六七八九])([二两三四五六七八九])$/u.exec(words);
    return pair ? [hanToNumber(pair[1]!), hanToNumber(pair[2]!)] : [hanToNumber(words), hanToNumber(words)];
  }
  const [above, below] = words.split('/').map(Number);
  const value = below ? above! / below : above!;
  return [value, value];
}
