import { hash } from 'node:crypto';

/** JSON with object keys sorted by code unit, so that equal values have equal bytes wherever they are written. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(inOrder(value));
}

/** A copy with its keys in order: a replacer would be called for every number and string of it, too. */
function inOrder(value: unknown): unknown {
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map(inOrder);
  if ('toJSON' in value && typeof value.toJSON === 'function') return inOrder(value.toJSON());
  const fields = value as Record<string, unknown>;
  const keys = Object.keys(fields).sort();
  return Object.fromEntries(keys.map((key) => [key, inOrder(fields[key])]));
}

/** A hash that is written in hex, as the database keeps it. */
export function hashBytes(hex: string): Buffer {
  return Buffer.from(hex, 'hex');
}

/** Lower-case hex SHA-256. */
export function sha256(data: string | Uint8Array): string {
  return hash('sha256', data);
}
