/** Rows of ids of one width; `mask` 1 where a token is real. Plain numbers, row after row. */
export interface TokenBatch {
  rows: number;
  width: number;
  ids: Int32Array;
  mask: Uint8Array;
  /** Index in its own text of each real token: padding never shifts the rotation. */
  positions: Int32Array;
  /** Packed rows: which text of its row each token belongs to. Tokens see only their own text. */
  segments?: Int32Array;
}

/**
 * Pads rows on one side. `right` for training on texts, `left` for prompts that a response follows.
 * @param width at least the longest row; by default exactly that
 */
export function padRows(
  sequences: readonly ArrayLike<number>[],
  padTokenId: number,
  side: 'left' | 'right',
  width = Math.max(...sequences.map((s) => s.length)),
): TokenBatch {
  const rows = sequences.length;
  const ids = new Int32Array(rows * width).fill(padTokenId);
  const mask = new Uint8Array(rows * width);
  const positions = new Int32Array(rows * width);
  sequences.forEach((sequence, r) => {
    const from = r * width + (side === 'left' ? width - sequence.length : 0);
    for (let t = 0; t < sequence.length; t++) {
      ids[from + t] = sequence[t]!;
      mask[from + t] = 1;
      positions[from + t] = t;
    }
  });
  return { rows, width, ids, mask, positions };
}

/**
 * Additive attention mask [rows, 1, queries, keys] in one flat array: query t of a row sees real keys up to itself, of
 * packed rows those of its own text.
 * @param segments of every key, where queries and keys are the same tokens
 */
export function attentionMask(
  keyMask: Uint8Array,
  rows: number,
  keys: number,
  queries: number,
  segments?: Int32Array,
): Float32Array {
  const mask = new Float32Array(rows * queries * keys);
  const first = keys - queries;
  for (let r = 0; r < rows; r++) {
    for (let t = 0; t < queries; t++) {
      const at = (r * queries + t) * keys;
      const own = segments?.[r * keys + first + t];
      for (let s = 0; s < keys; s++) {
        const key = r * keys + s;
        if (s > first + t || !keyMask[key] || segments?.[key] !== own) mask[at + s] = HIDDEN;
      }
    }
  }
  return mask;
}

/** Finite, so that a padding row, which sees nothing, gives some number and not NaN. */
const HIDDEN = -1e9;
