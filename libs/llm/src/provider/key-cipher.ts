import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { DomainError } from '@qingnang/kernel';

const FORM = 'v1';

/** AES-256-GCM; the provider's id is bound in, so that a key copied to another row does not open. */
export function encryptSecret(secret: string, key: Uint8Array, providerId: string): string {
  const nonce = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(providerId));
  const body = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()]);
  return [FORM, ...[nonce, cipher.getAuthTag(), body].map((part) => part.toString('base64'))].join(':');
}

/** @throws DomainError `provider.key_unreadable` if it was written under another installation's key. */
export function decryptSecret(stored: string, key: Uint8Array, providerId: string): string {
  try {
    const [form, nonce, tag, body] = stored.split(':');
    if (form !== FORM || !nonce || !tag || body === undefined) throw new Error('unknown form');
    const decipher = createDecipheriv('aes-256-gcm', key, Buffer.from(nonce, 'base64'))
      .setAAD(Buffer.from(providerId))
      .setAuthTag(Buffer.from(tag, 'base64'));
    return Buffer.concat([decipher.update(Buffer.from(body, 'base64')), decipher.final()]).toString('utf8');
  } catch (cause) {
    throw new DomainError({
      code: 'provider.key_unreadable',
      status: 409,
      detail: "This provider's key was encrypted under another keys.json: enter it again.",
      cause,
    });
  }
}
