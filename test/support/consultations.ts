import { Readable } from 'node:stream';
import { createRandom, type Random } from '@qingnang/kernel';

/** Mean lengths of Huatuo-26M, in characters. */
const QUESTION = 45;
const ANSWER = 121;
const FIRST_CHARACTER = 0x4e00;
const CHARACTERS = 3500;

/** Between half and one and a half times the mean, so that the mean holds. */
function text(random: Random, mean: number): string {
  const length = Math.round(mean / 2) + random.below(mean + 1);
  let made = '';
  for (let i = 0; i < length; i++) {
    made += i % 12 === 11 ? '，' : String.fromCharCode(FIRST_CHARACTER + random.below(CHARACTERS));
  }
  return made;
}

/**
 * A file of so many made-up consultations at the mean length of Huatuo-26M, as JSON Lines, the same each time. All are
 * different, so that what is stored is what one record costs.
 */
export function consultationLines(rows: number, options: { withId?: boolean; seed?: number } = {}): Readable {
  return Readable.from(lines(rows, options));
}

function* lines(rows: number, { withId = false, seed = 1 }: { withId?: boolean; seed?: number }): Generator<Buffer> {
  const random = createRandom(seed);
  const chunk: string[] = [];
  for (let n = 0; n < rows; n++) {
    const row = { instruction: text(random, QUESTION), input: '', output: text(random, ANSWER) };
    chunk.push(`${JSON.stringify(withId ? { id: `q-${seed}-${n}`, ...row } : row)}\n`);
    if (chunk.length < 200 && n < rows - 1) continue;
    yield Buffer.from(chunk.join(''));
    chunk.length = 0;
  }
}
