import { Inject, Injectable } from '@nestjs/common';
import { KEYS, SETTINGS, type Keys, type Settings } from '@qingnang/config';
import { jwtVerify, SignJWT } from 'jose';
import { signInNeeded } from '../identity.errors.js';

const ISSUER = 'qingnang';

/** What an access token says: who, and from which sign-in. Roles are never in it. */
export interface AccessClaims {
  personId: string;
  familyId: string;
  expiresAt: Date;
}

@Injectable()
export class AccessTokens {
  constructor(
    @Inject(KEYS) private readonly keys: Keys,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  /** Seconds. */
  get lifetime(): number {
    return this.settings.accessTokenMinutes * 60;
  }

  issue(personId: string, familyId: string): Promise<string> {
    const now = Math.floor(Date.now() / 1000);
    return new SignJWT({ fam: familyId })
      .setProtectedHeader({ alg: 'HS256' })
      .setSubject(personId)
      .setIssuer(ISSUER)
      .setAudience(ISSUER)
      .setIssuedAt(now)
      .setExpirationTime(now + this.lifetime)
      .sign(this.keys.signingKey);
  }

  /** @throws DomainError 401 for anything but a token of ours that is still good. */
  async read(token: string): Promise<AccessClaims> {
    try {
      const options = { issuer: ISSUER, audience: ISSUER, algorithms: ['HS256'] };
      const { payload } = await jwtVerify(token, this.keys.signingKey, options);
      const { sub, exp, fam } = payload;
      if (sub === undefined || exp === undefined || typeof fam !== 'string') throw new Error('incomplete');
      return { personId: sub, familyId: fam, expiresAt: new Date(exp * 1000) };
    } catch {
      throw signInNeeded('Your access has run out: refresh it, or sign in again.');
    }
  }
}
