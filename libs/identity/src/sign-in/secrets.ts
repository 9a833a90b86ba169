import { hash, verify } from '@node-rs/argon2';
import { sha256 } from '@qingnang/kernel';
import { createHmac, randomBytes, randomInt, timingSafeEqual } from 'node:crypto';

/** 256 random bits for a link. Only {@link tokenHash} is stored. */
export const newToken = (): string => randomBytes(32).toString('base64url');

/** Tokens hold 256 bits of chance, so a plain hash cannot be guessed back. */
export const tokenHash = (token: string): string => sha256(token);

/** argon2id, 19 MiB, two passes (OWASP's first choice); about 15 ms. */
export const hashPassword = (password: string): Promise<string> => hash(password);

// The hash of nobody's password: an unknown login costs the same time as a wrong password.
let nobodysHash: Promise<string> | undefined;

/** Whether the password fits; takes as long where there is no hash to compare with. */
export async function passwordFits(stored: string | null | undefined, password: string): Promise<boolean> {
  nobodysHash ??= hashPassword(newToken());
  const fits = await verify(stored ?? (await nobodysHash), password);
  return fits && typeof stored === 'string';
}

const READABLE = 'abcdefghjkmnpqrstuvwxyz23456789';

/** Twelve characters in three groups, without look-alikes: about 59 bits, to be typed once. */
export function readablePassword(): string {
  const group = (): string => Array.from({ length: 4 }, () => READABLE[randomInt(READABLE.length)]).join('');
  return `${group()}-${group()}-${group()}`;
}

/**
 * The refresh token of a session row, derived from its id. Deriving instead of drawing lets two tabs that race be
 * given the same successor, so a family never forks and a stolen token is always noticed.
 */
export function refreshToken(signingKey: Uint8Array, sessionId: string): string {
  return createHmac('sha256', signingKey).update(`refresh:${sessionId}`).digest('base64url');
}

export function sameText(a: string, b: string): boolean {
  const left = Buffer.from(a);
  const right = Buffer.from(b);
  return left.length === right.length && timingSafeEqual(left, right);
}
