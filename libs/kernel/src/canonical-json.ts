import { createHash } from 'node:crypto';

/** JSON with object keys sorted by code unit, so that equal values have equal bytes wherever they are written. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    inner !== null && typeof inner === 'object' && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)))
      : inner,
  );
}

/** A hash that is written in hex, as the database keeps it. */
export function hashBytes(hex: string): Buffer {
  return Buffer.from(hex, 'hex');
}

/** Lower-case hex SHA-256. */
export function sha256(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('hex');
}
