import fc from 'fast-check';
import { expect, it } from 'vitest';
import { decryptSecret, encryptSecret } from './key-cipher.js';

const bytes = fc.uint8Array({ minLength: 32, maxLength: 32 });

it('a secret opens under its key and for its provider, and never looks the same twice', () => {
  fc.assert(
    fc.property(fc.string(), bytes, fc.uuid(), (secret, key, id) => {
      const stored = encryptSecret(secret, key, id);
      expect(decryptSecret(stored, key, id)).toBe(secret);
      expect(encryptSecret(secret, key, id)).not.toBe(stored);
    }),
  );
});

it('does not open under another key, for another provider, or changed', () => {
  const key = new Uint8Array(32).fill(1);
  const stored = encryptSecret('sk-1', key, 'a');
  for (const open of [
    () => decryptSecret(stored, new Uint8Array(32), 'a'),
    () => decryptSecret(stored, key, 'b'),
    () =>
      decryptSecret(
        stored.replace(/:(.)(?=[^:]*$)/, (_, first) => (first === 'A' ? ':B' : ':A')),
        key,
        'a',
      ),
    () => decryptSecret('sk-in-the-clear', key, 'a'),
  ]) {
    expect(open).toThrow(/enter it again/);
  }
});
