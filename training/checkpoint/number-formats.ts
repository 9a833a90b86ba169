import type { WeightType } from '@qingnang/contracts';

/** How safetensors may store a number we compute with. */
export type StoredType = 'F32' | 'F16' | 'BF16';

const widths: Record<StoredType, number> = { F32: 4, F16: 2, BF16: 2 };

/** What safetensors calls each type. */
export const storedAs: Record<WeightType, StoredType> = { float32: 'F32', bfloat16: 'BF16', float16: 'F16' };

/** Bytes of one number, `undefined` for types we do not read. */
export function bytesOf(dtype: string): number | undefined {
  return dtype in widths ? widths[dtype as StoredType] : undefined;
}

/** Widens numbers of two bytes into `target`, from its place `at` on. */
export function widen(halves: Uint16Array, dtype: 'F16' | 'BF16', target: Float32Array, at: number): void {
  if (dtype === 'F16') {
    const table = (halfTable ??= makeHalfTable());
    for (let i = 0; i < halves.length; i++) target[at + i] = table[halves[i]!]!;
  } else {
    const bits = new Uint32Array(target.buffer, target.byteOffset, target.length);
    for (let i = 0; i < halves.length; i++) bits[at + i] = halves[i]! << 16;
  }
}

/**
 * Numbers in two bytes, rounded to the nearest, ties to the even one, as IEEE 754 has it.
 * @returns also the first finite number that is beyond the largest of the type, `null` where all fit
 */
export function narrow(
  numbers: Float32Array,
  dtype: 'F16' | 'BF16',
): { halves: Uint16Array<ArrayBuffer>; tooLarge: number | null } {
  const bits = new Uint32Array(numbers.buffer, numbers.byteOffset, numbers.length);
  const halves = new Uint16Array(numbers.length);
  const toHalf = dtype === 'F16' ? toFloat16 : toBfloat16;
  const infinity = dtype === 'F16' ? 0x7c00 : 0x7f80;
  let tooLarge: number | null = null;
  for (let i = 0; i < bits.length; i++) {
    const half = toHalf(bits[i]!);
    if ((half & 0x7fff) === infinity && (bits[i]! & 0x7fffffff) !== INFINITY) tooLarge ??= numbers[i]!;
    halves[i] = half;
  }
  return { halves, tooLarge };
}

/** Bits of infinity as float32; above it are those of NaN. */
const INFINITY = 0x7f800000;

/** The upper half of a float32, to which a carry may add one. */
function toBfloat16(bits: number): number {
  if ((bits & 0x7fffffff) > INFINITY) return (bits >>> 16) | 0x40;
  return (bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16;
}

function toFloat16(bits: number): number {
  const sign = (bits >>> 16) & 0x8000;
  const size = bits & 0x7fffffff;
  if (size > INFINITY) return sign | 0x7e00;
  if (size >= 0x47800000) return sign | 0x7c00; // 65,536 and more
  if (size < 0x38800000) return sign | smallFloat16(size); // below 2^-14
  // The exponent counts from −15 in place of −127; 13 bits of the fraction go, and a carry runs into the exponent.
  return sign | ((size - 0x38000000 + 0xfff + ((size >>> 13) & 1)) >>> 13);
}

/** Multiples of 2^-24; the 1,024th is the smallest number with an exponent of its own, and has its very bits. */
function smallFloat16(size: number): number {
  shared.bits[0] = size;
  const steps = shared.number[0]! * 2 ** 24;
  const below = Math.floor(steps);
  const rest = steps - below;
  return rest > 0.5 || (rest === 0.5 && below % 2 === 1) ? below + 1 : below;
}

const number = new Float32Array(1);
const shared = { number, bits: new Uint32Array(number.buffer) };

let halfTable: Float32Array | undefined;

/** Every float16 as float32: 1 sign, 5 exponent, 10 fraction bits. */
function makeHalfTable(): Float32Array {
  return Float32Array.from({ length: 65_536 }, (_value, half) => {
    const sign = half & 0x8000 ? -1 : 1;
    const exponent = (half >> 10) & 0x1f;
    const fraction = half & 0x3ff;
    if (exponent === 0x1f) return fraction ? NaN : sign * Infinity;
    if (exponent === 0) return sign * fraction * 2 ** -24;
    return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
  });
}
