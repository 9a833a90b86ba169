/** How safetensors may store a number we compute with. */
export type StoredType = 'F32' | 'F16' | 'BF16';

const widths: Record<StoredType, number> = { F32: 4, F16: 2, BF16: 2 };

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
