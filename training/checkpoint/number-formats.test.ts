import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { narrow, widen } from './number-formats.js';

const formats = ['F16', 'BF16'] as const;
type Format = (typeof formats)[number];

function widened(halves: Uint16Array, dtype: Format): Float32Array {
  const numbers = new Float32Array(halves.length);
  widen(halves, dtype, numbers, 0);
  return numbers;
}

const every = Uint16Array.from({ length: 65_536 }, (_half, i) => i);

/** All numbers from 0 up to infinity that a format holds: their codes rise with them. */
function ladder(dtype: Format): Float32Array {
  return widened(every, dtype).slice(0, (dtype === 'F16' ? 0x7c00 : 0x7f80) + 1);
}

/** The twin of `narrow`: looks for the nearest number in the list of all, between two the one of even code. */
function nearest(x: number, steps: Float32Array): number {
  const size = Math.abs(x);
  let [low, high] = [0, steps.length - 1];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (steps[middle]! <= size) low = middle;
    else high = middle;
  }
  // Behind the last finite number comes, as IEEE 754 rounds, the one that would stand where infinity does.
  const above = high === steps.length - 1 ? 2 * steps[high - 1]! - steps[high - 2]! : steps[high]!;
  const [down, up] = [size - steps[low]!, above - size];
  const code = down < up || (down === up && low % 2 === 0) ? low : high;
  return Object.is(x, -0) || x < 0 ? code | 0x8000 : code;
}

describe.each(formats)('numbers narrowed to %s', (dtype) => {
  const steps = ladder(dtype);

  it('keep what the format holds, to the bit', () => {
    const numbers = widened(every, dtype);
    const { halves } = narrow(numbers, dtype);
    const back = widened(halves, dtype);
    const changed = every.filter((half) =>
      Number.isNaN(numbers[half]) ? !Number.isNaN(back[half]) : halves[half] !== half,
    );
    expect([...changed]).toEqual([]);
  });

  it('become the nearest, ties to even, small and large ones too', () => {
    const bits = fc.integer({ min: 0, max: 0xffffffff }).map((n) => new Float32Array(Uint32Array.of(n).buffer)[0]!);
    // Halfway between two neighbours, and one float32 beside it.
    const ties = fc
      .tuple(fc.integer({ min: 0, max: steps.length - 3 }), fc.constantFrom(-1, 0, 1))
      .map(([i, beside]) => {
        const tie = Float32Array.of((steps[i]! + steps[i + 1]!) / 2);
        new Uint32Array(tie.buffer)[0]! += i === 0 ? 0 : beside;
        return tie[0]!;
      });
    const usual = fc.double({ min: -2, max: 2, noNaN: true }).map(Math.fround);
    fc.assert(
      fc.property(fc.oneof(bits, ties, usual), (x) => {
        if (Number.isNaN(x)) return;
        expect(narrow(Float32Array.of(x), dtype).halves[0]).toBe(
          Math.abs(x) === Infinity ? (x < 0 ? 0x8000 : 0) + steps.length - 1 : nearest(x, steps),
        );
      }),
      { numRuns: 3000 },
    );
  });

  it('say which of them is too large, and let infinity be', () => {
    const largest = steps[steps.length - 2]!;
    expect(narrow(Float32Array.of(largest, -largest, Infinity, NaN), dtype).tooLarge).toBeNull();
    const beyond = dtype === 'F16' ? 65_520 : 3.4e38;
    expect(narrow(Float32Array.of(1, -beyond, 2 * beyond), dtype).tooLarge).toBe(Math.fround(-beyond));
  });
});
